import { Fault } from '../base/fault.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { meshWidth } from '../hardware/interconnect.ts';
import type { Replica } from './schedule.ts';

/** Crossbars of the whole chip. */
export function crossbarCount(spec: ArchitectureSpec): number {
  return tileCount(spec) * spec.tile.analogCores * (spec.analogCore?.crossbars ?? 0);
}

/** Analog core (numbered over the chip) of a crossbar number. */
export function coreOfCrossbar(spec: ArchitectureSpec, crossbar: number): number {
  return Math.floor(crossbar / spec.analogCore!.crossbars);
}

/** Tile of a crossbar number. */
export function tileOfCrossbar(spec: ArchitectureSpec, crossbar: number): number {
  return Math.floor(coreOfCrossbar(spec, crossbar) / spec.tile.analogCores);
}

/** Crossbars of a chip that a network may use: from the first, so many. */
export interface Region {
  readonly first: number;
  readonly count: number;
}

/** What the placement needs to know of an analog layer. */
export interface Demand {
  readonly name: string;
  /** Crossbars of one copy. */
  readonly blocks: number;
  /** MVMs of one inference. */
  readonly positions: number;
  /** s between two MVMs on one copy. */
  readonly occupancy: number;
}

/** How the copies of the layers of a network lie on the crossbars of a chip. */
export interface Layout {
  /** `layers`: all copies of a layer side by side. `turns`: copies of all layers that come at the same time of an inference. */
  readonly order: 'layers' | 'turns';
  /** Tiles that are filled one after the other as if the chip had no more, and crossbars used of each; left out: all. */
  readonly on?: { readonly tiles: number; readonly each: number } | undefined;
}

/**
 * Crossbars for every analog layer, in layer order from the first of the region on, neighbours close, with as many copies
 * as `copiesWithin` finds. A Fault when even one copy of each does not fit.
 */
export function place(
  demands: readonly Demand[],
  spec: ArchitectureSpec,
  enough: number,
  region: Region = { first: 0, count: crossbarCount(spec) },
): readonly (readonly Replica[])[] {
  const needed = demands.reduce((sum, demand) => sum + demand.blocks, 0);
  if (needed > region.count) throw doesNotFit(demands, needed, region.count, spec);
  return layOut(demands, copiesWithin(demands, region.count, enough), { order: 'layers' }, spec, region);
}

/**
 * Copies of each layer, at least one: more of the layer that holds the pipeline up, as long as `available` crossbars hold
 * them and it takes longer than `enough` s per inference: the least interval between inferences that the crossbars allow, and
 * no more copies than it takes (a layer of n positions on c copies takes ⌈n / c⌉ turns).
 */
export function copiesWithin(
  demands: readonly Demand[],
  available: number,
  enough: number,
): readonly number[] {
  let last: readonly number[] = [];
  for (const copies of growingCopies(demands, available, enough)) last = copies;
  return last;
}

/** The numbers of copies on the way to those of `copiesWithin`, from one of each layer on: each a shorter interval. */
export function* growingCopies(
  demands: readonly Demand[],
  available: number,
  enough: number,
): Generator<readonly number[]> {
  const copies = demands.map(() => 1);
  let free = available - demands.reduce((sum, demand) => sum + demand.blocks, 0);
  for (;;) {
    yield [...copies];
    const times = demands.map((demand, index) => timeOf(demand, copies[index]!));
    const longest = Math.max(0, ...times);
    if (longest <= enough) break;
    // Those that hold the pipeline up together are of use only together.
    const more = demands.map(({ positions }, index) =>
      times[index] === longest
        ? copiesFor(turns(positions, copies[index]!) - 1, positions) - copies[index]!
        : 0,
    );
    const cost = more.reduce((sum, count, index) => sum + count * demands[index]!.blocks, 0);
    if (!(cost <= free)) break;
    more.forEach((count, index) => (copies[index]! += count));
    free -= cost;
  }
}

