import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { conversionRounds, conversionsPerColumn, extraColumns } from '../hardware/encoding.ts';
import { mvmTiming, sliceTimes } from '../hardware/mvm-timing.ts';
import { ticks } from '../machine/ticks.ts';
import type { Stage } from '../mapping/schedule.ts';

/**
 * Ticks from the time that crossbars could begin their next MVM to the last addition of this one: latency less
 * occupancy of the slice pipeline. Where converters are shared, from the last sample's handing over less the read that may overlap it.
 */
export function mvmTail(stage: Stage, spec: ArchitectureSpec): number {
  if (stage.kind !== 'analog') return 0;
  const { encoding } = spec;
  const perColumn = conversionsPerColumn(encoding);
  const extra = extraColumns(encoding);
  const widest = Math.max(
    ...stage.blocks.map(({ groups, columns }) => groups * (columns + extra) * perColumn),
  );
  const rounds = conversionRounds(encoding, stage.inputSlices);
  const { read, convert, add } = sliceTimes(spec, widest, stage.inputSlices / rounds);
  if (spec.analogCore!.adcBank.sharedBy === 'core') return ticks(read) + ticks(add);
  const timing = mvmTiming({ read: ticks(read), convert: ticks(convert), add: ticks(add) }, rounds);
  return timing.latency - timing.occupancy;
}
