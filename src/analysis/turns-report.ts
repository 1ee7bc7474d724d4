import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TurnsReport } from '../report/turns.ts';

/**
 * What taking turns costs in writes, and how long the cells last at full load (`interval`: s an inference). Null where the
 * crossbars hold the network: they are written once. One programming is one write, whatever pulses it takes, also of a cell
 * that keeps its value; blocks lie from the first cell of a crossbar on, and nothing levels the wear (assumptions).
 */
export function turnsReport(
  { stages, parts }: Pick<Schedule, 'stages' | 'parts'>,
  spec: ArchitectureSpec,
  interval: number,
): TurnsReport | null {
  const programming = spec.analogCore?.programming;
  if (parts.length === 0 || programming === undefined) return null;
  const { batch, endurance, rowTime } = programming;
  const writesOf = new Map<number, number>();
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    for (const { crossbars } of stage.replicas) {
      for (const crossbar of crossbars) writesOf.set(crossbar, (writesOf.get(crossbar) ?? 0) + 1);
    }
  }
  const writes = [...writesOf.values()].reduce((most, count) => Math.max(most, count), 0);
  const sumOf = (what: 'cells' | 'bytes') =>
    parts.reduce((sum, { cells }) => sum + cells.reduce((own, one) => own + one[what], 0), 0);
  const inferences = endurance === undefined ? 0 : Math.floor(endurance / writes) * batch;
  return {
    ...{ parts: parts.length, batch, writes },
    programTime: parts.reduce((sum, { rows }) => sum + rows, 0) * rowTime,
    ...{ cells: sumOf('cells'), bytes: sumOf('bytes') },
    lifetime: endurance === undefined ? null : { inferences, time: inferences * interval },
  };
}
