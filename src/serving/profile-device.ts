import { batchAnswer } from './batch-profile.ts';
import type { Device } from './device.ts';
import { MixedCuts } from './mixed-cuts.ts';
import { overlapsOf } from './overlap.ts';
import type { CutProfile, ModelProfile } from './profile.ts';
import { queryEnergy, shareBeside } from './query-energy.ts';
import { SharedStations, type Slowdown } from './shared-stations.ts';

/**
 * A device by its profile. The queries of a cut follow each other through its pipeline: each is answered at
 * max(entry + latency, answer before + interval), which is exact for stages that take constant times and share nothing,
 * plus what the profile says of those that overlap with it; those that enter together, as the machine answered such a
 * batch. Cuts and models slow each other down where they share stations. One cut of one model, and mixes of cuts of one,
 * are held against the machine by the tests; several models at a time are an approximation.
 */
export class ProfileDevice implements Device {
  readonly #models: readonly Model[];
  readonly #pipelines: readonly Pipeline[];
  readonly #shared: SharedStations;
  /** By station: ticks that it was busy with the queries that are answered. */
  readonly #work: Float64Array;
  answeredAt = 0;
  energy = 0;

  constructor(models: readonly ModelProfile[], stations: number) {
    this.#models = models.map(({ cuts }, model) => ({
      pipelines: cuts.map((profile) => new Pipeline(profile, model)),
      mixed: new MixedCuts(stations),
    }));
    this.#pipelines = this.#models.flatMap(({ pipelines }) => pipelines);
    this.#shared = new SharedStations(stations, models.length);
    this.#work = new Float64Array(stations);
  }

  get nextTime(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { answerAt } of this.#pipelines) if (answerAt < next) next = answerAt;
    return next;
  }

  enter(query: number, model: number, cut: number, now: number): void {
    const { pipelines, mixed } = this.#models[model]!;
    const pipeline = pipelines[cut]!;
    const { profile } = pipeline;
    for (const other of pipelines) if (other !== pipeline) other.follow(now);
    pipeline.enter(query, now, mixed.wait(cut, profile, now), this.#shared.enter(model, profile));
    mixed.enter(cut, profile, now);
  }

  nextAnswer(until: number): number {
    let first = this.#pipelines[0]!;
    for (const pipeline of this.#pipelines) if (pipeline.answerAt < first.answerAt) first = pipeline;
    if (!(first.answerAt <= until)) return -1;
    return this.#answer(first, first.answerAt);
  }

  /** The query of a cut that entered first was answered by then, whatever the profile says of it. */
  answered(model: number, cut: number, tick: number): void {
    this.#answer(this.#models[model]!.pipelines[cut]!, tick);
  }

  #answer(pipeline: Pipeline, tick: number): number {
    const { profile, model } = pipeline;
    this.answeredAt = tick;
    for (const { station, work, busy = work } of profile.visits)
      this.#work[station] = this.#work[station]! + busy;
    this.#shared.leave(model, profile);
    this.#models[model]!.mixed.leave(profile);
    const query = pipeline.answer(tick);
    this.energy += pipeline.answeredEnergy;
    return query;
  }

  estimate(model: number, cut: number, now: number): number {
    const { pipelines, mixed } = this.#models[model]!;
    const pipeline = pipelines[cut]!;
    const { profile } = pipeline;
    return pipeline.estimate(now, mixed.wait(cut, profile, now), this.#shared.slowdown(model, profile));
  }

  busy(station: number, until: number): number {
    let busy = this.#work[station]!;
    // What is in flight works evenly over its latency.
    for (const { profile, onTheWay } of this.#pipelines) {
      const visit = profile.visits.find((one) => one.station === station);
      if (visit === undefined) continue;
      for (const { entered } of onTheWay)
        busy += Math.min(1, Math.max(0, until - entered) / profile.latency) * (visit.busy ?? visit.work);
    }
    return Math.min(busy, until);
  }
}

/** The pipelines of a model's cuts, and what they wait for each other. */
interface Model {
  readonly pipelines: readonly Pipeline[];
  readonly mixed: MixedCuts;
}

interface Entered {
  readonly entered: number;
  /** Ticks for which other cuts of the model hold what it needs. */
  readonly wait: number;
  readonly slowdown: Slowdown;
  /** When those entered that came after it. */
  readonly followers: readonly number[];
  /** Those that entered with it, where there are any, and its place among them. */
  batch?: { size: number } | undefined;
  readonly place: number;
}

interface OnTheWay extends Entered {
  readonly query: number;
  readonly followers: number[];
}

const NOBODY: readonly number[] = [];

/** The queries of one cut on a device, in the order in which they are answered. */
class Pipeline {
  readonly profile: CutProfile;
  readonly model: number;
  #queue: OnTheWay[] = [];
  #answered = Number.NEGATIVE_INFINITY;
  /** When the query that was answered last would have been, had all kept the pace of the cut. */
  #paced = Number.NEGATIVE_INFINITY;
  /** Tick of the next answer; Infinity where none is on its way. */
  answerAt = Number.POSITIVE_INFINITY;
  /** J of the query that was answered last. */
  answeredEnergy = 0;

  constructor(profile: CutProfile, model: number) {
    this.profile = profile;
    this.model = model;
  }

  get onTheWay(): readonly OnTheWay[] {
    return this.#queue;
  }

  enter(query: number, now: number, wait: number, slowdown: Slowdown): void {
    const last = this.#queue.at(-1);
    const together = last?.entered === now && this.profile.batches !== undefined;
    if (together) (last.batch ??= { size: 1 }).size += 1;
    for (const one of this.#queue) one.followers.push(now);
    const [batch, place] = together ? [last.batch, last.place + 1] : [undefined, 0];
    this.#queue.push({ query, entered: now, wait, slowdown, followers: [], batch, place });
    this.#plan(now);
  }

  /** A query of another cut of the model enters. */
  follow(now: number): void {
    if (this.#queue.length === 0) return;
    for (const one of this.#queue) one.followers.push(now);
    this.#plan(now);
  }

  answer(tick: number): number {
    const head = this.#queue.shift()!;
    const { query, entered, followers, batch } = head;
    const [before, next] = [this.#answered, followers[0] ?? Number.POSITIVE_INFINITY];
    const beside = shareBeside({ entered, answered: tick, before, next });
    this.answeredEnergy = queryEnergy(this.profile, beside, batch?.size ?? 1);
    this.#paced = Math.max(tick, this.#pacedOf(head, this.#paced));
    this.#answered = tick;
    this.#plan(tick);
    return query;
  }

  /** Ticks to the answer of one that would enter now, if none came after it. */
  estimate(now: number, wait: number, slowdown: Slowdown): number {
    let [before, paced] = [this.#answered, this.#paced];
    for (const one of this.#queue) {
      before = Math.max(now, this.#answerOf(one, before, paced));
      paced = Math.max(before, this.#pacedOf(one, paced));
    }
    const last = { entered: now, wait, slowdown, followers: NOBODY, place: 0 };
    return this.#answerOf(last, before, paced) - now;
  }

  // The head is answered no earlier than now: what comes after it only makes it later.
  #plan(now: number): void {
    const head = this.#queue[0];
    this.answerAt =
      head === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(now, this.#answerOf(head, this.#answered, this.#paced));
  }

  #pacedOf({ entered, wait, slowdown }: Entered, paced: number): number {
    const { latency, interval } = this.profile;
    return Math.max(entered + latency + wait + slowdown.longer, paced + Math.max(interval, slowdown.pace));
  }

  #answerOf(one: Entered, before: number, paced: number): number {
    const { latency, interval, inFlight, overlap } = this.profile;
    const { entered, wait, slowdown, batch, place } = one;
    if (batch !== undefined) {
      const answer = (at: number) => batchAnswer(this.profile.batches!, batch.size, at);
      return Math.round(
        place === 0
          ? Math.max(entered + answer(0) + wait + slowdown.longer, before + Math.max(interval, slowdown.pace))
          : before + Math.max(answer(place) - answer(place - 1), slowdown.pace),
      );
    }
    const base = Math.max(
      entered + latency + wait + slowdown.longer,
      before + Math.max(interval, slowdown.pace),
    );
    const [ahead, behind] = overlapsOf(one, before, base, latency);
    // A few may follow each other more closely than the pace; many cannot.
    const soonest = this.#pacedOf(one, paced) - inFlight * interval;
    return Math.round(Math.max(base + overlap.mean[ahead]![behind]!, soonest));
  }
}
