import type { Stage } from '../mapping/schedule.ts';
import type { Resources } from './resources.ts';

/**
 * Which of the digital cores that can fetch a task brings its result home first: its inputs leave the buffer of its home, cross
 * links that others use, wait until the core is idle, and the result comes back; its work, and its turn at the port, are the
 * same everywhere. Among equals the nearest, then the first.
 */
export class CoreChoice {
  readonly #resources: Resources;
  readonly #coresPerTile: number;

  constructor(resources: Resources, coresPerTile: number) {
    this.#resources = resources;
    this.#coresPerTile = coresPerTile;
  }

  /** A core of those not `fetching`, one at least, for a task of a stage (0 to tasks − 1). */
  best(stage: Stage, task: number, now: number, fetching: Uint8Array): number {
    const { digitalCores, routes, bufferTicks } = this.#resources;
    const perTile = this.#coresPerTile;
    const home = stage.homes[task]!;
    let input = 0;
    for (const source of stage.sources) input += source.bytes[task]!;
    const positions = Math.min(stage.positionsPerTask, stage.positions - task * stage.positionsPerTask);
    const output = positions * stage.outputBytesPerPosition;
    const fetched = now + bufferTicks(input);
    let best = this.#soonestOf(home, fetched, fetching);
    let end = best < 0 ? Number.POSITIVE_INFINITY : Math.max(fetched, digitalCores.freeAt(best));
    // Nothing beats an idle core at home.
    if (end === fetched) return best;
    let distance = 0;
    const tiles = fetching.length / perTile;
    for (let tile = 0; tile < tiles; tile++) {
      if (tile === home) continue;
      const core = this.#soonestOf(tile, fetched, fetching);
      if (core < 0) continue;
      const free = digitalCores.freeAt(core);
      if (Math.max(free, fetched) > end) continue;
      const there = this.#arrival(home, tile, input, fetched);
      const back = this.#arrival(tile, home, output, now) - now;
      const itsEnd = Math.max(there, free) + back;
      const itsDistance = routes.hops(home, tile);
      if (itsEnd > end || (itsEnd === end && itsDistance >= distance)) continue;
      [best, end, distance] = [core, itsEnd, itsDistance];
    }
    return best;
  }

  /** The core of a tile that can fetch and is idle first, from a tick on; -1 when none can fetch. */
  #soonestOf(tile: number, from: number, fetching: Uint8Array): number {
    const { digitalCores } = this.#resources;
    let best = -1;
    let bestFree = Number.POSITIVE_INFINITY;
    for (let core = tile * this.#coresPerTile, last = core + this.#coresPerTile; core < last; core++) {
      if (fetching[core] === 1) continue;
      // However long it has been idle: what is past decides nothing.
      const free = Math.max(from, digitalCores.freeAt(core));
      if (free < bestFree) [best, bestFree] = [core, free];
    }
    return best;
  }

  /** Tick at which a message that leaves at `at` would be there, as links are promised now. */
  #arrival(from: number, to: number, bytes: number, at: number): number {
    if (bytes === 0) return at;
    const { routes, path, links, linkTicks, hopTicks } = this.#resources;
    const count = routes.path(from, to, path);
    let head = at;
    let tail = at;
    for (let i = 0; i < count; i++) {
      const link = path[i]!;
      const start = Math.max(head, links.freeAt(link));
      const hop = hopTicks(link);
      head = start + hop;
      tail = Math.max(tail, start + linkTicks(link, bytes)) + hop;
    }
    return tail;
  }
}
