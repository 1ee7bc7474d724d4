import { Fault } from '../base/fault.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { OpenLoad } from '../load/load.ts';
import type { ServedModel } from '../scheduling/served-model.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { ModelMix } from './model-mix.ts';

/** The queries of an open load, one after the other: when, of which model, due when. */
export class ArrivalFeed {
  readonly #load: OpenLoad;
  readonly #models: readonly ServedModel[];
  readonly #mix: ModelMix;
  readonly #end: number;
  #left: number;
  /** Tick of the next query; Infinity when no more come. */
  tick = 0;
  /** Tick to which queries came, or might have: the end, or the last one where no more were left. */
  until = 0;
  model = 0;
  due = 0;
  quality = 0;

  /** At most `queries`, none at or after tick `end`. */
  constructor(
    load: OpenLoad,
    models: readonly ServedModel[],
    shares: readonly number[],
    random: RandomStream,
    bounds: { readonly queries: number; readonly end: number },
  ) {
    this.#load = load;
    this.#models = models;
    this.#mix = new ModelMix(shares, random);
    this.#left = bounds.queries;
    this.#end = bounds.end;
    this.next();
  }

  next(): void {
    const arrival = this.#left-- > 0 ? this.#load.next() : undefined;
    const tick =
      arrival === undefined ? Number.POSITIVE_INFINITY : Math.round(arrival.time * TICKS_PER_SECOND);
    if (arrival === undefined || tick >= this.#end) {
      if (arrival !== undefined) this.until = this.#end;
      this.tick = Number.POSITIVE_INFINITY;
      this.#left = 0;
      return;
    }
    if (tick < this.tick || Number.isNaN(tick))
      throw new Error(`a query came at ${tick} after one at ${this.tick}`);
    this.tick = tick;
    this.until = tick;
    this.model = arrival.model === undefined ? this.#mix.next() : this.#named(arrival.model);
    const deadline = arrival.deadline ?? this.#models[this.model]!.deadline;
    this.due = tick + Math.round(deadline * TICKS_PER_SECOND);
    this.quality = arrival.quality ?? 0;
  }

  #named(name: string): number {
    const model = this.#models.findIndex((one) => one.name === name);
    if (model >= 0) return model;
    throw new Fault(`a query asks for model ${JSON.stringify(name)}`, {
      cure: `models: ${this.#models.map((one) => one.name).join(', ')}`,
    });
  }
}
