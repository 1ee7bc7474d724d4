import { beforeAll, describe, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { RandomStream } from '../../src/base/random-stream.ts';
import { hasDeadlines, scaledLoad, sweepOf } from '../../src/experiment/serving/load-sweep.ts';
import { loadModels } from '../../src/load/index.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import { staticCut } from '../../src/scheduling/window/static.ts';
import type { WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import type { Device } from '../../src/serving/device.ts';
import { kneeOf, leastInTime, meetsDeadline } from '../../src/serving/knee.ts';
import { figuresOfRun } from '../../src/serving/run-figures.ts';
import type { LoadChoice } from '../../src/serving/run-job.ts';
import { Server } from '../../src/serving/server.ts';

beforeAll(loadUnits);

/** A mean service is a microsecond; the server counts picoseconds. */
const SERVICE = 1e-6;
const TICKS = 1e6;

/** One server whose services are drawn; the line before it is that of `Server`. */
class OneServer implements Device {
  readonly #draw: () => number;
  #query = -1;
  nextTime = Number.POSITIVE_INFINITY;
  answeredAt = 0;
  readonly energy = 0;

  constructor(draw: () => number) {
    this.#draw = draw;
  }

  enter(query: number, _model: number, _cut: number, now: number): void {
    this.#query = query;
    this.nextTime = now + Math.max(1, Math.round(TICKS * this.#draw()));
  }

  nextAnswer(until: number): number {
    if (this.nextTime > until) return -1;
    this.answeredAt = this.nextTime;
    this.nextTime = Number.POSITIVE_INFINITY;
    return this.#query;
  }

  estimate(): number {
    return 0;
  }

  busy(): number {
    return 0;
  }
}

const REPLICATIONS = 8;
const CUSTOMERS = 12_000;
/** Of Student's t with 7 degrees of freedom: 99.9 % of an interval of 95 %. */
const WIDER = 5.408 / 2.365;

/** The sweep of a load of the server's full rate, with services as `draw` gives them; the deadline in services. */
function swept(draw: (random: RandomStream) => () => number, factors: readonly number[], deadline = 1e3) {
  const load: LoadChoice = {
    load: loadModels.get('poisson').schema.parse({ type: 'poisson', rate: `${1 / SERVICE} Hz` }) as never,
    ...{ duration: 10, queries: CUSTOMERS, drain: true, warmUp: 500 * SERVICE, window: 1 },
    line: { capacity: 1e7, full: 'reject' },
  };
  const sweep = sweepOf({ factors }, ['only'], true, (_, at) =>
    Array.from({ length: REPLICATIONS }, (__, replication) => {
      const run = played(
        scaledLoad(load, factors[at]!),
        draw(new RandomStream(7, replication)),
        replication,
        deadline,
      );
      return { run, figures: figuresOfRun(run, 1, 0) };
    }),
  );
  return sweep.policies[0]!;
}

function played(load: LoadChoice, draw: () => number, replication: number, deadline: number) {
  const { duration, queries, drain, warmUp, line } = load;
  const cut = { name: 'only', accuracy: 1, latency: SERVICE, interval: SERVICE, energy: 0, work: [SERVICE] };
  const server = new Server({
    models: [{ name: 'm', deadline: deadline * SERVICE, cuts: [cut] }],
    ...{ shares: [1], answers: [undefined], devices: [new OneServer(draw)], stations: ['s'] },
    ...{
      residences: [{ region: { first: 0, count: 0 }, weights: undefined }],
      placement: [[0]],
      most: [[1]],
    },
    window: { policy: staticCut as WindowPolicy, parameters: {}, length: load.window },
    request: [{ policy: fifoOrder, parameters: {} }],
    load: (random) => loadModels.get(load.load.type).open(load.load as never, random),
    ...{ duration, queries, drain, warmUp, line, seed: 1, replication, firstChip: 0 },
  });
  while (!server.advance(1e6));
  return server.result();
}

const exponential = (random: RandomStream) => () => random.exponential();
const constant = () => () => 1;

/** Queries in an M/G/1 queue with a squared coefficient of variation of its services (Pollaczek and Khinchine). */
const present = (load: number, squared: number) => load + (load ** 2 * (1 + squared)) / (2 * (1 - load));
/** Throughput over mean latency, in services: of a stable queue the load, over queries present over the load. */
const powerOf = (load: number, squared: number) => load ** 2 / present(load, squared);

describe('the knee', () => {
  // d/dρ of ρ (1 − ρ) is 0 at ½; of 2ρ (1 − ρ) / (2 − ρ) where ρ² − 4ρ + 2 = 0.
  test.each([
    ['M/M/1', 1, 0.5, exponential],
    ['M/D/1', 0, 2 - Math.SQRT2, constant],
  ] as const)(
    '%s (c² = %d) has most power at %d of its rate, with one query present',
    (_, squared, best, draw) => {
      expect(present(best, squared)).toBeCloseTo(1, 12);
      for (const aside of [-1e-3, 1e-3])
        expect(powerOf(best + aside, squared)).toBeLessThan(powerOf(best, squared));

      const step = 0.1;
      const factors = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
      const { knee, points } = swept(draw, factors);
      expect(Math.abs(knee! - best)).toBeLessThanOrEqual(step / 2);
      for (const { factor, kleinrockPower, figures } of points) {
        const truth = powerOf(factor, squared) / SERVICE ** 2;
        const { mean, interval95 } = kleinrockPower!;
        expect(interval95).toBeLessThan(0.1 * truth);
        expect(Math.abs(mean - truth), `${mean} against ${truth} at ${factor}`).toBeLessThan(
          WIDER * interval95!,
        );
        const { offeredRate } = figures;
        expect(Math.abs(offeredRate!.mean - factor / SERVICE)).toBeLessThan(WIDER * offeredRate!.interval95!);
      }
    },
  );

  test('M/M/1: P(T > d) = e^(−(1 − ρ) d) is 1 % or less up to the highest load in time', () => {
    const [deadline, factors] = [10, [0.3, 0.4, 0.5, 0.6, 0.7]];
    const late = (load: number) => Math.exp(-(1 - load) * deadline);
    expect(late(0.5)).toBeLessThan(0.01);
    expect(late(0.6)).toBeGreaterThan(0.01);
    const { highestInTime, points } = swept(exponential, factors, deadline);
    expect(highestInTime).toBe(0.5);
    expect(points.map(({ meetsDeadline: meets }) => meets)).toEqual([true, true, true, false, false]);
    expect(swept(exponential, [0.1], 1).highestInTime).toBeNull();
  });

  test('is the lower one of two alike, and nowhere where nothing is answered', () => {
    const at = (powers: readonly (number | undefined)[]) =>
      kneeOf(powers.map((power, load) => ({ load, power })));
    expect(at([1, 3, 3, 2])).toBe(1);
    expect(at([undefined, 1, undefined])).toBe(1);
    expect(at([undefined, undefined])).toBeUndefined();
    expect(at([])).toBeUndefined();
  });
});

describe('queries in time', () => {
  test('are those of the model with the least; dropped ones are not, those in flight are not counted', () => {
    const model = (offered: number, onTime: number, inFlight: number) => ({ offered, onTime, inFlight });
    expect(leastInTime([model(100, 99, 0)])).toBe(0.99);
    expect(leastInTime([model(1000, 1000, 0), model(110, 50, 10)])).toBe(0.5);
    expect(leastInTime([model(0, 0, 0), model(5, 0, 5)])).toBe(1);
    expect(leastInTime([])).toBe(1);
    expect(meetsDeadline(0.99)).toBe(true);
    expect(meetsDeadline(0.9899)).toBe(false);
  });

  test('are asked for where a model, or a row of a trace, says by when', () => {
    const load = { load: { type: 'trace', rows: { deadline: undefined } } } as unknown as LoadChoice;
    const marked = {
      load: { type: 'trace', rows: { deadline: Float64Array.of(1) } },
    } as unknown as LoadChoice;
    const counts = { load: { type: 'counts', rows: Float64Array.of(1) } } as unknown as LoadChoice;
    const [never, soon] = [{ deadline: Number.POSITIVE_INFINITY }, { deadline: 1 }];
    expect([load, marked, counts].map((one) => hasDeadlines([never], one))).toEqual([false, true, false]);
    expect([load, counts].map((one) => hasDeadlines([never, soon], one))).toEqual([true, true]);
  });
});
