import type { Device } from './device.ts';
import { overlapsOf } from './overlap.ts';
import type { CutProfile, ModelProfile } from './profile.ts';
import { SharedStations, type Slowdown } from './shared-stations.ts';

/**
 * A device by its profile. The queries of a model follow each other through its pipeline: each is answered at
 * max(entry + latency, answer before + interval), which is exact for stages that take constant times and share nothing,
 * plus what the profile says of those that overlap with it. Models slow each other down where they share stations. For one
 * cut of one model it is held against the machine by the tests; mixes of cuts and models are an
 * approximation (the interval after another cut is the largest work of the stations that both use).
 */
export class ProfileDevice implements Device {
  readonly #models: readonly ModelProfile[];
  readonly #pipelines: readonly Pipeline[];
  readonly #shared: SharedStations;
  /** By station: ticks that it was busy with the queries that are answered. */
  readonly #work: Float64Array;
  answeredAt = 0;
  energy = 0;

  constructor(models: readonly ModelProfile[], stations: number) {
    this.#models = models;
    this.#pipelines = models.map(() => new Pipeline());
    this.#shared = new SharedStations(stations, models.length);
    this.#work = new Float64Array(stations);
  }

  get nextTime(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { answerAt } of this.#pipelines) if (answerAt < next) next = answerAt;
    return next;
  }

  enter(query: number, model: number, cut: number, now: number): void {
    const profile = this.#models[model]!.cuts[cut]!;
    this.energy += profile.energy;
    this.#pipelines[model]!.enter(query, profile, now, this.#shared.enter(model, profile));
  }

  nextAnswer(until: number): number {
    const pipelines = this.#pipelines;
    let model = 0;
    for (let other = 1; other < pipelines.length; other++)
      if (pipelines[other]!.answerAt < pipelines[model]!.answerAt) model = other;
    const first = pipelines[model]!;
    if (!(first.answerAt <= until)) return -1;
    this.answeredAt = first.answerAt;
    const { query, cut } = first.answer();
    for (const { station, work, busy = work } of cut.visits)
      this.#work[station] = this.#work[station]! + busy;
    this.#shared.leave(model, cut);
    return query;
  }

  estimate(model: number, cut: number, now: number): number {
    return this.#pipelines[model]!.estimate(this.#models[model]!.cuts[cut]!, now);
  }

  busy(station: number, until: number): number {
    let busy = this.#work[station]!;
    // What is in flight works evenly over its latency.
    for (const pipeline of this.#pipelines) {
      for (const { cut, entered } of pipeline.onTheWay) {
        const done = Math.min(1, Math.max(0, until - entered) / cut.latency);
        for (const visit of cut.visits)
          if (visit.station === station) busy += done * (visit.busy ?? visit.work);
      }
    }
    return Math.min(busy, until);
  }
}

interface OnTheWay {
  query: number;
  cut: CutProfile;
  entered: number;
  readonly slowdown: Slowdown;
  readonly followers: number[];
}

/** The queries of one model on a device, in the order in which they are answered. */
class Pipeline {
  #queue: OnTheWay[] = [];
  #answered = Number.NEGATIVE_INFINITY;
  #last: CutProfile | undefined;
  /** When the last that entered will be answered, as an estimate. */
  #estimated = Number.NEGATIVE_INFINITY;
  #lastEntered: CutProfile | undefined;
  /** Tick of the next answer; Infinity where none is on its way. */
  answerAt = Number.POSITIVE_INFINITY;

  get onTheWay(): readonly OnTheWay[] {
    return this.#queue;
  }

  enter(query: number, cut: CutProfile, now: number, slowdown: Slowdown): void {
    for (const one of this.#queue) one.followers.push(now);
    this.#queue.push({ query, cut, entered: now, slowdown, followers: [] });
    this.#estimated = now + this.estimate(cut, now);
    this.#lastEntered = cut;
    this.#plan(now);
  }

  answer(): OnTheWay {
    const head = this.#queue.shift()!;
    this.#answered = this.answerAt;
    this.#last = head.cut;
    this.#plan(this.answerAt);
    return head;
  }

  estimate(cut: CutProfile, now: number): number {
    const before = Math.max(this.#estimated, this.#answered);
    return Math.max(cut.latency, before + separation(this.#lastEntered, cut) - now);
  }

  // The head is answered no earlier than now: what comes after it only makes it later.
  #plan(now: number): void {
    const head = this.#queue[0];
    if (head === undefined) {
      this.answerAt = Number.POSITIVE_INFINITY;
      return;
    }
    const { cut, entered, slowdown } = head;
    const apart = this.#last === undefined ? 0 : Math.max(separation(this.#last, cut), slowdown.pace);
    const base = Math.max(entered + cut.latency + slowdown.longer, this.#answered + apart);
    const [ahead, behind] = overlapsOf(head, this.#answered, base, cut.latency);
    this.answerAt = Math.max(now, Math.round(base + cut.overlap.mean[ahead]![behind]!));
  }
}

/** Least ticks between the answers of two cuts, one after the other: what the stations that both use take for the second. */
function separation(before: CutProfile | undefined, cut: CutProfile): number {
  if (before === undefined) return 0;
  if (before === cut) return cut.interval;
  let most = 0;
  for (const { station, work } of cut.visits) {
    if (before.visits.some((visit) => visit.station === station && visit.work > 0))
      most = Math.max(most, work);
  }
  return most;
}
