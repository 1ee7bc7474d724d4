import { isConstant, type Network } from './network.ts';

const NON_NEGATIVE = new Set(['relu', 'sigmoid', 'softmax', 'hard-sigmoid', 'exp', 'sqrt', 'abs']);
const KEEPS_SIGN = new Set([
  'max-pool',
  'average-pool',
  'global-average-pool',
  'global-max-pool',
  'reshape',
  'flatten',
  'squeeze',
  'unsqueeze',
  'transpose',
  'concat',
  'slice',
  'pad',
  'reduce-mean',
  'reduce-sum',
  'reduce-max',
  'identity',
  'add',
  'mul',
  'view',
]);

/**
 * Whether each layer's output can be negative, by the rules of the operators alone (no data): it decides
 * whether a crossbar must be driven with signed inputs. `inputSigned` says it of the network's own input.
 */
export function signedOutputs(network: Network, inputSigned: boolean): readonly boolean[] {
  const signed: boolean[] = [];
  for (const layer of network.layers) {
    const operandSigned = layer.inputs.map((operand) => {
      if (isConstant(operand)) return operand.data.some((value) => value < 0);
      return operand < 0 ? inputSigned : signed[operand]!;
    });
    const lowest = layer.attributes.min;
    if (NON_NEGATIVE.has(layer.operator)) signed.push(false);
    else if (layer.operator === 'clip') signed.push(!(typeof lowest === 'number' && lowest >= 0));
    else if (KEEPS_SIGN.has(layer.operator)) signed.push(operandSigned.some(Boolean));
    else signed.push(true);
  }
  return signed;
}
