import { isShapeOnly } from '../base/tensor.ts';
import { isConstant, type Network } from './network.ts';
import { operators } from './operators/index.ts';

/**
 * Whether each layer's output can be negative, by the rules of the operators alone (no data): it decides
 * whether a crossbar must be driven with signed inputs. Constants whose numbers are unknown can be negative. `inputSigned` says it of the network's own input.
 */
export function signedOutputs(network: Network, inputSigned: boolean): readonly boolean[] {
  const nonNegative: boolean[] = [];
  for (const layer of network.layers) {
    const operands = layer.inputs.map((operand) => {
      if (isConstant(operand)) return !isShapeOnly(operand) && operand.data.every((value) => value >= 0);
      return operand < 0 ? !inputSigned : nonNegative[operand]!;
    });
    nonNegative.push(operators.get(layer.operator).nonNegative?.(layer, operands) ?? false);
  }
  return nonNegative.map((never) => !never);
}
