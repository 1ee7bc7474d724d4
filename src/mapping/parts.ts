import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { layerWrites } from './crossbar-contents.ts';
import { coreOfCrossbar, crossbarCount, doesNotFit, place, type Region } from './placement.ts';
import { type ProgrammedDemand, programmedCopies } from './programmed-copies.ts';
import type { NetworkPart, Replica, Stage } from './schedule.ts';

/** Crossbars of every analog layer, and the part of the network that each belongs to. */
export interface PlacedParts {
  readonly replicas: readonly (readonly Replica[])[];
  readonly parts: readonly number[];
}

/**
 * Places a network as one part where the crossbars hold it; else, on chips that say how cells are programmed, as parts of
 * consecutive layers (or pieces of layers), as large as fit, which take turns on the crossbars. A Fault when that cannot be.
 */
export function placeParts(
  demands: readonly ProgrammedDemand[],
  spec: ArchitectureSpec,
  digitalTime: number,
  region: Region = { first: 0, count: crossbarCount(spec) },
): PlacedParts {
  const available = region.count;
  const needed = demands.reduce((sum, demand) => sum + demand.blocks, 0);
  if (needed <= available || spec.analogCore?.programming === undefined) {
    return { replicas: place(demands, spec, digitalTime, region), parts: demands.map(() => 0) };
  }
  const parts: number[] = [];
  let part = 0;
  let used = 0;
  for (const demand of demands) {
    if (demand.blocks > available) throw doesNotFit([demand], demand.blocks, available, spec);
    if (used + demand.blocks > available) {
      part += 1;
      used = 0;
    }
    used += demand.blocks;
    parts.push(part);
  }
  const replicas: (readonly Replica[])[] = [];
  for (let index = 0; index <= part; index++) {
    const own = demands.filter((_, demand) => parts[demand] === index);
    replicas.push(...programmedCopies(own, spec, digitalTime, region));
  }
  return { replicas, parts };
}

/** What is programmed for each part: crossbars row by row, those of a core in turns, cores side by side. */
export function networkParts(stages: readonly Stage[], spec: ArchitectureSpec): readonly NetworkPart[] {
  const count = Math.max(...stages.map(({ part }) => part)) + 1;
  if (count === 1) return [];
  return Array.from({ length: count }, (_, part) => {
    const rowsOfCore = new Map<number, number>();
    const cells: { stage: number; cells: number; bytes: number }[] = [];
    for (const stage of stages) {
      if (stage.kind !== 'analog' || stage.part !== part) continue;
      let [written, read] = [0, 0];
      for (const { rows, cells: each, bytes, crossbars } of layerWrites(stage, spec)) {
        written += each * crossbars.length;
        read += bytes;
        for (const crossbar of crossbars) {
          const core = coreOfCrossbar(spec, crossbar);
          rowsOfCore.set(core, (rowsOfCore.get(core) ?? 0) + rows);
        }
      }
      cells.push({ stage: stage.index, cells: written, bytes: read });
    }
    return { rows: Math.max(0, ...rowsOfCore.values()), cells };
  });
}
