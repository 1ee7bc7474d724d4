import type { ActionTable } from '../hardware/action-table.ts';
import type { ActivitySink } from '../machine/activity.ts';

/**
 * Observer that folds activities into counts per action and stage; energy is counts × cost, so it does not
 * depend on the order of events.
 */
export class EnergyLedger implements ActivitySink {
  readonly #table: ActionTable;
  readonly #stages: number;
  /** [action][stage] */
  readonly #counts: Float64Array;

  constructor(table: ActionTable, stages: number) {
    this.#table = table;
    this.#stages = stages;
    this.#counts = new Float64Array(table.actions.length * stages);
  }

  record(action: number, _unit: number, count: number, _start: number, _end: number, stage: number): void {
    const slot = action * this.#stages + stage;
    this.#counts[slot] = this.#counts[slot]! + count;
  }

  snapshot(): Float64Array {
    return this.#counts.slice();
  }

  repeat(since: Float64Array, times: number): void {
    for (let slot = 0; slot < since.length; slot++) {
      this.#counts[slot] = this.#counts[slot]! + (this.#counts[slot]! - since[slot]!) * times;
    }
  }

  /** How often an action happened, over all stages. */
  count(action: number): number {
    let sum = 0;
    for (let stage = 0; stage < this.#stages; stage++) sum += this.#counts[action * this.#stages + stage]!;
    return sum;
  }

  /** How often an action happened for a stage; 0 of an action that the chip does not have (-1). */
  countOf(action: number, stage: number): number {
    return action < 0 ? 0 : this.#counts[action * this.#stages + stage]!;
  }

  /** J spent by a component (index in the table) for a stage, leakage apart. */
  energy(component: number, stage: number): number {
    let sum = 0;
    this.#table.actions.forEach((action, number) => {
      if (action.component === component) sum += action.energy * this.#counts[number * this.#stages + stage]!;
    });
    return sum;
  }
}
