import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { loadModels } from '../../src/load/index.ts';
import { edf } from '../../src/scheduling/request/edf.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import type { RequestPolicy } from '../../src/scheduling/request/request-policy.ts';
import { staticCut } from '../../src/scheduling/window/static.ts';
import type { WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import type { Device } from '../../src/serving/device.ts';
import { Server } from '../../src/serving/server.ts';
import type { ServingRun } from '../../src/serving/serving-run.ts';
import { Stations } from './stations.ts';

/** A second is a million ticks here, so that rounding is far below what is measured. */
const SECOND = 1e6;

/** Where a job goes after a station: the number of another, or −1: it is answered. */
type Route = (station: number, random: RandomStream) => number;

/** A device of stations with random services: what queueing theory knows. */
class RandomDevice implements Device {
  readonly #stations: Stations;
  readonly #services: readonly (() => number)[];
  readonly #route: Route;
  readonly #random: RandomStream;
  readonly #at = new Map<number, number>();
  answeredAt = 0;
  readonly energy = 0;

  constructor(
    servers: readonly number[],
    services: (random: RandomStream) => readonly (() => number)[],
    route: Route = () => -1,
  ) {
    this.#random = new RandomStream(42, 1);
    this.#stations = new Stations(servers);
    this.#services = services(this.#random);
    this.#route = route;
  }

  get nextTime(): number {
    return this.#stations.nextMove;
  }

  enter(query: number, model: number, _cut: number, now: number): void {
    this.#visit(query, Math.min(model, 0), now);
  }

  nextAnswer(until: number): number {
    while (this.#stations.nextMove <= until) {
      const query = this.#stations.nextJob;
      const now = this.#stations.nextMove;
      this.#stations.removeNext();
      const next = this.#route(this.#at.get(query)!, this.#random);
      if (next < 0) {
        this.answeredAt = now;
        return query;
      }
      this.#visit(query, next, now);
    }
    return -1;
  }

  estimate(): number {
    return 0;
  }

  busy(station: number, until: number): number {
    return this.#stations.busy(station, until);
  }

  #visit(query: number, station: number, now: number): void {
    this.#at.set(query, station);
    const work = Math.max(1, Math.round(this.#services[station]!() * SECOND));
    this.#stations.visit(query, station, work, work, now);
  }
}

interface Setting {
  readonly load: { readonly type: string; readonly [key: string]: unknown };
  readonly device: RandomDevice;
  /** In flight at most: servers of a queue whose line is the server's own; Infinity where the device queues. */
  readonly most?: number;
  readonly capacity?: number;
  readonly customers?: number;
  readonly duration?: number;
  readonly request?: readonly RequestPolicy[];
  readonly seed?: number;
  readonly deadlines?: readonly number[];
  readonly onAnswer?: (answer: { model: number; arrival: number; answered: number }) => void;
}

const CUSTOMERS = 1_000_000;

function serve(setting: Setting): ServingRun {
  const { load, device, most = 1e9, capacity = 1e7, customers = CUSTOMERS, deadlines = [1e9] } = setting;
  const model = loadModels.get(load.type);
  // Times of the server are picoseconds: everything is a millionth of it here.
  const scale = SECOND / 1e12;
  const parsed = model.schema.parse(
    JSON.parse(
      JSON.stringify(load)
        .replace(/"rate":([\d.]+)/g, (_, rate: string) => `"rate":"${Number(rate) / scale} Hz"`)
        .replace(/"think":([\d.]+)/g, (_, think: string) => `"think":"${Number(think) * scale} s"`),
    ),
  );
  const cut = { name: 'only', accuracy: 1, latency: 1, interval: 1, energy: 0, work: [1] };
  const server = new Server({
    models: deadlines.map((deadline, index) => ({ name: `m${index}`, deadline, cuts: [cut] })),
    shares: deadlines.map(() => 1),
    answers: deadlines.map(() => undefined),
    ...{ devices: [device], stations: ['s'] },
    residences: deadlines.map(() => ({ region: { first: 0, count: 0 }, weights: undefined })),
    placement: deadlines.map(() => [0]),
    most: deadlines.map(() => [most]),
    line: { capacity, full: 'reject' },
    window: { policy: staticCut as WindowPolicy, parameters: {}, length: 1e9 * scale },
    request: (setting.request ?? [fifoOrder]).map((policy) => ({ policy, parameters: {} })),
    load: (random) => model.open(parsed as never, random),
    duration: (setting.duration ?? 1e9) * scale,
    ...{ queries: customers, drain: true, warmUp: 0, seed: setting.seed ?? 1, replication: 0, firstChip: 0 },
    ...(setting.onAnswer === undefined ? {} : { onAnswer: setting.onAnswer }),
  });
  while (!server.advance(1e6));
  const run = server.result();
  for (const { length, rate, wait } of run.lines) {
    if (length > 0.01) expect(Math.abs(length / (rate * wait) - 1), "Little's law").toBeLessThan(0.01);
  }
  for (const one of run.models) {
    expect(one.onTime + one.late + one.droppedFull + one.droppedEarly + one.inFlight).toBe(one.offered);
  }
  return run;
}

/** Sojourn times in batches: mean and half width of its 99 % interval (Student's t, 19 degrees of freedom: 2.861). */
class Batches {
  readonly #sums = new Float64Array(20);
  readonly #counts = new Float64Array(20);
  readonly #size: number;
  #seen = 0;

  constructor(expected: number) {
    this.#size = expected / 20;
  }

  add(value: number): void {
    const at = Math.min(19, Math.floor(this.#seen++ / this.#size));
    this.#sums[at] = this.#sums[at]! + value;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  interval(): readonly [number, number] {
    const means = Array.from(this.#sums, (sum, at) => sum / this.#counts[at]!);
    const centre = means.reduce((a, b) => a + b, 0) / 20;
    const spread = Math.sqrt(means.reduce((sum, one) => sum + (one - centre) ** 2, 0) / 19);
    return [centre, (2.861 * spread) / Math.sqrt(20)];
  }
}

/** Mean sojourn of a setting, in its seconds, in a 99 % interval. */
function sojourn(setting: Setting): readonly [number, number] {
  const batches = new Batches(setting.customers ?? CUSTOMERS);
  serve({ ...setting, onAnswer: ({ arrival, answered }) => batches.add((answered - arrival) / SECOND) });
  return batches.interval();
}

function expectInside([centre, half]: readonly [number, number], truth: number): void {
  expect(half, `interval ± ${half} of ${truth}`).toBeLessThan(0.1 * truth);
  expect(Math.abs(centre - truth), `${centre} ± ${half} against ${truth}`).toBeLessThan(half);
}

const exponential =
  (mean = 1) =>
  (random: RandomStream) => [() => mean * random.exponential()];
const fixed = () => [() => 1];
const poisson = (rate: number) => ({ type: 'poisson', rate });

describe('one queue', () => {
  test.each([
    [0.5, 2],
    [0.8, 5],
  ])('M/M/1 at %d: W = %d, percentiles −ln(1 − p) W', (rate, truth) => {
    const setting = { load: poisson(rate), device: new RandomDevice([1], exponential()), most: 1 };
    const batches = new Batches(CUSTOMERS);
    const run = serve({
      ...setting,
      onAnswer: ({ arrival, answered }) => batches.add((answered - arrival) / SECOND),
    });
    expectInside(batches.interval(), truth);
    const { p50, p90, p99 } = run.models[0]!.latency!;
    const seconds = (value: number) => (value * 1e12) / SECOND;
    expect(Math.abs(seconds(p50) / (Math.log(2) * truth) - 1)).toBeLessThan(0.02);
    expect(Math.abs(seconds(p90) / (Math.log(10) * truth) - 1)).toBeLessThan(0.03);
    expect(Math.abs(seconds(p99) / (Math.log(100) * truth) - 1)).toBeLessThan(0.06);
    expect(Math.abs(run.measured.utilisation[0]! / rate - 1)).toBeLessThan(0.01);
  });

  test.each([
    [2, 1.6, 1.777778],
    [16, 14.4, 0.36959],
  ])('M/M/c, c = %d, λ = %d: Wq = %d by Erlang C', (servers, rate, wait) => {
    expectInside(
      sojourn({ load: poisson(rate), device: new RandomDevice([servers], exponential()), most: servers }),
      1 + wait,
    );
  });

  test.each([
    [0.8, 2],
    [0.9, 4.5],
  ])('M/D/1 at %d: Wq = %d', (rate, wait) => {
    expectInside(sojourn({ load: poisson(rate), device: new RandomDevice([1], fixed), most: 1 }), 1 + wait);
  });

  test('M/G/1 (Pollaczek and Khinchine): Erlang-2 and hyperexponential services', () => {
    const erlang = (random: RandomStream) => [() => 0.5 * (random.exponential() + random.exponential())];
    expectInside(sojourn({ load: poisson(0.8), device: new RandomDevice([1], erlang), most: 1 }), 1 + 3);
    // Means 0.5 and 3 with probabilities 0.8 and 0.2: E[S] = 1, E[S²] = 4, Wq = λ E[S²] / 2 / (1 − ρ).
    const hyper = (random: RandomStream) => [() => (random.uniform() < 0.8 ? 0.5 : 3) * random.exponential()];
    expectInside(sojourn({ load: poisson(0.5), device: new RandomDevice([1], hyper), most: 1 }), 1 + 2);
  });

  test.each([
    [0.8, 0.088819, 0.728944],
    [1.2, 0.250588, 0.899294],
  ])('M/M/1/5 at %d: blocks %d, throughput %d', (rate, blocked, throughput) => {
    const run = serve({
      load: poisson(rate),
      device: new RandomDevice([1], exponential()),
      most: 1,
      capacity: 4,
    });
    const [model] = run.models;
    const share = model!.droppedFull / model!.offered;
    expect(Math.abs(share - blocked)).toBeLessThan(2.6 * Math.sqrt((4 * blocked) / CUSTOMERS));
    expect(Math.abs(((model!.onTime / run.elapsed) * (SECOND / 1e12)) / throughput - 1)).toBeLessThan(0.005);
  });

  test.each([
    [1, 0.8, 0.444444],
    [10, 8, 0.121661],
  ])(
    'Erlang B, %d servers, %d offered: %d blocked, whatever the distribution of services',
    (servers, rate, blocked) => {
      for (const services of [exponential(), fixed]) {
        const run = serve({
          load: poisson(rate),
          device: new RandomDevice([servers], services),
          most: servers,
          capacity: 0,
        });
        const share = run.models[0]!.droppedFull / run.models[0]!.offered;
        expect(Math.abs(share - blocked), `${share}`).toBeLessThan(
          2.6 * Math.sqrt((3 * blocked) / CUSTOMERS),
        );
      }
    },
  );

  test('priorities without preemption: Wq1 = 1.333, Wq2 = 6.667', () => {
    // Two classes in one line: the urgent one first, then by arrival. Deadlines tell them apart.
    const first: RequestPolicy = {
      ...fifoOrder,
      name: 'priority',
      order: ({ quality, arrival }) => arrival - 1e6 * quality,
    };
    const sums = [new Batches(CUSTOMERS / 2), new Batches(CUSTOMERS / 2)];
    const random = new RandomStream(9, 9);
    let previous: { time: number; quality: number } | undefined;
    const load = loadModels.get('poisson');
    const urgent: number[] = [];
    const marked = {
      ...load,
      open: (parameters: never, own: RandomStream) => {
        const opened = load.open(parameters, own);
        if (opened.kind !== 'open') throw new Error('closed');
        return {
          kind: 'open' as const,
          next: () => {
            previous = { time: opened.next()!.time, quality: random.uniform() < 0.5 ? 1 : 0 };
            urgent.push(previous.quality);
            return previous;
          },
        };
      },
    };
    const scale = SECOND / 1e12;
    const cut = { name: 'only', accuracy: 1, latency: 1, interval: 1, energy: 0, work: [1] };
    const server = new Server({
      models: [{ name: 'm', deadline: 1e9, cuts: [cut] }],
      ...{
        shares: [1],
        answers: [undefined],
        devices: [new RandomDevice([1], exponential())],
        stations: ['s'],
      },
      ...{
        crossbars: 1,
        residences: [{ region: { first: 0, count: 0 }, weights: undefined }],
        placement: [[0]],
        most: [[1]],
      },
      line: { capacity: 1e7, full: 'reject' },
      window: { policy: staticCut as WindowPolicy, parameters: {}, length: 1e9 * scale },
      request: [{ policy: first, parameters: {} }],
      load: (own) => marked.open({ rate: 0.8 / scale } as never, own),
      ...{
        duration: 1e9 * scale,
        queries: CUSTOMERS,
        drain: true,
        warmUp: 0,
        seed: 1,
        replication: 0,
        firstChip: 0,
      },
      onAnswer: ({ number, arrival, answered }) =>
        sums[1 - urgent[number]!]!.add((answered - arrival) / SECOND),
    });
    while (!server.advance(1e6));
    expectInside(sums[0]!.interval(), 1 + 4 / 3);
    expectInside(sums[1]!.interval(), 1 + 20 / 3);
  });
});

describe('networks of queues', () => {
  test('Jackson, tandem: λ = 0.5, µ = 1, 0.8, 0.7: W = 10.333', () => {
    const services = (random: RandomStream) => [1, 0.8, 0.7].map((rate) => () => random.exponential() / rate);
    const device = new RandomDevice([1, 1, 1], services, (station) => (station < 2 ? station + 1 : -1));
    expectInside(sojourn({ load: poisson(0.5), device }), 31 / 3);
  });

  test('Jackson, feedback: γ = 0.3, back with 0.4: W = 8.889', () => {
    const services = (random: RandomStream) => [1, 0.8].map((rate) => () => random.exponential() / rate);
    const device = new RandomDevice([1, 1], services, (station, random) =>
      station === 0 ? 1 : random.uniform() < 0.4 ? 0 : -1,
    );
    expectInside(sojourn({ load: poisson(0.3), device }), 8.888889);
  });

  test('closed network (mean value analysis): think 1 … 30 clients', () => {
    const demands = [1, 0.8, 0.5];
    for (const clients of [1, 5, 20]) {
      const services = (random: RandomStream) => demands.map((mean) => () => mean * random.exponential());
      const device = new RandomDevice([1, 1, 1], services, (station) => (station < 2 ? station + 1 : -1));
      const run = serve({ load: { type: 'closed', clients, think: 2 }, device, duration: 400_000 });
      // Reiser and Lavenberg: R_k = D_k (1 + Q_k(n − 1)), X = n / (Z + ΣR), Q_k = X R_k.
      let queues = demands.map(() => 0);
      let throughput = 0;
      for (let n = 1; n <= clients; n++) {
        const times = demands.map((demand, k) => demand * (1 + queues[k]!));
        throughput = n / (2 + times.reduce((a, b) => a + b, 0));
        queues = times.map((time) => throughput * time);
      }
      const measured = ((run.models[0]!.onTime + run.models[0]!.late) / run.elapsed) * (SECOND / 1e12);
      expect(Math.abs(measured / throughput - 1)).toBeLessThan(0.01);
    }
  });
});

test('earliest deadline first serves all queries, and keeps Little', () => {
  const run = serve({
    load: poisson(0.9),
    device: new RandomDevice([1], exponential()),
    ...{ most: 1, request: [edf], deadlines: [5e-6, 2e-5], customers: 100_000 },
  });
  expect(run.models.reduce((sum, { onTime, late }) => sum + onTime + late, 0)).toBe(100_000);
});
