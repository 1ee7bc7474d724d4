import type { ProgrammingPlan } from './programming-plan.ts';
import type { Recorder, StageTasks } from './recorder.ts';
import { ticks } from './ticks.ts';
import type { Transfers } from './transfers.ts';

/** A layer to be programmed, in the name of a task of a stage. */
export interface WrittenLayer {
  readonly plan: ProgrammingPlan;
  readonly stage: StageTasks;
  readonly task: number;
}

/** When crossbars are programmed. */
export interface Written {
  readonly end: number;
  /** Ticks until then that weights, not word lines, were waited for. */
  readonly held: number;
  /** Stage that is done last. */
  readonly last: number;
}

/**
 * Programs crossbars with weights from memory. Layers are read one after the other, each on the way of the weights that
 * digital cores stream: port of the memory, its latency, links. The word lines of a core are written one after the other,
 * cores side by side, each as soon as its weights are there. Those of a layer come to all of its cores at an even pace, so that
 * n of them, each taking w, end at max(first there + n · w, last there + w): no event, and no step, for a word line.
 */
export class CrossbarWriter {
  readonly #transfers: Transfers;
  readonly #recorder: Recorder;
  /** s of a word line. */
  readonly #rowTime: number;

  constructor(transfers: Transfers, recorder: Recorder, rowTime: number) {
    this.#transfers = transfers;
    this.#recorder = recorder;
    this.#rowTime = rowTime;
  }

  /** Programs layers, in their order, from a tick on. */
  write(layers: readonly WrittenLayer[], now: number): Written {
    const cores = new Map<number, { freeAt: number; written: number }>();
    let [end, written, last] = [now, 0, 0];
    for (const layer of layers) {
      const slowest = this.#layer(layer, now, cores);
      if (slowest.end < end || (slowest.end === end && slowest.written < written)) continue;
      ({ end, written } = slowest);
      last = layer.stage.index;
    }
    return { end, held: end - now - written, last };
  }

  /** Programs one layer: end and ticks of writing, from the first layer on, of the core that is done last. */
  #layer(
    { plan, stage, task }: WrittenLayer,
    now: number,
    cores: Map<number, { freeAt: number; written: number }>,
  ): { readonly end: number; readonly written: number } {
    const { bytes, tree, rowsOfCore, mostRows } = plan;
    const last = this.#transfers.weights(tree, bytes, mostRows, now, stage, task);
    const head = this.#transfers.weightsBegin;
    const row = ticks(this.#rowTime);
    let slowest = { start: now, end: now, written: 0, rows: 1 };
    for (const [number, rows] of rowsOfCore) {
      const core = cores.get(number) ?? { freeAt: now, written: 0 };
      cores.set(number, core);
      const hold = ticks(rows * this.#rowTime);
      const start = Math.max(core.freeAt, head + Math.ceil((last - head) / rows));
      core.freeAt = Math.max(start + hold, last + row);
      core.written += hold;
      const { freeAt: end, written } = core;
      if (end > slowest.end || (end === slowest.end && written > slowest.written))
        slowest = { start, end, written, rows };
    }
    this.#record(plan, slowest, last, stage, task);
    return slowest;
  }

  // Where memory is slower, word lines are told as if written as late as may be, the one that waits for the last weights apart.
  #record(
    { cells }: ProgrammingPlan,
    { start, end, rows }: { readonly start: number; readonly end: number; readonly rows: number },
    last: number,
    stage: StageTasks,
    task: number,
  ): void {
    const { program } = this.#recorder.actions;
    const hold = ticks(rows * this.#rowTime);
    const held = end > start + hold;
    const lastCells = held ? Math.ceil(cells / rows) : 0;
    const [from, to] = held ? [end - hold, last] : [start, end];
    this.#recorder.record(program, 0, cells - lastCells, from, to, stage, task);
    this.#recorder.record(program, 0, lastCells, last, end, stage, task);
  }
}
