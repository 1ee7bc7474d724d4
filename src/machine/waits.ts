/** What a task, or the next task of a stage, can wait for. */
export const WAITS = [
  'memoryPort',
  'bufferPort',
  'link',
  'adcBank',
  'digitalCore',
  /** The crossbars of its copy of the layer still work on an earlier MVM. */
  'crossbar',
  /** Data of a stage before it. */
  'input',
  /** A stage behind it has not taken what fills the buffers. */
  'room',
  /** The crossbars hold another part of the network, or its own part is being programmed: the slowest layer of it. */
  'programming',
  /** Weights that its crossbars are programmed with are still on their way from memory. */
  'weightsFromMemory',
] as const;

export type WaitKind = (typeof WAITS)[number];

/** Ticks that tasks of one stage waited for a resource while another stage held it. */
export interface Wait {
  readonly resource: WaitKind;
  /** Stage that waited. */
  readonly waiter: number;
  /** Stage that held the resource, or owed the data or the room. */
  readonly holder: number;
  readonly ticks: number;
}

/** Every wait of a run, added up by resource, waiting stage and holding stage. */
export class WaitLedger {
  readonly #stages: number;
  #ticks: Float64Array;

  constructor(stages: number) {
    this.#stages = stages;
    this.#ticks = new Float64Array(WAITS.length * stages * stages);
  }

  add(kind: number, waiter: number, holder: number, ticks: number): void {
    const at = (kind * this.#stages + waiter) * this.#stages + holder;
    this.#ticks[at] = this.#ticks[at]! + ticks;
  }

  snapshot(): Float64Array {
    return this.#ticks.slice();
  }

  /** Adds `times` times what came since a snapshot. */
  repeat(since: Float64Array, times: number): void {
    this.#ticks = this.#ticks.map((ticks, at) => ticks + (ticks - since[at]!) * times);
  }

  /** All that is not 0, the longest first. */
  list(): readonly Wait[] {
    const waits: Wait[] = [];
    this.#ticks.forEach((ticks, at) => {
      if (ticks === 0) return;
      const holder = at % this.#stages;
      const waiter = Math.floor(at / this.#stages) % this.#stages;
      waits.push({
        resource: WAITS[Math.floor(at / this.#stages ** 2)]!,
        waiter,
        holder,
        ticks,
      });
    });
    return waits.sort(
      (a, b) =>
        b.ticks - a.ticks ||
        WAITS.indexOf(a.resource) - WAITS.indexOf(b.resource) ||
        a.waiter - b.waiter ||
        a.holder - b.holder,
    );
  }
}
