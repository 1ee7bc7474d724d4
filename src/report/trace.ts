import type { ActivitySink } from '../machine/activity.ts';
import { TraceCounters } from './trace-counters.ts';
import { counterText, flowText, sliceText } from './trace-text.ts';
import type { TraceSubject, TraceSummary, TraceWindow } from './trace-subject.ts';
import { TraceSpans } from './trace-spans.ts';
import { TraceWriter } from './trace-writer.ts';
import { type TrackPlace, TrackPlaces } from './trace-tracks.ts';

/**
 * Observer that writes a play as a trace for Perfetto: activities of one unit over the same interval are one slice, each
 * inference is a slice of `Queries` with flows to its first task in every stage, and one of `Layers` for each of them; power
 * is a counter by component. The text gathers in `take()`: whoever plays hands it on now and then, so that memory stays
 * bounded. Numbers of tracks ascend as they are shown: viewers order by them where they know of no other order.
 */
export class TraceSink implements ActivitySink {
  readonly #subject: TraceSubject;
  readonly #window: TraceWindow;
  readonly #places: TrackPlaces;
  readonly #counters: TraceCounters;
  readonly #tracks = new Map<number, Track>();
  readonly #spans: TraceSpans;
  readonly #flows: { id: number; ts: number; tid: number; pid: number; inference: number }[] = [];
  readonly #flowing = new Set<number>();
  /** Components that did something. */
  readonly #used = new Set<number>();
  readonly #actionNames: readonly string[];
  readonly #writer = new TraceWriter();
  readonly #firstTrack: number;
  #nextTrack: number;
  #room: number;
  #outsideWindow = 0;
  #beyondLimit = 0;
  #missingFrom: number | undefined;
  #last = 0;

  constructor(subject: TraceSubject, window: TraceWindow) {
    this.#subject = subject;
    this.#window = window;
    this.#places = new TrackPlaces(subject.schedule, subject.table, subject.layout);
    const { components, actions } = subject.table;
    this.#spans = new TraceSpans(subject.schedule.stages.length);
    // Not the number of a process: its track of that number would be taken for its main one.
    this.#firstTrack = 1000 * Math.ceil((FIRST_TILE + subject.layout.tiles) / 1000);
    this.#nextTrack = this.#firstTrack + this.#places.count;
    // An eighth of the room at most is for counters: three a window, and the one that ends each.
    const windows = Math.max(2, Math.min(MOST_WINDOWS, 2 * Math.floor(window.limit / 48)));
    this.#counters = new TraceCounters(window.from, window.to, windows, components.length);
    this.#room = window.limit - 3 * (windows + 1) - NAMED_PROCESSES;
    this.#actionNames = actions.map(({ component, name }) => `${components[component]!.name}.${name}`);
    this.#writer.process(QUERIES, 'Queries', 0);
    this.#writer.process(LAYERS, 'Layers', 1);
    this.#writer.process(CHIP, subject.architecture, 2);
  }

  record(
    action: number,
    unit: number,
    count: number,
    start: number,
    end: number,
    stage: number,
    inference: number,
  ): void {
    const { component, energy } = this.#subject.table.actions[action]!;
    this.#counters.spread(component, energy * count, start, end);
    this.#used.add(component);
    this.#last = Math.max(this.#last, end);
    // Layers that cannot be shown any more are not followed: there may be many.
    const open = this.#beyondLimit === 0 && start < this.#window.to;
    this.#spans.add(inference, stage, start, end, energy * count, open);

    const number = this.#places.number(action, unit, stage);
    let track = this.#tracks.get(number);
    if (track === undefined) {
      track = { number, place: this.#places.place(action, unit, stage), lanes: [], slice: undefined };
      this.#tracks.set(number, track);
    }
    const { slice } = track;
    if (
      slice !== undefined &&
      slice.start === start &&
      slice.end === end &&
      slice.stage === stage &&
      slice.inference === inference
    ) {
      slice.energy += energy * count;
      slice.counts.set(action, (slice.counts.get(action) ?? 0) + count);
      return;
    }
    if (slice !== undefined) this.#emit(track, slice);
    track.slice = {
      start,
      end,
      stage,
      inference,
      energy: energy * count,
      counts: new Map([[action, count]]),
    };
  }

  queue(change: number, at: number): void {
    this.#counters.change(change, at);
  }

  /** The text since the last call, which may not come while a unit's activities over one interval are being told. */
  take(): string {
    this.#emitLatest();
    return this.#writer.take();
  }

  /** Writes what could only be known at the end; afterwards `take()` gives the rest of the file. */
  finish(): TraceSummary {
    this.#emitLatest();
    this.#writeQueries();
    this.#writeCounters();
    const summary = {
      events: this.#writer.events,
      outsideWindow: this.#outsideWindow,
      beyondLimit: this.#beyondLimit,
      missingFrom: this.#missingFrom,
    };
    this.#writer.end(this.#otherData(summary));
    return summary;
  }

  #emitLatest(): void {
    const latest: { track: Track; slice: Slice }[] = [];
    for (const track of this.#tracks.values()) {
      if (track.slice !== undefined) latest.push({ track, slice: track.slice });
      track.slice = undefined;
    }
    latest.sort((a, b) => a.slice.start - b.slice.start);
    for (const { track, slice } of latest) this.#emit(track, slice);
  }

