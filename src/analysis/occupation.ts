import type { ActionTable } from '../hardware/action-table.ts';
import type { ActivitySink } from '../machine/activity.ts';
import { RESOURCES, type Resource } from '../report/analysis.ts';
import { resourceOfComponent } from './resource-of-component.ts';

/** Ticks that stages keep one unit of a resource busy. Crossbars belong to one stage: their unit is its copy. */
export interface UnitOccupation {
  readonly resource: Resource;
  readonly unit: number;
  /** Ticks by stage; of crossbars only that of their stage is not 0. */
  readonly busy: Float64Array;
  /** The same of the inferences that show the steady pace alone. */
  readonly steady: Float64Array;
}

const PROGRAMMING = RESOURCES.indexOf('programming');

/**
 * Observer that adds up how long every unit is busy, and for which stage; also for the inferences that show the steady
 * pace alone: the second half, once the first has filled the pipeline, or the period with which they repeat.
 */
export class Occupation implements ActivitySink {
  readonly #stages: number;
  #steadyFrom: number;
  readonly #resourceOf: Int8Array;
  /** [resource]: slot of unit · stages + stage. */
  readonly #slots: Map<number, number>[] = RESOURCES.map(() => new Map());
  #count = 0;
  /** Tick up to which programming is charged. */
  #programmed = 0;
  #busy = new Float64Array(1024);
  #steady = new Float64Array(1024);
  /** Span that a slot counted last: several parts of one MVM, or MACs and their weights, act over the same time. */
  #starts = new Float64Array(1024);
  #ends = new Float64Array(1024);
  /** Inferences that `steady` counts. */
  steadyInferences: number;

  constructor(table: ActionTable, stages: number, inferences: number) {
    this.#stages = stages;
    this.steadyInferences = Math.max(1, inferences - 1 - Math.floor((inferences - 1) / 2));
    this.#steadyFrom = inferences - this.steadyInferences;
    this.#resourceOf = Int8Array.from(table.actions, ({ component, name }) => {
      const resource = resourceOfComponent(table.components[component]!.name, name);
      return resource === undefined ? -1 : RESOURCES.indexOf(resource);
    });
  }

  record(
    action: number,
    unit: number,
    _count: number,
    start: number,
    end: number,
    stage: number,
    inference: number,
  ): void {
    const resource = this.#resourceOf[action]!;
    if (resource < 0) return;
    // Layers are programmed side by side, by one unit: none is charged for what another was charged for.
    if (resource === PROGRAMMING) {
      if (end <= this.#programmed) return;
      start = Math.max(start, this.#programmed);
      this.#programmed = end;
    }
    const slots = this.#slots[resource]!;
    const key = unit * this.#stages + stage;
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = this.#count++;
      slots.set(key, slot);
      if (slot === this.#busy.length) this.#grow();
      this.#starts[slot] = -1;
    }
    if (this.#starts[slot] === start && this.#ends[slot] === end) return;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#busy[slot]! += end - start;
    if (inference >= this.#steadyFrom) this.#steady[slot]! += end - start;
  }

  snapshot(): Float64Array {
    return this.#busy.slice(0, this.#count);
  }

  repeat(since: Float64Array, times: number, inferences: number): void {
    this.#steady = this.#busy.map((busy, slot) => busy - (since[slot] ?? 0));
    this.steadyInferences = inferences;
    this.#busy = this.#busy.map((busy, slot) => busy + times * this.#steady[slot]!);
    // What is still to come drains the pipeline.
    this.#steadyFrom = Infinity;
  }

  /** Every unit that did something. */
  get units(): readonly UnitOccupation[] {
    return RESOURCES.flatMap((resource, number) => {
      const units = new Map<string, UnitOccupation>();
      for (const [key, slot] of this.#slots[number]!) {
        const stage = key % this.#stages;
        const unit = Math.floor(key / this.#stages);
        const name = resource === 'crossbars' ? `${unit} ${stage}` : `${unit}`;
        let found = units.get(name);
        if (found === undefined) {
          const zeros = () => new Float64Array(this.#stages);
          found = { resource, unit, busy: zeros(), steady: zeros() };
          units.set(name, found);
        }
        found.busy[stage] = this.#busy[slot]!;
        found.steady[stage] = this.#steady[slot]!;
      }
      return [...units.values()];
    });
  }

  #grow(): void {
    const larger = (array: Float64Array) => {
      const copy = new Float64Array(2 * array.length);
      copy.set(array);
      return copy;
    };
    this.#busy = larger(this.#busy);
    this.#steady = larger(this.#steady);
    this.#starts = larger(this.#starts);
    this.#ends = larger(this.#ends);
  }
}
