import type { CutProfile } from './profile.ts';

/** What sharing stations with other models costs a query. */
export interface Slowdown {
  /** Ticks that its latency is longer. */
  readonly longer: number;
  /** Ticks between its answer and the one before, at least. */
  readonly pace: number;
}

const NONE: Slowdown = { longer: 0, pace: 0 };

/**
 * Stations of a device that several models share, such as digital cores: queries in flight use a station evenly over their
 * latency, as much of it as their model's pace allows, and leave the rest to other models, which get their equal share at
 * least (assumption: cores take tasks of whichever model is ready). What queries of one model cost each other is told
 * by its pace and overlaps.
 */
export class SharedStations {
  readonly #models: number;
  /** By station and model: share of the station that queries in flight ask for, and at most use. */
  readonly #asked: Float64Array;
  readonly #most: Float64Array;

  constructor(stations: number, models: number) {
    this.#models = models;
    this.#asked = new Float64Array(stations * models);
    this.#most = new Float64Array(stations * models);
  }

  /** What others in flight cost a query of a model that enters now. */
  slowdown(model: number, { visits }: CutProfile): Slowdown {
    if (this.#models === 1) return NONE;
    let longer = 0;
    let pace = 0;
    for (const { station, work } of visits) {
      const speed = this.#speed(station, model);
      longer += work / speed - work;
      pace = Math.max(pace, work / speed);
    }
    return { longer, pace };
  }

  /** A query enters: what others in flight cost it. */
  enter(model: number, profile: CutProfile): Slowdown {
    const slowdown = this.slowdown(model, profile);
    if (this.#models === 1) return slowdown;
    const { visits, latency, interval } = profile;
    for (const { station, work } of visits) {
      const own = station * this.#models + model;
      this.#asked[own] = this.#asked[own]! + work / latency;
      this.#most[own] = Math.min(1, work / interval);
    }
    return slowdown;
  }

  /** The query is answered. */
  leave(model: number, { visits, latency }: CutProfile): void {
    if (this.#models === 1) return;
    for (const { station, work } of visits) {
      const own = station * this.#models + model;
      // Rounding leaves nothing behind that would count as use.
      const left = this.#asked[own]! - work / latency;
      this.#asked[own] = left < LEAST ? 0 : left;
    }
  }

  /** Share of its speed that a station has for a model. */
  #speed(station: number, model: number): number {
    let others = 0;
    let active = 1;
    for (let other = 0; other < this.#models; other++) {
      const at = station * this.#models + other;
      const asked = this.#asked[at]!;
      if (other === model || asked === 0) continue;
      others += Math.min(asked, this.#most[at]!);
      active += 1;
    }
    return Math.max(1 - others, 1 / active);
  }
}

const LEAST = 1e-9;
