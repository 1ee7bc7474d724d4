import { elementCount } from '../base/tensor.ts';
import type { DigitalCoreSpec } from '../hardware/digital-core.ts';
import type { VectorFunction } from '../hardware/function-unit/index.ts';
import type { Layer } from '../network/network.ts';

/** Vector work of a layer in operations of the lanes: as many as it takes the time of, and the energy of. */
export interface VectorWork {
  readonly operations: number;
  readonly charged: number;
}

/** Operators whose work units of their own may take over. */
const FUNCTIONS: Readonly<Record<VectorFunction, readonly string[]>> = {
  activation: [
    ...['relu', 'clip', 'leaky-relu', 'elu', 'selu', 'sigmoid', 'hard-sigmoid', 'hard-swish', 'gelu'],
    ...['softplus', 'softsign', 'tanh', 'erf', 'prelu'],
  ],
  pooling: ['max-pool', 'average-pool', 'global-average-pool', 'global-max-pool'],
  normalization: ['batch-normalization', 'layer-normalization'],
  softmax: ['softmax', 'log-softmax'],
};
const FUNCTION_OF = new Map(
  Object.entries(FUNCTIONS).flatMap(([name, operators]) =>
    operators.map((operator) => [operator, name as VectorFunction] as const),
  ),
);

/**
 * What a layer of so many elementary operations takes on a digital core. Where the core has units for its function, each
 * value takes their time and energy instead, told in operations of the lanes, so that all vector work adds up.
 */
export function vectorWork(layer: Layer, operations: number, core: DigitalCoreSpec | undefined): VectorWork {
  const name = FUNCTION_OF.get(layer.operator);
  const unit = name === undefined ? undefined : core?.vectorUnit.functions?.[name];
  if (core === undefined || unit === undefined) return { operations, charged: operations };
  const { lanes, operationEnergy } = core.vectorUnit;
  const values = elementCount(name === 'pooling' ? layer.inputShapes[0]! : layer.outputShape);
  return {
    operations: (values * lanes * core.clock) / (unit.rate * unit.count),
    charged: (values * unit.energy) / operationEnergy,
  };
}
