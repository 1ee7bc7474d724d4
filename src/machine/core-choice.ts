import type { Stage } from '../mapping/schedule.ts';
import type { CoreAgenda } from './core-agenda.ts';
import type { Resources } from './resources.ts';
import { originOf } from './task-place.ts';

/**
 * Which of the digital cores brings the result of a task home first: each of its inputs leaves the buffer that it lies in,
 * crosses links that others use, waits until the core is done with what it has been given, and the result goes home; the task's
 * turns at the ports are the same everywhere. A core that fetches a task cannot fetch another until it begins with that one.
 */
export class CoreChoice {
  readonly #stages: readonly Stage[];
  readonly #resources: Resources;
  readonly #coresPerTile: number;
  readonly #agenda: CoreAgenda;
  /** Of the latest task: the tile that each of its inputs comes from, its bytes, and whether it lies in memory. */
  readonly #origins: Int32Array;
  readonly #bytes: Float64Array;
  readonly #inMemory: Uint8Array;
  #inputs = 0;
  /** Tick at which the inputs of the latest task would be in the core that was chosen for it. */
  there = 0;

  constructor(stages: readonly Stage[], resources: Resources, coresPerTile: number, agenda: CoreAgenda) {
    this.#stages = stages;
    this.#resources = resources;
    this.#coresPerTile = coresPerTile;
    this.#agenda = agenda;
    const most = stages.reduce((count, { sources }) => Math.max(count, sources.length), 0);
    this.#origins = new Int32Array(most);
    this.#bytes = new Float64Array(most);
    this.#inMemory = new Uint8Array(most);
  }

  /**
   * The best of the cores that can fetch, one at least, for a task of a stage (0 to tasks − 1) that takes `hold` ticks of
   * work; among equals the nearest to its home, then the first. -1: it had better wait, since it would stand in line there, and a core that is
   * fetching, though asked only when it can fetch again, would have its result home earlier by more than that work. By less
   * it goes, and makes use of ports and links that may be those which bind.
   */
  best(stage: Stage, task: number, now: number, hold: number): number {
    const agenda = this.#agenda;
    const perTile = this.#coresPerTile;
    const home = stage.homes[task]!;
    this.#look(stage, task);
    const fetched = this.#fetched(now);
    let best = this.#soonestOf(home, fetched);
    this.there = this.#there(home, fetched);
    let end = best < 0 ? Number.POSITIVE_INFINITY : Math.max(this.there, agenda.idleFrom(best));
    // Nothing beats an idle core at home whose inputs are there.
    if (end === fetched) return best;
    const positions = Math.min(stage.positionsPerTask, stage.positions - task * stage.positionsPerTask);
    const output = positions * stage.outputBytesPerPosition;
    let distance = 0;
    for (let tile = 0, tiles = agenda.count / perTile; tile < tiles; tile++) {
      if (tile === home) continue;
      const core = this.#soonestOf(tile, fetched);
      if (core < 0) continue;
      const idle = agenda.idleFrom(core);
      // Not even if the links between the first and the last of each way were free.
      const least = Math.max(idle, this.#leastThere(tile, fetched));
      if (least + this.#leastArrival(tile, home, output, now) - now > end) continue;
      const there = this.#there(tile, fetched);
      const itsEnd = Math.max(there, idle) + this.#arrival(tile, home, output, now) - now;
      const itsDistance = this.#resources.routes.hops(home, tile);
      if (itsEnd > end || (itsEnd === end && itsDistance >= distance)) continue;
      [best, end, distance, this.there] = [core, itsEnd, itsDistance, there];
    }
    if (agenda.idleFrom(best) <= this.there) return best;
    for (let core = 0; core < agenda.count; core++) {
      // Not even if its inputs were there, and its result at home.
      if (!agenda.isFetching(core) || agenda.idleFrom(core) + hold >= end) continue;
      const tile = Math.floor(core / perTile);
      const later = Math.max(0, agenda.fetchesFrom(core) - now);
      const there = this.#there(tile, fetched) + later;
      const itsEnd = Math.max(there, agenda.idleFrom(core)) + this.#arrival(tile, home, output, now) - now;
      if (itsEnd + hold < end) return -1;
    }
    return best;
  }

  /** The core of a tile that can fetch and is idle first, from a tick on; -1 when none can fetch. */
  #soonestOf(tile: number, from: number): number {
    let best = -1;
    let bestIdle = Number.POSITIVE_INFINITY;
    for (let core = tile * this.#coresPerTile, last = core + this.#coresPerTile; core < last; core++) {
      if (this.#agenda.isFetching(core)) continue;
      // However long it has been idle: what is past decides nothing.
      const idle = Math.max(from, this.#agenda.idleFrom(core));
      if (idle < bestIdle) [best, bestIdle] = [core, idle];
    }
    return best;
  }

  #look(stage: Stage, task: number): void {
    const { sources } = stage;
    this.#inputs = sources.length;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]!;
      this.#origins[i] = originOf(this.#stages, stage, i, task);
      this.#bytes[i] = source.bytes[task]!;
      this.#inMemory[i] = this.#stages[source.stage]!.part === stage.part ? 0 : 1;
    }
  }

  /** Tick at which all inputs of the task would be out of their buffers (or memory), one after the other where they share one. */
  #fetched(now: number): number {
    const { bufferPorts, bufferTicks, memoryPort, memoryTicks, memoryLatency } = this.#resources;
    let last = now;
    let memoryFree = Math.max(now, memoryPort.freeAt(0));
    for (let i = 0; i < this.#inputs; i++) {
      const bytes = this.#bytes[i]!;
      if (bytes === 0) continue;
      if (this.#inMemory[i] === 1) {
        memoryFree += memoryTicks(bytes);
        last = Math.max(last, memoryFree + memoryLatency);
        continue;
      }
      const origin = this.#origins[i]!;
      let out = Math.max(now, bufferPorts.freeAt(origin));
      for (let other = 0; other <= i; other++) {
        const shares = this.#inMemory[other] === 0 && this.#origins[other] === origin;
        if (shares) out += bufferTicks(this.#bytes[other]!);
      }
      last = Math.max(last, out);
    }
    return last;
  }

  /** Tick at which all inputs of the task would be in a tile. */
  #there(tile: number, fetched: number): number {
    let last = fetched;
    for (let i = 0; i < this.#inputs; i++) {
      last = Math.max(last, this.#arrival(this.#origins[i]!, tile, this.#bytes[i]!, fetched));
    }
    return last;
  }

  /** Tick before which not all inputs of the task would be in a tile. */
  #leastThere(tile: number, fetched: number): number {
    let last = fetched;
    for (let i = 0; i < this.#inputs; i++) {
      last = Math.max(last, this.#leastArrival(this.#origins[i]!, tile, this.#bytes[i]!, fetched));
    }
    return last;
  }

  /** Tick before which a message that leaves at `at` would not be there: as its first and its last link are promised now. */
  #leastArrival(from: number, to: number, bytes: number, at: number): number {
    if (bytes === 0 || from === to) return at;
    const { routes, links, linkTicks } = this.#resources;
    const first = routes.firstLink(from, to);
    const last = routes.lastLink(from, to);
    return Math.max(
      Math.max(at, links.freeAt(first)) + linkTicks(first, bytes),
      links.freeAt(last) + linkTicks(last, bytes),
    );
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