/** s that the crossbars of an inference take: those of the layer that takes longest. */
export function crossbarTime(demands: readonly Demand[], copies: readonly number[]): number {
  return Math.max(0, ...demands.map((demand, index) => timeOf(demand, copies[index]!)));
}

/** Crossbars for so many copies of each layer. */
export function layOut(
  demands: readonly Demand[],
  copies: readonly number[],
  { order, on }: Layout,
  spec: ArchitectureSpec,
  region: Region = { first: 0, count: crossbarCount(spec) },
): readonly (readonly Replica[])[] {
  const placed: Replica[][] = demands.map(() => []);
  const units = copies.flatMap((count, layer) =>
    Array.from({ length: count }, (_, copy) => ({ layer, copy, at: (copy + 0.5) / count })),
  );
  if (order === 'turns') units.sort((a, b) => a.at - b.at || a.layer - b.layer);
  const crossbarOf = on === undefined ? (slot: number) => region.first + slot : crossbarsOn(on, spec);
  let next = 0;
  for (const { layer, copy } of units) {
    const { blocks } = demands[layer]!;
    placed[layer]![copy] = {
      crossbars: Array.from({ length: blocks }, (_, block) => crossbarOf(next + block)),
    };
    next += blocks;
  }
  return placed;
}

/** The crossbar of each place on so many tiles with `each` crossbars used, over all cores of a tile. */
function crossbarsOn(
  { tiles, each }: NonNullable<Layout['on']>,
  spec: ArchitectureSpec,
): (slot: number) => number {
  const { chip, tile, analogCore } = spec;
  const perCore = Math.ceil(each / tile.analogCores);
  // A corner of the mesh, laid out as the mesh of a chip of so many tiles.
  const corner = chip.interconnect.type === 'mesh' && chip.count === 1;
  const [width, part] = [meshWidth(chip.tiles), meshWidth(tiles)];
  const tileOf = (at: number) => (corner ? Math.floor(at / part) * width + (at % part) : at);
  return (slot) => {
    const within = slot % each;
    const core = tileOf(Math.floor(slot / each)) * tile.analogCores + Math.floor(within / perCore);
    return core * analogCore!.crossbars + (within % perCore);
  };
}

function timeOf({ positions, occupancy }: Demand, copies: number): number {
  return turns(positions, copies) * occupancy;
}

/** MVMs that the busiest copy of a layer works through, one after the other. */
function turns(positions: number, copies: number): number {
  return Math.ceil(positions / copies);
}

/** Fewest copies that need no more turns; without end where none are enough. */
function copiesFor(turns: number, positions: number): number {
  return turns === 0 ? Infinity : Math.ceil(positions / turns);
}

/** The Fault of layers that need more crossbars than there are. */
export function doesNotFit(
  demands: readonly Demand[],
  needed: number,
  available: number,
  spec: ArchitectureSpec,
): Fault {
  const largest = demands.reduce((a, b) => (b.blocks > a.blocks ? b : a));
  const perTile = available / tileCount(spec);
  const chip = spec.chip.count > 1 ? 'the chips have' : 'the chip has';
  const more = `raise chip.tiles to ${Math.ceil(needed / perTile / spec.chip.count)}, use larger crossbars`;
  if (demands.length === 1) {
    const cure = `${more} or a schedule without this layer`;
    return new Fault(`layer ${largest.name} needs ${needed} crossbars, ${chip} ${available}`, { cure });
  }
  // A layer that does not fit alone is no smaller for taking turns.
  const cure =
    largest.blocks > available
      ? `${more}, more chips (chip.count), or a schedule with fewer analog layers`
      : `${more}, a schedule with fewer analog layers, or analogCore.programming to let parts of the network take turns`;
  return new Fault(
    `${demands.length} analog layers need ${needed} crossbars (${largest.name} alone ${largest.blocks}), ${chip} ${available}`,
    { cure },
  );
}
