import { Fault } from '../base/fault.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
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

/**
 * Crossbars for every analog layer, in layer order from the first of the region on, neighbours close; then copies of the layer that
 * holds the pipeline up, as long as crossbars are free and the digital work (`digitalTime` s per inference) is not slower
 * anyway: the least interval between inferences that the crossbars allow, and no more copies than it takes (a layer of n
 * positions on c copies takes ⌈n / c⌉ turns). A Fault when even one copy of each does not fit.
 */
export function place(
  demands: readonly Demand[],
  spec: ArchitectureSpec,
  digitalTime: number,
  region: Region = { first: 0, count: crossbarCount(spec) },
): readonly (readonly Replica[])[] {
  const available = region.count;
  const needed = demands.reduce((sum, demand) => sum + demand.blocks, 0);
  if (needed > available) throw doesNotFit(demands, needed, available, spec);

  const copies = demands.map(() => 1);
  let free = available - needed;
  for (;;) {
    const times = demands.map(
      ({ positions, occupancy }, index) => turns(positions, copies[index]!) * occupancy,
    );
    const longest = Math.max(0, ...times);
    if (longest <= digitalTime) break;
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

  let next = region.first;
  return demands.map((demand, index) =>
    Array.from({ length: copies[index]! }, () => {
      const crossbars = Array.from({ length: demand.blocks }, (_, block) => next + block);
      next += demand.blocks;
      return { crossbars };
    }),
  );
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
