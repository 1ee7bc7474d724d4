import type { WaitLedger } from './waits.ts';

/** Nothing, or its own crossbars, which count their waits themselves. */
export const NOTHING = -1;

/** What the next task of each stage waits for, and for which stage. */
export class StageWaits {
  readonly #ledger: WaitLedger;
  readonly #kinds: Int32Array;
  readonly #others: Int32Array;
  readonly #since: Float64Array;

  constructor(stages: number, ledger: WaitLedger) {
    this.#ledger = ledger;
    this.#kinds = new Int32Array(stages).fill(NOTHING);
    this.#others = new Int32Array(stages);
    this.#since = new Float64Array(stages);
  }

  /** From now on a stage waits for something of another one (`kind`, an index of WAITS); what it waited for before is over. */
  begin(stage: number, kind: number, other: number, now: number): void {
    const before = this.#kinds[stage]!;
    if (before === kind && this.#others[stage] === other) return;
    if (before >= 0) this.#ledger.add(before, stage, this.#others[stage]!, now - this.#since[stage]!);
    this.#kinds[stage] = kind;
    this.#others[stage] = other;
    this.#since[stage] = now;
  }

  /** Charges what all have waited until now, so that since when they wait decides nothing any more. */
  settle(now: number): void {
    this.#kinds.forEach((kind, stage) => {
      if (kind >= 0) this.#ledger.add(kind, stage, this.#others[stage]!, now - this.#since[stage]!);
      this.#since[stage] = now;
    });
  }

  /** Writes what decides the future of one that is settled. */
  state(stage: number, into: number[]): void {
    into.push(this.#kinds[stage]!, this.#others[stage]!);
  }
}
