import type { Device } from './device.ts';
import type { CutProfile, ModelProfile } from './profile.ts';
import { Stations } from './stations.ts';

/**
 * A device by its profile: queries walk through a few stations, first come, first served, as in a flow shop. With one
 * station it answers at max(entry + latency, answer before + interval), which is exact for a pipeline of any depth
 * whose stages take constant times; with several it is an approximation, held against the machine by the tests.
 */
export class ProfileDevice implements Device {
  readonly #models: readonly ModelProfile[];
  readonly #stations: Stations;
  // Of the queries on their way, by slot: which query, of which model and cut, and how many visits it has begun.
  readonly #free: number[] = [];
  readonly #query: number[] = [];
  readonly #cut: CutProfile[] = [];
  readonly #visit: number[] = [];
  answeredAt = 0;
  energy = 0;

  constructor(models: readonly ModelProfile[], stations: number) {
    this.#models = models;
    this.#stations = new Stations(new Array<number>(stations).fill(1));
  }

  get nextTime(): number {
    return this.#stations.nextMove;
  }

  enter(query: number, model: number, cut: number, now: number): void {
    const profile = this.#models[model]!.cuts[cut]!;
    const slot = this.#free.pop() ?? this.#query.length;
    this.#query[slot] = query;
    this.#cut[slot] = profile;
    this.#visit[slot] = 0;
    this.energy += profile.energy;
    this.#goOn(slot, now);
  }

  nextAnswer(until: number): number {
    while (this.#stations.nextMove <= until) {
      const slot = this.#stations.nextJob;
      const now = this.#stations.nextMove;
      this.#stations.removeNext();
      if (this.#visit[slot] === this.#cut[slot]!.visits.length) {
        this.#free.push(slot);
        this.answeredAt = now;
        return this.#query[slot]!;
      }
      this.#goOn(slot, now);
    }
    return -1;
  }

  estimate(model: number, cut: number, now: number): number {
    const { visits, latency } = this.#models[model]!.cuts[cut]!;
    let delay = 0;
    for (const { station, after } of visits) {
      delay += Math.max(0, this.#stations.backlog(station, now) - after - delay);
    }
    return latency + delay;
  }

  busy(station: number, until: number): number {
    return this.#stations.busy(station, until);
  }

  #goOn(slot: number, now: number): void {
    const { visits, latency } = this.#cut[slot]!;
    const number = this.#visit[slot]!++;
    const visit = visits[number];
    if (visit === undefined) throw new Error('a query went on after its last station');
    const next = visits[number + 1]?.after ?? latency;
    this.#stations.visit(slot, visit.station, visit.work, next - visit.after, now);
  }
}
