import type { ServedModel } from '../scheduling/served-model.ts';
import type { Device } from './device.ts';
import { checkAccount, checkLittle } from './conservation.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { MeasuredInterval } from './measured-interval.ts';
import type { ModelCounts } from './model-counts.ts';
import type { Occupancy } from './occupancy.ts';
import type { Queries } from './queries.ts';
import type { QueryLine } from './query-line.ts';
import type { Replicas } from './replicas.ts';
import type { LatencyOutcome, ServingRun } from './serving-run.ts';
import type { Windows } from './windows.ts';

const TICK = 1e-12;

/** What a server has kept when its run is over. */
interface Kept {
  readonly models: readonly ServedModel[];
  readonly devices: readonly Device[];
  readonly counts: readonly ModelCounts[];
  readonly lines: readonly QueryLine[];
  readonly queries: Queries;
  /** By model: queries from arrival to answer or drop. */
  readonly present: readonly Occupancy[];
  readonly windows: Windows;
  readonly interval: MeasuredInterval;
  readonly replicas: Replicas;
  /** Of closed loads. */
  readonly rounds: LatencyHistogram | undefined;
  /** Ticks. */
  readonly now: number;
  readonly warmUp: number;
  readonly arrivedUntil: number;
  readonly events: number;
}

/** The outcome of a run, in seconds and joules. An Error where its queries do not add up. */
export function outcomeOf(kept: Kept): ServingRun {
  const { models, devices, counts, windows, now } = kept;
  const elapsed = now * TICK;
  const inFlight = checkedInFlight(kept);
  return {
    elapsed,
    arriving: Math.max(0, kept.arrivedUntil - kept.warmUp) * TICK,
    warmUp: kept.warmUp * TICK,
    models: models.map(({ name }, model) => {
      const one = counts[model]!;
      const { offered, onTime, late, droppedFull, droppedEarly, right, rightOnTime } = one;
      return {
        ...{ name, offered, onTime, late, droppedFull, droppedEarly, right, rightOnTime },
        inFlight: inFlight[model]!,
        ...{ expected: one.expected, expectedOnTime: one.expectedOnTime },
        ...{ belowQuality: one.belowQuality, again: one.again },
        answersByCut: [...one.answersByCut],
        latency: latencyOf(one.latency),
      };
    }),
    latency: latencyOf(together(counts)),
    rounds: kept.rounds === undefined ? undefined : latencyOf(kept.rounds),
    windows: windows.outcomes,
    energy: {
      queries: devices.reduce((sum, device) => sum + device.energy, 0),
      programming: kept.replicas.energy,
    },
    measured: kept.interval.outcome(now),
    switches: windows.switches,
    moves: windows.moves,
    programmings: kept.replicas.programmings,
    lines: kept.lines.map((line) => ({
      length: elapsed === 0 ? 0 : (line.waitedUntil(now) * TICK) / elapsed,
      rate: elapsed === 0 ? 0 : line.joined / elapsed,
      wait: line.meanWait * TICK,
    })),
    events: kept.events,
  };
}

/** By model: queries that came after the warm-up and are neither answered nor dropped. */
function checkedInFlight({ models, counts, lines, queries, present, now, warmUp }: Kept): readonly number[] {
  const left = queries.keptSlots();
  return models.map(({ name }, model) => {
    const own = left.filter((slot) => queries.model[slot] === model);
    const line = lines[model]!;
    checkLittle(`line of ${name}`, line.waitedUntil(now), line.waits(now));
    const { stays } = present[model]!;
    const all = own.reduce((sum, slot) => sum + now - queries.arrival[slot]!, stays);
    checkLittle(`queries of ${name}`, present[model]!.integral(now), all);
    const inFlight = own.filter((slot) => queries.arrival[slot]! >= warmUp).length;
    checkAccount(name, counts[model]!, inFlight);
    return inFlight;
  });
}

function together(counts: readonly ModelCounts[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const { latency } of counts) all.merge(latency);
  return all;
}

function latencyOf(latency: LatencyHistogram): LatencyOutcome | undefined {
  if (latency.count === 0) return undefined;
  const at = (share: number) => latency.percentile(share)! * TICK;
  return {
    ...{ mean: latency.mean! * TICK, largest: latency.largest * TICK },
    ...{ p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999) },
  };
}
