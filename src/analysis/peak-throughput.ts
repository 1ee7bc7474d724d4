import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import {
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
  inputSliceBits,
} from '../hardware/encoding.ts';
import { loadedSliceTimes, mvmTiming } from '../hardware/mvm-timing.ts';
import { columnsHeld, rowsHeld } from '../mapping/blocks.ts';

/** Operations per second (2 a MAC) of one analog core with every crossbar full of unsigned MVMs. */
export function analogCoreThroughput(spec: ArchitectureSpec): number {
  const core = spec.analogCore;
  if (core === undefined) return 0;
  const outputs = columnsHeld(spec);
  const slices = inputSliceBits(spec.encoding, false).length;
  const rounds = conversionRounds(spec.encoding, slices);
  const conversions = (outputs + extraColumns(spec.encoding)) * conversionsPerColumn(spec.encoding);
  const { occupancy } = mvmTiming(loadedSliceTimes(spec, conversions, slices / rounds), rounds);
  return (2 * core.crossbars * rowsHeld(spec) * outputs) / occupancy;
}

/** Operations per second (2 a MAC) of the MAC array of one digital core. */
export function digitalCoreThroughput(spec: ArchitectureSpec): number {
  const core = spec.digitalCore;
  return core?.macArray === undefined ? 0 : 2 * core.macArray.rows * core.macArray.columns * core.clock;
}

/** Operations per second (2 a MAC) of the whole chip. */
export function peakThroughput(spec: ArchitectureSpec): number {
  const { tile } = spec;
  const perTile =
    tile.analogCores * analogCoreThroughput(spec) + tile.digitalCores * digitalCoreThroughput(spec);
  return tileCount(spec) * perTile;
}
