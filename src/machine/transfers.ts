import type { Stage } from '../mapping/schedule.ts';
import type { Recorder } from './recorder.ts';
import type { Resources } from './resources.ts';

/** Moves bytes through the ports of the chip: each call queues for its port and returns the tick of its end. */
export class Transfers {
  readonly #resources: Resources;
  readonly #recorder: Recorder;

  constructor(resources: Resources, recorder: Recorder) {
    this.#resources = resources;
    this.#recorder = recorder;
  }

  fromMemory(bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(hold, now);
    this.#recorder.record(this.#recorder.actions.memoryRead, 0, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  toMemory(bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.memoryTicks(bytes);
    const start = this.#resources.memoryPort.reserve(hold, now);
    this.#recorder.record(this.#recorder.actions.memoryWrite, 0, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  fromBuffer(tile: number, bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts[tile]!.reserve(hold, now);
    this.#recorder.record(this.#recorder.actions.bufferRead, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  toBuffer(tile: number, bytes: number, now: number, stage: Stage, task: number): number {
    const hold = this.#resources.bufferTicks(bytes);
    const start = this.#resources.bufferPorts[tile]!.reserve(hold, now);
    this.#recorder.record(this.#recorder.actions.bufferWrite, tile, bytes, start, start + hold, stage, task);
    return start + hold;
  }

  /** To several tiles at once: the sender's port once, each link of the tree once; the tick of the last arrival. */
  multicast(
    from: number,
    to: readonly number[],
    links: number,
    bytes: number,
    now: number,
    stage: Stage,
    task: number,
  ): number {
    if (links === 0 || bytes === 0) return now;
    const hold = this.#resources.linkTicks(bytes);
    const start = this.#resources.links[from]!.reserve(hold, now);
    this.#recorder.record(this.#recorder.actions.hop, from, bytes * links, start, start + hold, stage, task);
    let farthest = 0;
    for (const tile of to) farthest = Math.max(farthest, this.#resources.wayTicks(from, tile));
    return start + hold + farthest;
  }

  /** Between tiles, through the sender's port and the routers on the way; at once within a tile. */
  acrossTiles(from: number, to: number, bytes: number, now: number, stage: Stage, task: number): number {
    if (from === to || bytes === 0) return now;
    const hold = this.#resources.linkTicks(bytes);
    const start = this.#resources.links[from]!.reserve(hold, now);
    const byteHops = bytes * this.#resources.hops(from, to);
    this.#recorder.record(this.#recorder.actions.hop, from, byteHops, start, start + hold, stage, task);
    return start + hold + this.#resources.wayTicks(from, to);
  }
}
