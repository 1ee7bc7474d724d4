import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { adcBehaviour } from '../hardware/converter-banks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import { adcCodes } from './adc-range.ts';
import { MAX_CHIPS, MAX_LAYERS } from './chance.ts';

/** Sizes and parts of a request that do not fit together: a Fault before anything is computed. */
export function checkNumerics(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  partitions: readonly Partition[],
  sets: { readonly images: Float32Array; readonly calibration: Float32Array | undefined },
): void {
  const { network } = lowered;
  const elements = elementCount(network.input.shape);
  for (const [name, values] of [
    ['images', sets.images] as const,
    ['calibration images', sets.calibration] as const,
  ]) {
    if (values === undefined) continue;
    if (values.length === 0) throw new Fault(`no ${name}`, { cure: 'give at least one' });
    if (values.length % elements !== 0) {
      throw new Fault(`${name} of ${values.length} numbers do not fit an input of ${elements}`, {
        cure: `network ${network.name} takes [${network.input.shape.join(', ')}]`,
      });
    }
  }
  if (network.layers.length > MAX_LAYERS) {
    throw new Fault(`${network.layers.length} layers, at most ${MAX_LAYERS}`);
  }
  const analog = partitions.find((partition) => partition.analog.length > 0);
  if (analog === undefined) return;
  if (spec.analogCore === undefined) {
    throw new Fault(`schedule ${analog.name} puts layers on crossbars, ${spec.name} has none`, {
      cure: 'use schedule digital or another chip',
    });
  }
  // The sign of differential sums needs two levels at least; say so before an hour of work.
  const { scheme, subtraction } = spec.encoding;
  adcCodes(adcBehaviour(spec.analogCore.adcBank), scheme === 'differential' && subtraction === 'analog');
}

/** That, and the counts of a run over chips and labelled images. */
export function checkAccuracyCounts(images: number, labels: number, chips: number, workers: number): void {
  if (images !== labels) throw new Fault(`${labels} labels for ${images} images`);
  count('chips', chips, MAX_CHIPS);
  count('workers', workers, MAX_WORKERS);
}

const MAX_WORKERS = 512;

function count(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new Fault(`${name} must be a whole number from 1 to ${most}, got ${value}`);
}
