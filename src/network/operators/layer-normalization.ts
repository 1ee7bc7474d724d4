import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numberOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import { broadcastShape, broadcastStrides, copyStrided } from '../broadcast.ts';
import type { Layer } from '../network.ts';
import { operationCost as cost } from '../operation-cost.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { inputStream, same, streaming } from '../stream.ts';

/**
 * (x − mean) / √(variance + epsilon) over the axes from `axis` to the last, then times operand 1 plus operand 2
 * (the learnt scale and shift, either may be absent from the end).
 */
export const layerNormalization: Operator = {
  name: 'layer-normalization',
  summary: 'zero mean and unit variance over the last axes, then scale and shift',
  onnx: [
    {
      type: 'LayerNormalization',
      read(node) {
        const input = node.input(0);
        const axis = axisOf(node.integer('axis') ?? -1, node.shapeOf(input).length);
        return node.add('layer-normalization', { axis, epsilon: node.float('epsilon') ?? 1e-5 }, node.inputs);
      },
    },
  ],
  outputShape(inputShapes) {
    const [input, ...learnt] = inputShapes;
    for (const shape of learnt) {
      if (broadcastShape([input!, shape]).join() !== input!.join()) {
        throw new Fault(`scale or shift [${shape.join(', ')}] does not fit [${input!.join(', ')}]`);
      }
    }
    return input!;
  },
  stream: (layer) => inputStream(layer, 0),
  evaluate: (layer, inputs, output) => fill(layer, inputs, output),
  lower(layer) {
    const axis = numberOf(layer.attributes, 'axis');
    const vectors = elementCount(layer.outputShape.slice(0, axis));
    // Per element: sum, subtract mean, square, sum, scale by 1/σ, then one each for scale and shift. Per vector:
    // two divisions by the (known) length, + epsilon, 1/√.
    const perElement = 5 + (layer.inputs.length - 1);
    return {
      kind: 'vector',
      operations: elementCount(layer.outputShape) * perElement + vectors * (3 + cost.squareRoot),
      ...streaming(layer, inputStream(layer, 0), (input) => {
        const shape = layer.inputShapes[input]!;
        const shift = layer.outputShape.length - shape.length;
        return shape.map((_, own) => (own + shift >= axis ? 'all' : same(own + shift)));
      }),
    };
  },
};

function fill(layer: Layer, inputs: readonly NumberArray[], output: NumberArray): void {
  const input = inputs[0]!;
  const axis = numberOf(layer.attributes, 'axis');
  const epsilon = numberOf(layer.attributes, 'epsilon');
  const length = elementCount(layer.outputShape.slice(axis));
  for (let first = 0; first < output.length; first += length) {
    let mean = 0;
    for (let i = 0; i < length; i++) mean += input[first + i]!;
    mean /= length;
    let variance = 0;
    for (let i = 0; i < length; i++) variance += (input[first + i]! - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / length + epsilon);
    for (let i = 0; i < length; i++) output[first + i] = (input[first + i]! - mean) * scale;
  }
  const [factors, shifts] = [1, 2].map((operand) => learntValues(layer, inputs, operand, length));
  for (let i = 0; i < output.length; i++) {
    if (factors !== undefined) output[i]! *= factors[i % factors.length]!;
    if (shifts !== undefined) output[i]! += shifts[i % shifts.length]!;
  }
}

/** Scale or shift such that element i takes value i modulo its length: the usual [length] as it is. */
function learntValues(layer: Layer, inputs: readonly NumberArray[], operand: number, length: number) {
  const values = inputs[operand];
  if (values === undefined || values.length === length) return values;
  const shape = layer.outputShape;
  const full = new Float32Array(elementCount(shape));
  copyStrided(shape, values, 0, broadcastStrides(layer.inputShapes[operand]!, shape), full);
  return full;
}
