import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { transferTime } from '../hardware/memory/transfer.ts';
import { longestPath, routesOf } from '../hardware/routes.ts';
import type { Block } from './blocks.ts';
import { writesOf } from './crossbar-contents.ts';
import {
  coreOfCrossbar,
  crossbarTime,
  type Demand,
  growingCopies,
  layOut,
  type Region,
  tileOfCrossbar,
} from './placement.ts';
import type { Replica } from './schedule.ts';

/** An analog layer and what a copy of it puts on its crossbars. */
export interface ProgrammedDemand extends Demand {
  readonly contents: readonly Block[];
}

/**
 * Crossbars for the layers of a part that is programmed anew for every batch, layer by layer from the first of the region on: of
 * the numbers of copies that `copiesWithin` goes through, from one of each on, those for which a batch takes least: its
 * inferences on the busiest crossbar (or the digital cores), after the reading of weights or the writing of word lines, whichever
 * takes longer. Of equals the fewest, which write the fewest cells. More copies compute a batch sooner, but where they share a core
 * with others, word lines are written one after the other.
 */
export function programmedCopies(
  demands: readonly ProgrammedDemand[],
  spec: ArchitectureSpec,
  digitalTime: number,
  region: Region,
): readonly (readonly Replica[])[] {
  const { batch, rowTime } = spec.analogCore!.programming!;
  const rows = demands.map(({ contents }) => contents.map((block) => writesOf(block, spec).rows));
  const laid = (copies: readonly number[]) => layOut(demands, copies, { order: 'layers' }, spec, region);
  const compute = (copies: readonly number[]) => batch * Math.max(digitalTime, crossbarTime(demands, copies));
  const steps = [...growingCopies(demands, region.count, digitalTime)];
  const reading = readingTime(demands, laid(steps[0]!), spec);
  // No layout writes less than the block with most word lines.
  const least = Math.max(reading, Math.max(...rows.flat()) * rowTime);
  let best = { time: Infinity, replicas: laid(steps[0]!) };
  for (const copies of steps.reverse()) {
    if (compute(copies) + least > best.time) break;
    const replicas = laid(copies);
    const time = compute(copies) + Math.max(reading, mostRows(replicas, rows, spec) * rowTime);
    if (time <= best.time) best = { time, replicas };
  }
  return best.replicas;
}

/** Word lines of the core that has most, which are written one after the other; `rows` by layer and block. */
function mostRows(
  layers: readonly (readonly Replica[])[],
  rows: readonly (readonly number[])[],
  spec: ArchitectureSpec,
): number {
  const ofCore = new Map<number, number>();
  layers.forEach((copies, layer) => {
    for (const { crossbars } of copies) {
      crossbars.forEach((crossbar, block) => {
        const core = coreOfCrossbar(spec, crossbar);
        ofCore.set(core, (ofCore.get(core) ?? 0) + rows[layer]![block]!);
      });
    }
  });
  return Math.max(...ofCore.values());
}

/**
 * s for which the weights of one copy of each layer hold the memory's port or the busiest link. More copies do not change what is
 * read, and what several of them hold passes a link once.
 */
function readingTime(
  demands: readonly ProgrammedDemand[],
  layers: readonly (readonly Replica[])[],
  spec: ArchitectureSpec,
): number {
  const { interconnect, chipLink, memory, tiles } = spec.chip;
  const routes = routesOf(spec);
  const path = new Int32Array(longestPath(tiles));
  const linkBytes = new Float64Array(routes.links);
  let port = 0;
  demands.forEach(({ contents }, layer) => {
    let read = 0;
    contents.forEach((block, index) => {
      const { bytes } = writesOf(block, spec);
      read += bytes;
      const links = routes.path(
        MEMORY_TILE,
        tileOfCrossbar(spec, layers[layer]![0]!.crossbars[index]!),
        path,
      );
      for (let link = 0; link < links; link++) linkBytes[path[link]!]! += bytes;
    });
    port += transferTime(read, memory);
  });
  return linkBytes.reduce((most, bytes, link) => {
    const between = link >= routes.firstBetweenChips;
    return Math.max(most, bytes / (between ? chipLink!.bandwidth : interconnect.linkBandwidth));
  }, port);
}

/** Memory hangs on the first tile. */
const MEMORY_TILE = 0;
