import type { MulticastTree } from '../mapping/multicast-tree.ts';
import type { Recorder, StageTasks } from './recorder.ts';
import type { Resources } from './resources.ts';

/** Moves bytes through ports and links: each call queues for what it passes and returns the tick of its end; no bytes, no queue. */
export class Transfers {
  readonly #resources: Resources;
  readonly #recorder: Recorder;
  /** On the links of a multicast tree: when a message starts, and when its tail is through. */
  #starts = new Float64Array(64);
  #tails = new Float64Array(64);
  /** When the first byte of the latest message in a tree was at the last of its tiles. */
  #headThere = 0;
  /** When the first of the latest weights were at the last of their tiles. */
  weightsBegin = 0;

  constructor(resources: Resources, recorder: Recorder) {
    this.#resources = resources;
    this.#recorder = recorder;
  }

  /** From the end of a transfer from memory to its bytes' being there. */
  get memoryLatency(): number {
    return this.#resources.memoryLatency;
  }

  fromMemory(bytes: number, now: number, stage: StageTasks, task: number): number {
    if (bytes === 0) return now;
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(0, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.memoryRead, 0, bytes, start, start + hold, stage, task);
    this.#openRows(bytes, start, hold, stage, task);
    return start + hold;
  }

  toMemory(bytes: number, now: number, stage: StageTasks, task: number): number {
    if (bytes === 0) return now;
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(0, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.memoryWrite, 0, bytes, start, start + hold, stage, task);
    this.#openRows(bytes, start, hold, stage, task);
    return start + hold;
  }

  fromBuffer(tile: number, bytes: number, now: number, stage: StageTasks, task: number): number {
    if (bytes === 0) return now;
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts.reserve(tile, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.bufferRead, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  toBuffer(tile: number, bytes: number, now: number, stage: StageTasks, task: number): number {
    if (bytes === 0) return now;
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts.reserve(tile, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.bufferWrite, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  /** To all tiles of a copy at once, each link of the tree once; the tick of the last arrival. */
  multicast(tree: MulticastTree, bytes: number, now: number, stage: StageTasks, task: number): number {
    if (tree.links.length === 0 || bytes === 0) return now;
    return this.#spread(tree, bytes, now, now, stage, task);
  }

  /**
   * Weights from memory to all crossbars that are programmed with them, sent on while more are read; the tick of the last
   * arrival, and in `weightsBegin` that from which they come. What is read for the first of so many word lines is told apart.
   */
  weights(
    tree: MulticastTree,
    bytes: number,
    rows: number,
    now: number,
    stage: StageTasks,
    task: number,
  ): number {
    const { memoryPort, memoryLatency } = this.#resources;
    const hold = this.#resources.memoryTicks(bytes);
    const start = memoryPort.reserve(0, hold, now, stage.index);
    const first = start + Math.ceil(hold / rows);
    const ofFirst = Math.ceil(bytes / rows);
    const { memoryRead } = this.#recorder.actions;
    this.#recorder.record(memoryRead, 0, ofFirst, start, first, stage, task);
    this.#recorder.record(memoryRead, 0, bytes - ofFirst, first, start + hold, stage, task);
    this.#openRows(bytes, first, start + hold - first, stage, task);
    const head = start + memoryLatency;
    this.weightsBegin = head;
    if (tree.links.length === 0) return head + hold;
    const last = this.#spread(tree, bytes, head, head + hold, stage, task);
    this.weightsBegin = this.#headThere;
    return last;
  }

  // The first byte is there at `begin`, the last one at `end`.
  #spread(
    { links, parents, shares }: MulticastTree,
    bytes: number,
    begin: number,
    end: number,
    stage: StageTasks,
    task: number,
  ): number {
    const resources = this.#resources;
    if (links.length > this.#starts.length) {
      this.#starts = new Float64Array(2 * links.length);
      this.#tails = new Float64Array(2 * links.length);
    }
    const [starts, tails] = [this.#starts, this.#tails];
    let last = end;
    this.#headThere = begin;
    for (let i = 0; i < links.length; i++) {
      const link = links[i]!;
      const parent = parents[i]!;
      const hold = resources.linkTicks(link, bytes * shares[i]!);
      const hop = resources.hopTicks(link);
      const head = parent < 0 ? begin : starts[parent]! + resources.hopTicks(links[parent]!);
      const start = resources.links.reserve(link, hold, head, stage.index);
      const tail = Math.max(parent < 0 ? end : tails[parent]!, start + hold) + hop;
      starts[i] = start;
      tails[i] = tail;
      if (tail > last) last = tail;
      if (start + hop > this.#headThere) this.#headThere = start + hop;
      this.#recordLink(link, bytes * shares[i]!, start, hold, stage, task);
    }
    return last;
  }

  /** Between tiles; at once within a tile. The head of a message goes on while its tail still comes (cut-through). */
  acrossTiles(from: number, to: number, bytes: number, now: number, stage: StageTasks, task: number): number {
    if (from === to || bytes === 0) return now;
    const { routes, path, links } = this.#resources;
    const count = routes.path(from, to, path);
    let head = now;
    let tail = now;
    for (let i = 0; i < count; i++) {
      const link = path[i]!;
      const hold = this.#resources.linkTicks(link, bytes);
      const start = links.reserve(link, hold, head, stage.index);
      this.#recordLink(link, bytes, start, hold, stage, task);
      const hop = this.#resources.hopTicks(link);
      head = start + hop;
      tail = Math.max(tail, start + hold) + hop;
    }
    return tail;
  }

  #recordLink(
    link: number,
    bytes: number,
    start: number,
    hold: number,
    stage: StageTasks,
    task: number,
  ): void {
    const { actions } = this.#recorder;
    const first = this.#resources.routes.firstBetweenChips;
    if (link < first) this.#recorder.record(actions.hop, link, bytes, start, start + hold, stage, task);
    else this.#recorder.record(actions.chipLink, link - first, bytes, start, start + hold, stage, task);
  }

  #openRows(bytes: number, start: number, hold: number, stage: StageTasks, task: number): void {
    const rows = this.#resources.memoryRows(bytes);
    if (rows > 0) {
      this.#recorder.record(this.#recorder.actions.memoryOpen, 0, rows, start, start + hold, stage, task);
    }
  }
}
