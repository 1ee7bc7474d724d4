import type { Stage } from '../mapping/schedule.ts';
import type { MulticastTree } from './multicast-tree.ts';
import type { Recorder } from './recorder.ts';
import type { Resources } from './resources.ts';

/** Moves bytes through ports and links: each call queues for what it passes and returns the tick of its end. */
export class Transfers {
  readonly #resources: Resources;
  readonly #recorder: Recorder;
  /** Starts on the links of a multicast tree. */
  #starts = new Float64Array(64);

  constructor(resources: Resources, recorder: Recorder) {
    this.#resources = resources;
    this.#recorder = recorder;
  }

  fromMemory(bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(0, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.memoryRead, 0, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  toMemory(bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(0, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.memoryWrite, 0, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  fromBuffer(tile: number, bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts.reserve(tile, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.bufferRead, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  toBuffer(tile: number, bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts.reserve(tile, hold, now, stage.index);
    this.#recorder.record(this.#recorder.actions.bufferWrite, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  /** To all tiles of a copy at once, each link of the tree once; the tick of the last arrival. */
  multicast(tree: MulticastTree, bytes: number, now: number, stage: Stage, task: number): number {
    const { links, parents, shares } = tree;
    if (links.length === 0 || bytes === 0) return now;
    const { hopTicks } = this.#resources;
    const { hop } = this.#recorder.actions;
    if (links.length > this.#starts.length) this.#starts = new Float64Array(2 * links.length);
    const starts = this.#starts;
    let last = now;
    for (let i = 0; i < links.length; i++) {
      const hold = this.#resources.linkTicks(bytes * shares[i]!);
      const parent = parents[i]!;
      const ready = parent < 0 ? now : starts[parent]! + hopTicks;
      const start = this.#resources.links.reserve(links[i]!, hold, ready, stage.index);
      starts[i] = start;
      const there = start + hopTicks + hold;
      if (there > last) last = there;
      this.#recorder.record(hop, links[i]!, bytes * shares[i]!, start, start + hold, stage, task);
    }
    return last;
  }

  /** Between tiles; at once within a tile. The head of a message goes on while its tail still comes (cut-through). */
  acrossTiles(from: number, to: number, bytes: number, now: number, stage: Stage, task: number): number {
    if (from === to || bytes === 0) return now;
    const { routes, path, hopTicks, links } = this.#resources;
    const hold = this.#resources.linkTicks(bytes);
    const count = routes.path(from, to, path);
    let head = now;
    const { hop } = this.#recorder.actions;
    for (let i = 0; i < count; i++) {
      const start = links.reserve(path[i]!, hold, head, stage.index);
      this.#recorder.record(hop, path[i]!, bytes, start, start + hold, stage, task);
      head = start + hopTicks;
    }
    return head + hold;
  }
}
