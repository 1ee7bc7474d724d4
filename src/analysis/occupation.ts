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

/** Observer that adds up how long every unit is busy, and for which stage; also for inferences from one on alone. */
export class Occupation implements ActivitySink {
  readonly #stages: number;
  readonly #steadyFrom: number;
  readonly #resourceOf: Int8Array;
  /** [resource][unit]; crossbars: unit × stages + stage. */
  readonly #units: Unit[][] = RESOURCES.map(() => []);

  constructor(table: ActionTable, stages: number, steadyFrom: number) {
    this.#stages = stages;
    this.#steadyFrom = steadyFrom;
    this.#resourceOf = Int8Array.from(table.actions, ({ component }) => {
      const resource = resourceOfComponent(table.components[component]!.name);
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
    const index = resource === CROSSBARS ? unit * this.#stages + stage : unit;
    const units = this.#units[resource]!;
    const found = (units[index] ??= {
      ...{ start: -1, end: -1 },
      ...{ busy: new Float64Array(this.#stages), steady: new Float64Array(this.#stages) },
    });
    // Several parts of one MVM, or MACs and their weights, act over the same time.
    if (found.start === start && found.end === end) return;
    found.start = start;
    found.end = end;
    found.busy[stage]! += end - start;
    if (inference >= this.#steadyFrom) found.steady[stage]! += end - start;
  }

  /** Every unit that did something. */
  get units(): readonly UnitOccupation[] {
    return RESOURCES.flatMap((resource, number) =>
      Object.entries(this.#units[number]!).map(([index, { busy, steady }]) => ({
        resource,
        unit: number === CROSSBARS ? Math.floor(Number(index) / this.#stages) : Number(index),
        ...{ busy, steady },
      })),
    );
  }
}

interface Unit {
  start: number;
  end: number;
  readonly busy: Float64Array;
  readonly steady: Float64Array;
}

const CROSSBARS = RESOURCES.indexOf('crossbars');
