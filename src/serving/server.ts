import { RandomStream } from '../base/random-stream.ts';
import type { Load } from '../load/load.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import type { AnswerView } from '../scheduling/request/request-policy.ts';
import type { ServedModel } from '../scheduling/served-model.ts';
import type { WindowPolicy } from '../scheduling/window/window-policy.ts';
import { AnswerSource, type AnswerTable } from './answer-source.ts';
import { ArrivalFeed } from './arrival-feed.ts';
import { Clients } from './clients.ts';
import type { Device } from './device.ts';
import { Dispatcher } from './dispatcher.ts';
import { MeasuredInterval } from './measured-interval.ts';
import { ModelCounts } from './model-counts.ts';
import { ModelMix } from './model-mix.ts';
import { Occupancy } from './occupancy.ts';
import { PlannedMix } from './planned-mix.ts';
import { Queries } from './queries.ts';
import { QueryLine } from './query-line.ts';
import { Replicas, type Residence } from './replicas.ts';
import { type ChosenPolicy, Rules } from './rules.ts';
import { outcomeOf } from './run-outcome.ts';
import type { ServingRun } from './serving-run.ts';
import { Windows } from './windows.ts';

/** A serving system, what comes to it and who decides. Lists are by model unless said otherwise. Times in s. */
export interface ServerOptions {
  readonly models: readonly ServedModel[];
  /** Shares of the queries that name no model. */
  readonly shares: readonly number[];
  /** Where the network was computed: what it answers. */
  readonly answers: readonly (AnswerTable | undefined)[];
  readonly devices: readonly Device[];
  /** Of every device, in the order of `ServedCut.work`. */
  readonly stations: readonly string[];
  readonly residences: readonly Residence[];
  /** Devices that hold each model at the start. */
  readonly placement: readonly (readonly number[])[];
  /** By model and cut: in flight on a replica when another query starts. */
  readonly most: readonly (readonly number[])[];
  /** Queries that wait at most, and who goes when one more comes. */
  readonly line: { readonly capacity: number; readonly full: 'reject' | 'drop-head' };
  readonly window: { readonly policy: WindowPolicy; readonly parameters: unknown; readonly length: number };
  readonly request: readonly ChosenPolicy[];
  /** Starts the load anew, the same each time. */
  readonly load: (random: RandomStream) => Load;
  /** After which no more queries come, and most queries that come. */
  readonly duration: number;
  readonly queries: number;
  /** Whether what is in line and in flight then is still answered; never of closed loads. */
  readonly drain: boolean;
  readonly warmUp: number;
  readonly seed: number;
  /** Number of this run among those of other arrivals with the same seed. */
  readonly replication: number;
  /** Simulated chip of device 0; the others follow. */
  readonly firstChip: number;
  /** Hears of every answer. */
  readonly onAnswer?: (answer: {
    number: number;
    model: number;
    cut: number;
    arrival: number;
    answered: number;
  }) => void;
}

/** Streams of chance. */
export const STREAM = { load: 0x5e10, models: 0x5e11 };
const TICK = 1 / TICKS_PER_SECOND;

/**
 * A serving system in time: queries come, wait in the line of their model, start on a device when the rules say so and
 * are answered; at every window the plan may change. Every query is accounted for: offered = in time + late + dropped +
 * in flight, and spends its time somewhere (Little's law), which is checked of every run. Same options, same run. Memory grows with what waits and is in flight, not with what came.
 */
export class Server {
  readonly #options: ServerOptions;
  readonly #clock = { now: 0 };
  readonly #feed: ArrivalFeed | undefined;
  readonly #clients: Clients | undefined;
  readonly #clientMix: ModelMix;
  readonly #end: number;
  readonly #queries = new Queries();
  readonly #lines: readonly QueryLine[];
  /** By model: ticks to an answer of its fastest cut on an idle device. */
  readonly #fastest: readonly number[];
  readonly #counts: readonly ModelCounts[];
  /** By model: queries from arrival to answer or drop. */
  readonly #present: readonly Occupancy[];
  readonly #answers: readonly AnswerSource[];
  readonly #replicas: Replicas;
  readonly #rules: Rules;
  readonly #dispatcher: Dispatcher;
  readonly #windows: Windows;
  readonly #interval: MeasuredInterval;
  readonly #warmUp: number;
  /** Tick at which the run ends whatever goes on; Infinity where all is answered first. */
  readonly #stop: number;
  #offered = 0;
  #events = 0;
  #finished = false;

