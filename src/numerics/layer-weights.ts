import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { type QuantizedWeights, quantizeWeights } from '../network/quantization.ts';
import { DIGITAL_BITS } from './calibration.ts';

/** Integer weights of a layer: int8 for digital cores, the encoding's bits for crossbars. */
export function layerWeights(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  layer: number,
  target: 'digital' | 'analog',
): QuantizedWeights {
  const lowering = lowered.lowerings[layer]!;
  if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const bits = target === 'digital' ? DIGITAL_BITS : spec.encoding.weightBits;
  const channels = lowering.groups * lowering.columns;
  const { weightScaling, weightPercentile } = spec.encoding;
  const percentile = target === 'digital' ? 100 : weightPercentile;
  return quantizeWeights(lowering.weights, channels, bits, weightScaling, percentile);
}
