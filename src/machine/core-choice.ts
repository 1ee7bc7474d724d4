import type { Stage } from '../mapping/schedule.ts';
import type { Resources } from './resources.ts';
import { originOf } from './task-place.ts';

/**
 * Which of the digital cores that can fetch a task brings its result home first: each of its inputs leaves the buffer that it
 * lies in, crosses links that others use, waits until the core is idle, and the result goes home; its work, and its turns at
 * the ports, are the same everywhere. Among equals the nearest to its home, then the first.
 */
export class CoreChoice {
  readonly #stages: readonly Stage[];
  readonly #resources: Resources;
  readonly #coresPerTile: number;

  constructor(stages: readonly Stage[], resources: Resources, coresPerTile: number) {
    this.#stages = stages;
    this.#resources = resources;
    this.#coresPerTile = coresPerTile;
  }

  /** A core of those not `fetching`, one at least, for a task of a stage (0 to tasks − 1). */
  best(stage: Stage, task: number, now: number, fetching: Uint8Array): number {
    const { digitalCores, routes } = this.#resources;
    const perTile = this.#coresPerTile;
    const home = stage.homes[task]!;
    const fetched = this.#fetched(stage, task, now);
    let best = this.#soonestOf(home, fetched, fetching);
    let end =
      best < 0
        ? Number.POSITIVE_INFINITY
        : Math.max(this.#there(stage, task, home, fetched), digitalCores.freeAt(best));
    const tiles = fetching.length / perTile;
    // Nothing beats an idle core at home whose inputs are there.
    if (end === fetched || tiles === 1) return best;
    const positions = Math.min(stage.positionsPerTask, stage.positions - task * stage.positionsPerTask);
    const output = positions * stage.outputBytesPerPosition;
    const leastIn = fetched + this.#leastTicks(this.#inputAt(home, stage, task));
    const leastBack = this.#leastTicks(output);
    let distance = 0;
    for (let tile = 0; tile < tiles; tile++) {
      if (tile === home) continue;
      const core = this.#soonestOf(tile, fetched, fetching);
      if (core < 0) continue;
      const free = digitalCores.freeAt(core);
      // Not even if no link were used.
      if (Math.max(free, leastIn) + leastBack > end) continue;
      const there = this.#there(stage, task, tile, fetched);
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

  /** Tick at which all inputs of a task would be out of their buffers (or memory), one after the other where they share one. */
  #fetched(stage: Stage, task: number, now: number): number {
    const { bufferPorts, bufferTicks, memoryPort, memoryTicks, memoryLatency } = this.#resources;
    let last = now;
    let memoryFree = Math.max(now, memoryPort.freeAt(0));
    for (const [i, source] of stage.sources.entries()) {
      const bytes = source.bytes[task]!;
      if (bytes === 0) continue;
      if (this.#inMemory(stage, i)) {
        memoryFree += memoryTicks(bytes);
        last = Math.max(last, memoryFree + memoryLatency);
        continue;
      }
      const origin = originOf(this.#stages, stage, i, task);
      let out = Math.max(now, bufferPorts.freeAt(origin));
      for (let other = 0; other <= i; other++) {
        const shares = !this.#inMemory(stage, other) && originOf(this.#stages, stage, other, task) === origin;
        if (shares) out += bufferTicks(stage.sources[other]!.bytes[task]!);
      }
      last = Math.max(last, out);
    }
    return last;
  }

  /** Tick at which all inputs of a task would be in a tile. */
  #there(stage: Stage, task: number, tile: number, fetched: number): number {
    let last = fetched;
    for (let i = 0; i < stage.sources.length; i++) {
      const origin = originOf(this.#stages, stage, i, task);
      last = Math.max(last, this.#arrival(origin, tile, stage.sources[i]!.bytes[task]!, fetched));
    }
    return last;
  }

  #inMemory(stage: Stage, source: number): boolean {
    return this.#stages[stage.sources[source]!.stage]!.part !== stage.part;
  }

  /** Most bytes of an input of a task that lies in a tile. */
  #inputAt(tile: number, stage: Stage, task: number): number {
    let most = 0;
    for (let i = 0; i < stage.sources.length; i++) {
      const here = originOf(this.#stages, stage, i, task) === tile;
      if (here) most = Math.max(most, stage.sources[i]!.bytes[task]!);
    }
    return most;
  }

  /** Ticks that bytes take to another tile at least: a link of the chip, or of those between chips. */
  #leastTicks(bytes: number): number {
    const { links, linkTicks } = this.#resources;
    return Math.min(linkTicks(0, bytes), linkTicks(links.count - 1, bytes));
  }

  /** Tick at which a message that leaves at `at` would be there, as links are promised now. */
  #arrival(from: number, to: number, bytes: number, at: number): number {
    if (bytes === 0 || from === to) return at;
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
