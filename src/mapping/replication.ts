import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import {
  copiesWithin,
  crossbarCount,
  crossbarTime,
  type Demand,
  layOut,
  type Layout,
  type Region,
} from './placement.ts';
import type { Replica } from './schedule.ts';

/** Copies of every analog layer, and what they promise. */
export interface Replication {
  /** By layer. */
  readonly replicas: readonly (readonly Replica[])[];
  readonly crossbars: number;
  /** s between answers at least: the work of an inference for the busiest of all that is shared. */
  readonly estimate: number;
  /** Whether the buffers hold what lets every layer go on. */
  readonly fits: boolean;
}

/** What replicas promise. */
export type Judge = (replicas: readonly (readonly Replica[])[]) => Pick<Replication, 'estimate' | 'fits'>;

/**
 * Ways to replicate the layers of a network that fits the crossbars. The first is the plain one: layer by layer, as `place` lays
 * them out. Then the others, the most promising first: what buffers hold comes before what they do not, then the least
 * estimate, then the fewest crossbars, then layers in order. More copies shorten the work of crossbars, but copies fetch inputs
 * of their own, through ports and over links; so the numbers of copies tried are a ladder, and several layouts are tried on
 * each rung. Rungs whose crossbars alone take half as long again as the best so far are left out: fewer copies may wait less.
 */
export function replications(
  demands: readonly Demand[],
  spec: ArchitectureSpec,
  digitalTime: number,
  region: Region,
  judge: Judge,
): readonly [Replication, ...Replication[]] {
  const used = (copies: readonly number[]) =>
    copies.reduce((sum, count, index) => sum + count * demands[index]!.blocks, 0);
  const judged = (copies: readonly number[], replicas: Replication['replicas']): Replication => ({
    replicas,
    crossbars: used(copies),
    ...judge(replicas),
  });
  const usual = copiesWithin(demands, region.count, digitalTime);
  const plain = judged(usual, layOut(demands, usual, { order: 'layers' }, spec, region));
  const others: Replication[] = [];
  for (const copies of ladder(demands, region.count, digitalTime, spec.chip.count)) {
    const best = [plain, ...others].reduce(
      (least, { estimate, fits }) => (fits ? Math.min(least, estimate) : least),
      Infinity,
    );
    if (crossbarTime(demands, copies) >= SLACK * best) break;
    const tried = String(copies) === String(usual) ? [plain.replicas] : [];
    for (const layout of layouts(demands, used(copies), spec, region)) {
      const replicas = layOut(demands, copies, layout, spec, region);
      if (tried.some((other) => same(other, replicas))) continue;
      tried.push(replicas);
      others.push(judged(copies, replicas));
    }
  }
  // Sorting is stable.
  others.sort(
    (a, b) => Number(b.fits) - Number(a.fits) || a.estimate - b.estimate || a.crossbars - b.crossbars,
  );
  return [plain, ...others];
}

/**
 * Numbers of copies, the most first: all that the crossbars allow, half or a quarter of them, or those of one chip; those after which digital
 * work takes longer; and those that halve the crossbars' time again and again.
 */
function ladder(
  demands: readonly Demand[],
  available: number,
  digitalTime: number,
  chips: number,
): (readonly number[])[] {
  const most = copiesWithin(demands, available, 0);
  const single = demands.map(() => 1);
  const least = crossbarTime(demands, most);
  const rungs = [
    most,
    ...[2, 4, chips].map((share) => copiesWithin(demands, Math.floor(available / share), 0)),
  ];
  if (digitalTime > least) rungs.push(copiesWithin(demands, available, digitalTime));
  let time = crossbarTime(demands, single);
  for (let halvings = 0; time > least && halvings < MOST_RUNGS; time /= 2, halvings++)
    rungs.push(copiesWithin(demands, available, time));
  const named = new Map(rungs.map((copies) => [String(copies), copies]));
  return [...named.values()].sort((a, b) => crossbarTime(demands, a) - crossbarTime(demands, b));
}

/**
 * Layers in order and copies in turns: on as few tiles as hold them; and, where a network has the chip for itself, on all
 * tiles, half and a quarter of them, or those of one chip of several, with all of their crossbars in use, half or a quarter of
 * them, or equally many on each tile. So what spreads over all of a chip is also tried on one with twice its tiles, what fills
 * its cores on one with twice of them, and what one chip does on several.
 */
function layouts(
  demands: readonly Demand[],
  used: number,
  spec: ArchitectureSpec,
  region: Region,
): readonly Layout[] {
  const orders = ['layers', 'turns'] as const;
  const found: Layout[] = orders.map((order) => ({ order }));
  if (region.first !== 0 || region.count !== crossbarCount(spec)) return found;
  const all = tileCount(spec);
  const room = crossbarCount(spec) / all;
  const copy = Math.max(...demands.map(({ blocks }) => blocks));
  // One of several chips too.
  const parts = new Set([all, Math.floor(all / 2), Math.floor(all / 4), spec.chip.tiles]);
  for (const tiles of parts) {
    // A copy lies on as few tiles as hold it.
    const equal = Math.max(Math.ceil(used / tiles), Math.min(copy, room));
    for (const each of [room, Math.floor(room / 2), Math.floor(room / 4), equal]) {
      if (tiles * each < used || each > room) continue;
      for (const order of orders) found.push({ order, on: { tiles, each } });
    }
  }
  return found;
}

function same(a: Replication['replicas'], b: Replication['replicas']): boolean {
  return a.every((copies, layer) =>
    copies.every(({ crossbars }, copy) => crossbars[0] === b[layer]![copy]!.crossbars[0]),
  );
}

/** Of the best estimate: what waiting, which estimates leave out, may come to. */
const SLACK = 1.5;
/** Halvings of the crossbars' time: a layer of a billion MVMs has no more. */
const MOST_RUNGS = 32;
