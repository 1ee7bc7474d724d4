import type { DispatchView, QueryView } from '../scheduling/request/request-policy.ts';
import type { ServedModel } from '../scheduling/served-model.ts';
import type { Device } from './device.ts';
import type { PlannedMix } from './planned-mix.ts';
import type { Queries } from './queries.ts';
import type { QueryLine } from './query-line.ts';
import type { Replica, Replicas } from './replicas.ts';
import type { Rules } from './rules.ts';

const TICK = 1e-12;

/** What a dispatcher works with, by model where it is a list. */
export interface DispatcherParts {
  readonly models: readonly ServedModel[];
  readonly devices: readonly Device[];
  readonly replicas: Replicas;
  readonly lines: readonly QueryLine[];
  readonly mixes: readonly PlannedMix[];
  readonly queries: Queries;
  readonly rules: Rules;
  /** Queries of a cut that a replica may have in flight when another one starts, by model and cut. */
  readonly most: readonly (readonly number[])[];
  readonly clock: { readonly now: number };
  /** A query in line is given up. */
  giveUp(slot: number): void;
}

/** The lower level at work: takes queries from the lines to devices as the rules say. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #views: readonly MutableView[];
  /** Tick at which each model's line wants another look. */
  readonly #wakes: Float64Array;
  /** Whether more queries may come. */
  ended = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#views = parts.models.map((model) => ({
      ...{ now: 0, model, planned: 0, waiting: 0, ended: false, replicas: [] },
      choosesCut: parts.rules.choosesCut,
      head: { arrival: 0, due: 0, quality: 0 },
    }));
    this.#wakes = new Float64Array(parts.models.length).fill(Number.POSITIVE_INFINITY);
  }

  /** Tick at which some line wants another look, and whose it is. */
  get nextWake(): number {
    return this.#wakes.reduce((least, tick) => Math.min(least, tick), Number.POSITIVE_INFINITY);
  }

  wakeUp(): void {
    const tick = this.nextWake;
    this.#wakes.forEach((wake, model) => {
      if (wake === tick) this.dispatch(model);
    });
  }

  /** Whether a query that comes now could start at once. */
  hasRoom(model: number): boolean {
    const planned = this.#parts.mixes[model]!.next;
    return this.#setRoom(this.#parts.replicas.of(model), planned, this.#parts.most[model]![planned]!);
  }

  /** Starts of a model's line what the rules let start now. */
  dispatch(model: number): void {
    const line = this.#parts.lines[model]!;
    this.#wakes[model] = Number.POSITIVE_INFINITY;
    while (line.length > 0 && this.#startHead(model, line));
  }

  // Whether the line may go on.
  #startHead(model: number, line: QueryLine): boolean {
    const { queries, rules, replicas, mixes, most, clock } = this.#parts;
    const head = line.head;
    const second = queries.again[head]!;
    const planned = second >= 0 ? second : mixes[model]!.next;
    const ready = replicas.of(model);
    if (!this.#setRoom(ready, planned, most[model]![planned]!)) return false;

    const view = this.#views[model]!;
    view.now = clock.now * TICK;
    view.planned = planned;
    view.waiting = line.length;
    view.ended = this.ended;
    view.replicas = ready;
    view.head.arrival = queries.arrival[head]! * TICK;
    view.head.due = queries.due[head]! * TICK;
    view.head.quality = queries.quality[head]!;
    if (second < 0 && rules.drop(view, model)) {
      this.#parts.giveUp(line.leave(clock.now));
      return true;
    }
    const cut = second >= 0 ? second : rules.cut(view, model);
    if (cut !== planned && !this.#setRoom(ready, cut, most[model]![cut]!)) return false;
    const batch = second >= 0 ? { size: 1 } : rules.batch(view, cut, model);
    if (!(batch.size >= 1)) {
      const until = 'until' in batch && batch.until !== undefined ? batch.until : Number.POSITIVE_INFINITY;
      // A look again at the present would never end.
      this.#wakes[model] = Math.max(clock.now + 1, Math.ceil(until / TICK));
      return false;
    }
    this.#start(
      model,
      cut,
      Math.min(Math.floor(batch.size), line.length),
      this.#chosen(view, model, ready),
      line,
    );
    return true;
  }

  #start(model: number, cut: number, size: number, replica: Replica, line: QueryLine): void {
    const { queries, mixes, devices, clock } = this.#parts;
    let fresh = 0;
    for (let started = 0; started < size; started++) {
      const slot = line.leave(clock.now);
      if (queries.again[slot]! < 0) fresh += 1;
      queries.cut[slot] = cut;
      queries.device[slot] = replica.device;
      queries.batch[slot] = size;
      devices[replica.device]!.enter(slot, model, cut, clock.now);
    }
    replica.enter(cut, size);
    if (fresh > 0) mixes[model]!.started(cut, fresh);
  }

  #setRoom(ready: readonly Replica[], cut: number, most: number): boolean {
    let room = false;
    for (const replica of ready) if (replica.setMost(cut, most)) room = true;
    return room;
  }

  #chosen(view: DispatchView, model: number, ready: readonly Replica[]): Replica {
    const index = this.#parts.rules.route(view, model);
    if (index !== undefined) {
      const chosen = ready[index]!;
      if (chosen.inFlight < chosen.most) return chosen;
      throw new Error(`a request policy sends a query to device ${chosen.device}, which has no room`);
    }
    return ready.reduce((best, one) => (one.inFlight < best.inFlight ? one : best));
  }
}

interface MutableView extends DispatchView {
  now: number;
  planned: number;
  waiting: number;
  ended: boolean;
  replicas: readonly Replica[];
  readonly head: { -readonly [Key in keyof QueryView]: QueryView[Key] };
}