  #emit(track: Track, slice: Slice): void {
    const { from, to } = this.#window;
    const { start, end, stage, inference, counts } = slice;
    if (start >= to || (end <= from && start < from)) {
      this.#outsideWindow += 1;
      return;
    }
    const query = this.#spans.inference(inference);
    const layer = this.#spans.layer(inference, stage);
    const flow = track.place.computes && this.#firstOf(inference, stage);
    const lane = track.lanes.find((one) => one.end <= start);
    const needed =
      1 +
      (lane === undefined ? NAMES_OF_TRACK : 0) +
      (query.shown ? 0 : 1 + NAMES_OF_TRACK) +
      (layer?.shown ? 0 : 1 + NAMES_OF_TRACK) +
      (flow ? 2 : 0);
    // Once one is missing all later ones are: what the trace shows is complete up to there.
    if (this.#beyondLimit > 0 || this.#room < needed || layer === undefined) {
      this.#beyondLimit += 1;
      this.#missingFrom = Math.min(this.#missingFrom ?? start, start);
      return;
    }
    this.#room -= needed;
    query.shown = true;
    layer.shown = true;
    const taken = lane ?? this.#openLane(track);
    taken.end = end;
    const { pid, tid } = taken;
    const { stages } = this.#subject.schedule;
    const args = {
      layer: this.#subject.layerOfStage[stage]!,
      inference,
      energy_pJ: slice.energy * 1e12,
      count: Object.fromEntries([...counts].map(([action, count]) => [this.#actionNames[action], count])),
    };
    const { name } = stages[stage]!;
    this.#writer.push(sliceText(name, track.place.category, start, end, pid, tid, args));
    if (!flow) return;
    const id = inference * stages.length + stage + 1;
    this.#flowing.add(id);
    this.#flows.push({ id, ts: start, tid, pid, inference });
  }

  #firstOf(inference: number, stage: number): boolean {
    return !this.#flowing.has(inference * this.#subject.schedule.stages.length + stage + 1);
  }

  // Slices of queries come before the flows that leave them, and those before the flows' ends.
  #writeQueries(): void {
    const { schedule, layerOfStage } = this.#subject;
    const names = schedule.stages.map(({ name }) => name);
    const next = this.#spans.writeLayers(this.#writer, LAYERS, this.#nextTrack, names, layerOfStage);
    const tids = this.#spans.writeInferences(this.#writer, QUERIES, next);
    for (const { id, ts, tid, pid, inference } of this.#flows) {
      this.#writer.push(flowText('s', id, ts, QUERIES, tids.get(inference)!));
      this.#writer.push(flowText('f', id, ts, pid, tid));
    }
  }

  #writeCounters(): void {
    const { components } = this.#subject.table;
    const counters = this.#counters;
    counters.close(this.#last);
    const leakage = components.reduce((sum, { leakage, count }) => sum + leakage * count, 0);
    const shown = components.flatMap((component, index) =>
      this.#used.has(index) ? [{ component, index }] : [],
    );
    for (let window = 0; window <= counters.used; window++) {
      const ended = window === counters.used;
      const start = counters.startOf(window);
      const seconds = (counters.startOf(window + 1) - start) / TICKS_PER_SECOND;
      const powers: Record<string, number> = { leakage };
      for (const { component, index } of shown) {
        const before = powers[component.name] ?? 0;
        powers[component.name] = ended ? 0 : before + counters.sum(window, index) / seconds;
      }
      const total = ended ? 0 : Object.values(powers).reduce((sum, power) => sum + power, 0);
      const tasks = ended ? 0 : counters.depth(window);
      this.#writer.push(counterText('total', start, CHIP, { 'power (W)': total }));
      this.#writer.push(counterText('power (W)', start, CHIP, ended ? { ...powers, leakage: 0 } : powers));
      this.#writer.push(counterText('ready', start, CHIP, { tasks }));
    }
  }

  #otherData({ events, outsideWindow, beyondLimit, missingFrom }: TraceSummary) {
    const { kirchhoff, architecture, workload, schedule, inferences } = this.#subject;
    const { from, to, limit } = this.#window;
    const seconds = (ticks: number) => ticks / TICKS_PER_SECOND;
    return {
      ...{ kirchhoff, architecture, workload, schedule: schedule.partition.name, inferences },
      window: { from: seconds(from), to: to === Number.POSITIVE_INFINITY ? null : seconds(to) },
      counterWindow: seconds(this.#counters.width),
      ...{ events, limit },
      leftOut: {
        outsideWindow,
        beyondLimit,
        from: missingFrom === undefined ? null : seconds(missingFrom),
      },
    };
  }

  #openLane({ number, place, lanes }: Track): Lane {
    const { process, name } = place;
    const pid = process === 'chip' ? CHIP : FIRST_TILE + process.tile;
    if (process !== 'chip') this.#writer.process(pid, `Tile ${process.tile}`, pid);
    const title = lanes.length === 0 ? name : `${name} (${lanes.length + 1})`;
    const order = this.#firstTrack + number;
    const lane = { pid, tid: lanes.length === 0 ? order : this.#nextTrack++, end: 0 };
    this.#writer.track(pid, lane.tid, title, order);
    lanes.push(lane);
    return lane;
  }
}

interface Track {
  readonly number: number;
  readonly place: TrackPlace;
  /** One, unless activities of the unit overlap. */
  readonly lanes: Lane[];
  /** The latest, to which activities over the same interval are added. */
  slice: Slice | undefined;
}

interface Lane {
  readonly pid: number;
  readonly tid: number;
  end: number;
}

interface Slice {
  readonly start: number;
  readonly end: number;
  readonly stage: number;
  readonly inference: number;
  energy: number;
  readonly counts: Map<number, number>;
}

const CHIP = 1;
const QUERIES = 2;
const LAYERS = 3;
const FIRST_TILE = 10;
/** Names and places of the three processes that every trace has. */
const NAMED_PROCESSES = 6;
/** At most: its own name and place, and those of its process. */
const NAMES_OF_TRACK = 4;
const MOST_WINDOWS = 2048;
const TICKS_PER_SECOND = 1e12;
