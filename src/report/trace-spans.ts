import type { TraceWriter } from './trace-writer.ts';
import { sliceText } from './trace-text.ts';

/** From the first to the last of some activities, and their energy in J. */
export interface TraceSpan {
  start: number;
  end: number;
  energy: number;
  /** Whether any of them is in the trace. */
  shown: boolean;
}

/**
 * The overview of a trace: each inference from its first to its last activity, and each of its layers likewise. They are
 * written at the end, side by side where they overlap.
 */
export class TraceSpans {
  readonly #stages: number;
  readonly #inferences = new Map<number, TraceSpan>();
  /** By inference · stages + stage. */
  readonly #layers = new Map<number, TraceSpan>();

  constructor(stages: number) {
    this.#stages = stages;
  }

  /** Adds an activity. A layer that begins with it is followed only when `open`. */
  add(inference: number, stage: number, start: number, end: number, energy: number, open: boolean): void {
    extend(this.#inferences, inference, start, end, energy, true);
    extend(this.#layers, inference * this.#stages + stage, start, end, energy, open);
  }

  /** That of an inference that did something. */
  inference(inference: number): TraceSpan {
    return this.#inferences.get(inference)!;
  }

  /** That of a stage of it, if it is followed. */
  layer(inference: number, stage: number): TraceSpan | undefined {
    return this.#layers.get(inference * this.#stages + stage);
  }

  /** Writes the inferences, on tracks numbered from `tid` on; the track of each. */
  writeInferences(writer: TraceWriter, pid: number, tid: number): ReadonlyMap<number, number> {
    const tracks = new Map<number, number>();
    const lanes = new Lanes(writer, pid, (lane) => `inferences ${lane}`, tid);
    for (const [inference, span] of shown(this.#inferences)) {
      const track = lanes.place(span);
      tracks.set(inference, track);
      const args = { inference, energy_pJ: span.energy * 1e12 };
      writer.push(sliceText(`inference ${inference}`, 'query', span.start, span.end, pid, track, args));
    }
    return tracks;
  }

  /** Writes the layers of a stage on tracks numbered from `tid` on; the first number that is left. */
  writeLayers(
    writer: TraceWriter,
    pid: number,
    tid: number,
    names: readonly string[],
    layers: readonly string[],
  ): number {
    let next = tid;
    const spans = shown(this.#layers);
    names.forEach((name, stage) => {
      // Viewers take what begins with a slash for a path, and show its end alone.
      const title = (lane: number) => (lane === 1 ? `layer ${name}` : `layer ${name} (${lane})`);
      const lanes = new Lanes(writer, pid, title, next);
      for (const [key, span] of spans) {
        if (key % this.#stages !== stage) continue;
        const inference = (key - stage) / this.#stages;
        const args = { layer: layers[stage]!, inference, energy_pJ: span.energy * 1e12 };
        const track = lanes.place(span);
        writer.push(sliceText(`inference ${inference}`, 'layer', span.start, span.end, pid, track, args));
      }
      next += lanes.count;
    });
    return next;
  }
}

/** Tracks on which spans, given by their start, never overlap. */
class Lanes {
  readonly #writer: TraceWriter;
  readonly #pid: number;
  readonly #title: (lane: number) => string;
  readonly #tid: number;
  readonly #ends: number[] = [];

  constructor(writer: TraceWriter, pid: number, title: (lane: number) => string, tid: number) {
    this.#writer = writer;
    this.#pid = pid;
    this.#title = title;
    this.#tid = tid;
  }

  get count(): number {
    return this.#ends.length;
  }

  place({ start, end }: TraceSpan): number {
    let lane = this.#ends.findIndex((until) => until <= start);
    if (lane < 0) {
      lane = this.#ends.length;
      this.#writer.track(this.#pid, this.#tid + lane, this.#title(lane + 1), this.#tid + lane);
    }
    this.#ends[lane] = end;
    return this.#tid + lane;
  }
}

function extend(
  spans: Map<number, TraceSpan>,
  key: number,
  start: number,
  end: number,
  energy: number,
  open: boolean,
): void {
  const span = spans.get(key);
  if (span === undefined) {
    if (open) spans.set(key, { start, end, energy, shown: false });
    return;
  }
  span.start = Math.min(span.start, start);
  span.end = Math.max(span.end, end);
  span.energy += energy;
}

function shown(spans: ReadonlyMap<number, TraceSpan>): readonly (readonly [number, TraceSpan])[] {
  return [...spans].filter(([, span]) => span.shown).sort(([a, x], [b, y]) => x.start - y.start || a - b);
}
