import { Fault } from '../base/fault.ts';
import { elementCount, isShapeOnly } from '../base/tensor.ts';
import { createMvm } from './mvm.ts';
import { isConstant, type Layer, NETWORK_INPUT, type Network } from './network.ts';
import type { NumberArray } from './operator.ts';
import { operators } from './operators/index.ts';

/** A network's float reference with its buffers, for many samples one after the other. */
export interface Evaluator {
  /**
   * The network's output for one sample (row-major by the input shape). The array is the evaluator's own and
   * is overwritten by the next run, as are those that `observe` sees: every layer's output, in order.
   */
  run(sample: Float32Array, observe?: (layer: number, output: Float32Array) => void): Float32Array;
}

/** The float reference of one inference: every layer in float32, sums in double precision. */
export function evaluateNetwork(network: Network, input: Float32Array): Float32Array {
  return createEvaluator(network).run(input).slice();
}

/** An evaluator with all weights prepared and all buffers allocated. */
export function createEvaluator(network: Network): Evaluator {
  const sampleLength = elementCount(network.input.shape);
  const input = new Float32Array(sampleLength);
  const outputs: Float32Array[] = [];
  const steps = network.layers.map((layer) => {
    const operands = layer.inputs.map((operand): Float32Array => {
      if (isConstant(operand)) {
        if (isShapeOnly(operand)) throw new Fault(`layer ${layer.name} has no weights to compute with`);
        return operand.data;
      }
      return operand === NETWORK_INPUT ? input : outputs[operand]!;
    });
    const step = prepare(layer, operands);
    outputs.push(step.output);
    return step;
  });
  const answer = outputs[network.output] ?? input;
  return {
    run(sample, observe) {
      if (sample.length !== sampleLength) {
        throw new RangeError(
          `${network.name} takes ${network.input.shape.join('×')} = ${sampleLength} numbers, got ${sample.length}`,
        );
      }
      input.set(sample);
      for (let i = 0; i < steps.length; i++) {
        const step = steps[i]!;
        step.compute?.();
        observe?.(i, step.output);
      }
      return answer;
    },
  };
}

interface Step {
  readonly output: Float32Array;
  /** Absent for a view: its output is its operand's memory. */
  readonly compute: (() => void) | undefined;
}

function prepare(layer: Layer, operands: readonly Float32Array[]): Step {
  const operator = operators.get(layer.operator);
  const lowering = operator.lower(layer);
  if (lowering.kind === 'view') return { output: operands[0]!, compute: undefined };
  const output = new Float32Array(elementCount(layer.outputShape));
  if (lowering.kind === 'mvm') {
    const multiply: (input: NumberArray, output: NumberArray) => void = createMvm(
      lowering,
      operands[lowering.activation]!.length,
    );
    const activation = operands[lowering.activation]!;
    return { output, compute: () => multiply(activation, output) };
  }
  return { output, compute: () => operator.evaluate(layer, operands, output) };
}