  constructor(options: ServerOptions) {
    const { models, devices, seed, shares, replication } = options;
    this.#options = options;
    this.#end = Math.round(options.duration * TICKS_PER_SECOND);
    this.#warmUp = Math.round(options.warmUp * TICKS_PER_SECOND);
    const load = options.load(new RandomStream(seed, STREAM.load, replication));
    this.#stop = load.kind === 'closed' || !options.drain ? this.#end : Number.POSITIVE_INFINITY;
    this.#feed = load.kind === 'open' ? this.#openFeed() : undefined;
    this.#clients = load.kind === 'closed' ? new Clients(load) : undefined;
    this.#clientMix = new ModelMix(shares, new RandomStream(seed, STREAM.models, replication));
    this.#lines = models.map(() => new QueryLine());
    this.#fastest = models.map(({ cuts }) =>
      Math.round(Math.min(...cuts.map(({ latency }) => latency)) * TICKS_PER_SECOND),
    );
    this.#counts = models.map(({ cuts }) => new ModelCounts(cuts.length));
    this.#present = models.map(() => new Occupancy());
    this.#answers = models.map(
      ({ cuts }, model) =>
        new AnswerSource(
          options.answers[model],
          cuts.map(({ accuracy }) => accuracy),
          { seed, replication, model },
        ),
    );
    const mixes = models.map(({ cuts }) => new PlannedMix(cuts.length));
    this.#replicas = new Replicas(devices, options.placement, options.residences, this.#clock);
    this.#interval = new MeasuredInterval(devices, this.#replicas, options.stations.length, this.#warmUp);
    this.#rules = new Rules(options.request, models);
    const shared = { models, devices, replicas: this.#replicas, lines: this.#lines, mixes };
    this.#dispatcher = new Dispatcher({
      ...shared,
      ...{ queries: this.#queries, rules: this.#rules, most: options.most, clock: this.#clock },
      giveUp: (slot) => this.#giveUp(slot, 'droppedEarly'),
    });
    const { policy, parameters, length } = options.window;
    const peek = policy.clairvoyant === true && this.#feed !== undefined ? this.#openFeed() : undefined;
    this.#windows = new Windows({
      ...shared,
      ...{ policy, parameters, length: Math.round(length * TICKS_PER_SECOND), stations: options.stations },
      counts: this.#counts,
      arrivals: (_from, to) => counted(peek, to, models.length),
    });
  }

  /** Queries that have come so far. */
  get offered(): number {
    return this.#offered;
  }

  /** Plays so many things that happen; whether all is over. */
  advance(events: number): boolean {
    for (let played = 0; played < events && !this.#finished; played++) {
      this.#finished = !this.#step();
      this.#events += 1;
    }
    return this.#finished;
  }

  result(): ServingRun {
    if (!this.#finished) throw new Error('the run is not over');
    const { models, devices } = this.#options;
    return outcomeOf({
      ...{ models, devices, counts: this.#counts, lines: this.#lines },
      ...{ queries: this.#queries, present: this.#present },
      ...{
        windows: this.#windows,
        interval: this.#interval,
        replicas: this.#replicas,
        rounds: this.#clients?.rounds,
        now: this.#clock.now,
        warmUp: this.#warmUp,
      },
      events: this.#events,
      arrivedUntil: this.#feed?.until ?? this.#clock.now,
    });
  }

  // Whether the run goes on.
  #step(): boolean {
    const own = Math.min(this.#nextOwn(), this.#stop);
    const { devices } = this.#options;
    let first = 0;
    let earliest = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    for (let device = 0; device < devices.length; device++) {
      const tick = devices[device]!.nextTime;
      if (tick < earliest) [first, earliest, second] = [device, tick, earliest];
      else if (tick < second) second = tick;
    }
    if (earliest <= own && earliest !== Number.POSITIVE_INFINITY) {
      const slot = devices[first]!.nextAnswer(Math.min(own, second, LAST_TICK));
      if (slot >= 0) this.#answered(slot, devices[first]!.answeredAt);
      return true;
    }
    if (own === Number.POSITIVE_INFINITY || own === this.#stop) {
      if (own !== Number.POSITIVE_INFINITY) this.#clock.now = own;
      this.#windows.close(this.#clock.now);
      return false;
    }
    this.#clock.now = own;
    if (this.#interval.next === own) this.#interval.begin();
    else if (this.#windows.next === own) this.#turn();
    else if (this.#replicas.nextProgrammed === own)
      this.#dispatcher.dispatch(this.#replicas.takeProgrammed());
    else if (this.#arrivalTick() === own) this.#arrive();
    else this.#dispatcher.wakeUp();
    return true;
  }

  // Windows and the warm-up go on as long as anything else does.
  #nextOwn(): number {
    const { nextWake } = this.#dispatcher;
    const next = Math.min(this.#arrivalTick(), nextWake, this.#replicas.nextProgrammed);
    const over = next === Number.POSITIVE_INFINITY && this.#inFlight() === 0 && this.#waiting() === 0;
    return over ? next : Math.min(next, this.#windows.next, this.#interval.next);
  }

  #arrivalTick(): number {
    if (this.#feed !== undefined) return this.#feed.tick;
    return this.#offered < this.#options.queries ? this.#clients!.next : Number.POSITIVE_INFINITY;
  }

  #inFlight(): number {
    return this.#queries.kept - this.#waiting();
  }

  #waiting(): number {
    let waiting = 0;
    for (const { length } of this.#lines) waiting += length;
    return waiting;
  }

  #turn(): void {
    this.#windows.turn(this.#clock.now);
    this.#lines.forEach((_, model) => this.#dispatcher.dispatch(model));
    const nothing = Math.min(this.#arrivalTick(), this.#dispatcher.nextWake, this.#replicas.nextProgrammed);
    if (nothing === Number.POSITIVE_INFINITY && this.#inFlight() === 0 && this.#waiting() > 0)
      throw new Error('the request policies let queries wait for ever');
  }

  #arrive(): void {
    const { now } = this.#clock;
    const feed = this.#feed;
    if (feed !== undefined) {
      const { model, due, quality } = feed;
      feed.next();
      this.#dispatcher.ended = feed.tick === Number.POSITIVE_INFINITY;
      this.#offer(model, due, quality, -1);
      return;
    }
    const clients = this.#clients!;
    const client = clients.ask();
    const first = this.#offered;
    for (let query = 0; query < clients.together; query++) {
      const model = this.#clientMix.next();
      const due = now + Math.round(this.#options.models[model]!.deadline * TICKS_PER_SECOND);
      this.#offer(model, due, 0, client);
    }
    if (this.#offered === first) throw new Error('a client sends no queries');
  }

  #offer(model: number, due: number, quality: number, client: number): void {
    const { now } = this.#clock;
    const queries = this.#queries;
    const line = this.#lines[model]!;
    const { capacity, full } = this.#options.line;
    const slot = queries.add();
    queries.number[slot] = this.#offered++;
    queries.model[slot] = model;
    queries.arrival[slot] = now;
    queries.due[slot] = due;
    queries.quality[slot] = quality;
    queries.client[slot] = client;
    this.#present[model]!.enter(now);
    const counts = this.#counts[model]!;
    counts.window.offered += 1;
    if (now >= this.#warmUp) counts.offered += 1;

    const starts = line.length === 0 && this.#dispatcher.hasRoom(model);
    if (line.length >= capacity && !starts) {
      if (full === 'reject' || line.length === 0) {
        this.#giveUp(slot, 'droppedFull');
        return;
      }
      this.#giveUp(line.leave(now), 'droppedFull');
    }
    const arrival = now * TICK;
    line.join(slot, this.#rules.order({ arrival, due: due * TICK, quality }), now);
    this.#dispatcher.dispatch(model);
  }

  #giveUp(slot: number, how: 'droppedFull' | 'droppedEarly'): void {
    const queries = this.#queries;
    const counts = this.#counts[queries.model[slot]!]!;
    counts.window.dropped += 1;
    if (queries.arrival[slot]! >= this.#warmUp) counts[how] += 1;
    const client = queries.client[slot]!;
    const patience = this.#fastest[queries.model[slot]!]!;
    this.#remove(slot);
    if (client >= 0) this.#clients!.dropped(client, this.#clock.now, patience);
  }

  #answered(slot: number, tick: number): void {
    this.#clock.now = tick;
    const queries = this.#queries;
    const model = queries.model[slot]!;
    this.#replicas.done(model, queries.cut[slot]!, queries.device[slot]!);
    const view = this.#rules.asksAgain || this.#rules.learns ? this.#answerView(slot, model) : undefined;
    if (view !== undefined && this.#rules.learns) this.#rules.learn(view, model);
    const again = view === undefined || view.again ? undefined : this.#rules.again(view, model);
    if (again !== undefined) this.#askAgain(slot, model, again);
    else this.#count(slot, model);
    this.#dispatcher.dispatch(model);
  }

  #askAgain(slot: number, model: number, cut: number): void {
    const queries = this.#queries;
    queries.again[slot] = cut;
    if (queries.arrival[slot]! >= this.#warmUp) this.#counts[model]!.again += 1;
    const [arrival, due] = [queries.arrival[slot]! * TICK, queries.due[slot]! * TICK];
    const order = this.#rules.order({ arrival, due, quality: queries.quality[slot]! });
    this.#lines[model]!.join(slot, order, this.#clock.now);
  }

  #count(slot: number, model: number): void {
    const queries = this.#queries;
    const { now } = this.#clock;
    const cut = queries.cut[slot]!;
    const number = queries.number[slot]!;
    const arrival = queries.arrival[slot]!;
    const onTime = now <= queries.due[slot]!;
    const chip = this.#options.firstChip + queries.device[slot]!;
    const right = this.#answers[model]!.isRight(number, cut, chip) ? 1 : 0;
    const { accuracy } = this.#options.models[model]!.cuts[cut]!;
    const counts = this.#counts[model]!;
    const { window } = counts;
    this.#interval.answered();
    window.answered += 1;
    window.right += right;
    window.expected += accuracy;
    window.answersByCut[cut] = window.answersByCut[cut]! + 1;
    window.latency.add(now - arrival);
    if (onTime) window.onTime += 1;
    if (arrival >= this.#warmUp) {
      if (onTime) counts.onTime += 1;
      else counts.late += 1;
      counts.right += right;
      counts.expected += accuracy;
      if (onTime) counts.rightOnTime += right;
      if (onTime) counts.expectedOnTime += accuracy;
      if (accuracy < queries.quality[slot]!) counts.belowQuality += 1;
      counts.answersByCut[cut] = counts.answersByCut[cut]! + 1;
      counts.latency.add(now - arrival);
    }
    this.#options.onAnswer?.({ number, model, cut, arrival, answered: now });
    const client = queries.client[slot]!;
    this.#remove(slot);
    if (client >= 0) this.#clients!.answered(client, now);
  }

  #remove(slot: number): void {
    const queries = this.#queries;
    this.#present[queries.model[slot]!]!.leave(queries.arrival[slot]!, this.#clock.now);
    queries.remove(slot);
  }

  #answerView(slot: number, model: number): AnswerView {
    const queries = this.#queries;
    const cut = queries.cut[slot]!;
    const { now } = this.#clock;
    const chip = this.#options.firstChip + queries.device[slot]!;
    return {
      now: now * TICK,
      model: this.#options.models[model]!,
      query: {
        arrival: queries.arrival[slot]! * TICK,
        due: queries.due[slot]! * TICK,
        quality: queries.quality[slot]!,
      },
      cut,
      batch: queries.batch[slot]!,
      late: now > queries.due[slot]!,
      margin: this.#answers[model]!.margin(queries.number[slot]!, cut, chip),
      again: queries.again[slot]! >= 0,
    };
  }

  #openFeed(): ArrivalFeed {
    const { load, models, shares, seed, replication, queries } = this.#options;
    const opened = load(new RandomStream(seed, STREAM.load, replication));
    if (opened.kind !== 'open') throw new Error('a load is open at one time and closed at another');
    const bounds = { queries, end: this.#end };
    return new ArrivalFeed(
      opened,
      models,
      shares,
      new RandomStream(seed, STREAM.models, replication),
      bounds,
    );
  }
}

// Queries of each model before a tick, taken from a feed of their own.
function counted(feed: ArrivalFeed | undefined, to: number, models: number): readonly number[] {
  const counts = new Array<number>(models).fill(0);
  if (feed === undefined) return counts;
  for (; feed.tick < to; feed.next()) counts[feed.model] = counts[feed.model]! + 1;
  return counts;
}

/** The last tick that can be counted. */
const LAST_TICK = Number.MAX_SAFE_INTEGER;
