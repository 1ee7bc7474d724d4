import type { ActionTable } from '../hardware/action-table.ts';
import type { ActivitySink } from '../machine/activity.ts';

/** Observer that adds up the energy of all actions, J. */
export class EnergySum implements ActivitySink {
  readonly #table: ActionTable;
  readonly #counts: Float64Array;

  constructor(table: ActionTable) {
    this.#table = table;
    this.#counts = new Float64Array(table.actions.length);
  }

  get total(): number {
    return this.#table.actions.reduce((sum, { energy }, action) => sum + energy * this.#counts[action]!, 0);
  }

  record(action: number, _unit: number, count: number): void {
    this.#counts[action] = this.#counts[action]! + count;
  }

  snapshot(): Float64Array {
    return this.#counts.slice();
  }

  repeat(since: Float64Array, times: number): void {
    since.forEach((count, action) => {
      this.#counts[action] = this.#counts[action]! + (this.#counts[action]! - count) * times;
    });
  }
}
