import type { ServingRun } from './serving-run.ts';

/**
 * The figures by which runs are compared. Times in s, energies in J, shares 0 to 1; undefined where nothing was answered.
 * Queries count that came after the warm-up. Rates are per second of the measured interval, from the end of the warm-up to the end of
 * the run (the last answer where all is answered, as LoadGen of MLPerf counts completed samples per second), and so is power; but the rate
 * of what is offered is that of the time in which queries come, whatever happens to them.
 */
export interface RunFigures {
  /** s of the measured interval. */
  readonly measured: number;
  readonly offered: number;
  /** Per second in which queries come; of those that all come at once, of the measured interval. */
  readonly offeredRate: number;
  readonly throughput: number;
  /** Answers in time per second. */
  readonly goodput: number;
  /** Late or dropped, of those offered. */
  readonly missRatio: number;
  readonly meanLatency: number | undefined;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
  /** Right answers of all answers. */
  readonly accuracy: number | undefined;
  /** The least of all windows after the warm-up with at least 30 answers. */
  readonly worstWindowAccuracy: number | undefined;
  /** Right answers in time, of all queries offered. */
  readonly accuracyGoodput: number;
  /** J of an answer: all that is used in the measured interval, leakage and programming too, by the answers given in it. */
  readonly energyPerAnswer: number | undefined;
  readonly energyPerRightOnTime: number | undefined;
  /** W, mean. */
  readonly power: number;
  /** W, mean of the busiest window after the warm-up, or of the measured interval if that is more. */
  readonly peakPower: number;
  /** Changes of plan, warm-up included. */
  readonly switches: number;
  /** s: the longest stretch of windows after the warm-up in each of which more than 1 % of the queries were dropped or late. */
  readonly longestOverload: number;
  /** Jain's index of the models' shares of queries answered in time: 1 where all fare alike. */
  readonly fairness: number | undefined;
}

/** Answers that a window needs to count as the worst one. */
const FEWEST_ANSWERS = 30;
const OVERLOADED = 0.01;

/** The figures of a run on so many devices, each with some leakage (W). */
export function figuresOfRun(run: ServingRun, devices: number, leakage: number): RunFigures {
  const sum = (of: (model: ServingRun['models'][number]) => number) =>
    run.models.reduce((total, model) => total + of(model), 0);
  const { length, answers } = run.measured;
  const perSecond = (count: number) => (length > 0 ? count / length : 0);
  const offered = sum((model) => model.offered);
  const onTime = sum((model) => model.onTime);
  const answered = onTime + sum((model) => model.late);
  const right = sum((model) => model.right);
  const rightOnTime = sum((model) => model.rightOnTime);
  const energy = run.measured.energy + devices * leakage * length;
  const energyPerAnswer = answers === 0 ? undefined : energy / answers;
  // One that overlaps with the warm-up also holds what does not count.
  const windows = run.windows.filter(({ start }) => start >= run.warmUp);
  const latencies = run.latency;
  return {
    measured: length,
    offered,
    offeredRate: run.arriving > 0 ? offered / run.arriving : perSecond(offered),
    throughput: perSecond(answered),
    goodput: perSecond(onTime),
    missRatio: offered === 0 ? 0 : (offered - onTime - sum((model) => model.inFlight)) / offered,
    meanLatency: latencies?.mean,
    ...{ p50: latencies?.p50, p90: latencies?.p90, p99: latencies?.p99, p999: latencies?.p999 },
    accuracy: answered === 0 ? undefined : right / answered,
    worstWindowAccuracy: worstAccuracy(windows),
    accuracyGoodput: offered === 0 ? 0 : rightOnTime / offered,
    energyPerAnswer,
    energyPerRightOnTime:
      energyPerAnswer === undefined || rightOnTime === 0
        ? undefined
        : (energyPerAnswer * answered) / rightOnTime,
    power: perSecond(energy),
    peakPower: windows.reduce(
      (most, window) =>
        window.length > 0 ? Math.max(most, window.energy / window.length + devices * leakage) : most,
      perSecond(energy),
    ),
    switches: run.switches,
    longestOverload: longestOverload(windows),
    fairness: fairness(run),
  };
}

function worstAccuracy(windows: ServingRun['windows']): number | undefined {
  let worst: number | undefined;
  for (const { models } of windows) {
    const answered = models.reduce((total, one) => total + one.answered, 0);
    if (answered < FEWEST_ANSWERS) continue;
    const share = models.reduce((total, one) => total + one.right, 0) / answered;
    worst = worst === undefined ? share : Math.min(worst, share);
  }
  return worst;
}

function longestOverload(windows: ServingRun['windows']): number {
  let longest = 0;
  let stretch = 0;
  for (const { models, length } of windows) {
    const answered = models.reduce((total, one) => total + one.answered, 0);
    const onTime = models.reduce((total, one) => total + one.onTime, 0);
    const dropped = models.reduce((total, one) => total + one.dropped, 0);
    const missed = answered - onTime + dropped;
    const over = missed > OVERLOADED * (answered + dropped);
    stretch = over ? stretch + length : 0;
    longest = Math.max(longest, stretch);
  }
  return longest;
}

// (Σx)² / (n Σx²), Jain, Chiu and Hawe 1984.
function fairness({ models }: ServingRun): number | undefined {
  const shares = models.filter(({ offered }) => offered > 0).map(({ onTime, offered }) => onTime / offered);
  const squares = shares.reduce((total, share) => total + share ** 2, 0);
  if (squares === 0) return undefined;
  return shares.reduce((total, share) => total + share, 0) ** 2 / (shares.length * squares);
}
