import { choice } from '../../base/quantity.ts';
import type { LayerContext } from './layer-context.ts';

/** Element-wise functions that a layer may end with. */
export const activationNames = [
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'gelu',
  'geluTanh',
  'silu',
  'hardSwish',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** The key of layers that may end with one. */
export function activationKey() {
  return choice(activationNames).optional().describe('function of every output; none when left out');
}

/** The value behind the function, or the value itself without one. */
export function activated(value: number, name: ActivationName | undefined, context: LayerContext): number {
  if (name === undefined) return value;
  if (name === 'silu') {
    // x · sigmoid(x), Elfwing et al. 2018
    const gate = context.add('sigmoid', {}, [value], 'sigmoid');
    return context.add('mul', {}, [value, gate], 'silu');
  }
  const [operator, attributes] = operatorOf[name];
  return context.add(operator, attributes, [value], name);
}

const operatorOf = {
  relu: ['relu', {}],
  relu6: ['clip', { min: 0, max: 6 }],
  sigmoid: ['sigmoid', {}],
  tanh: ['tanh', {}],
  gelu: ['gelu', { approximate: 'none' }],
  geluTanh: ['gelu', { approximate: 'tanh' }],
  hardSwish: ['hard-swish', {}],
} as const;
