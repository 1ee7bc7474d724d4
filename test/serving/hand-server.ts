import type { Load } from '../../src/load/load.ts';
import { loadModels } from '../../src/load/index.ts';
import type { RandomStream } from '../../src/base/random-stream.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import type { RequestPolicy } from '../../src/scheduling/request/request-policy.ts';
import { staticCut } from '../../src/scheduling/window/static.ts';
import type { WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import type { Device } from '../../src/serving/device.ts';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';
import type { CutProfile } from '../../src/serving/profile.ts';
import { Server } from '../../src/serving/server.ts';
import type { ServingRun } from '../../src/serving/serving-run.ts';

const SECOND = 1e12;

/** One model with one cut on equal devices. Times in ticks. */
export interface HandServer {
  readonly profile: CutProfile;
  readonly devices?: number;
  /** In flight on a device when another query starts. */
  readonly most: number;
  readonly line: { readonly capacity: number; readonly full: 'reject' | 'drop-head' };
  readonly load: (random: RandomStream) => Load;
  readonly request?: readonly RequestPolicy[];
  readonly deadline?: number;
  readonly duration?: number;
  readonly window?: number;
  readonly drain?: boolean;
  readonly warmUp?: number;
  readonly seed?: number;
  readonly onAnswer?: (answer: { number: number; arrival: number; answered: number }) => void;
}

/** What became of it, and the most queries that were kept at any time: slots are used again, the lowest ones first. */
export function serveByHand(hand: HandServer): { readonly run: ServingRun; readonly slots: number } {
  const { profile, devices = 1, deadline = Number.POSITIVE_INFINITY, duration = 9000 * SECOND } = hand;
  const stations = Math.max(0, ...profile.visits.map(({ station }) => station)) + 1;
  const work = Array.from({ length: stations }, () => 0);
  for (const visit of profile.visits) work[visit.station] = visit.work / SECOND;
  const { latency, interval, energy } = profile;
  const cut = {
    ...{ name: profile.name, accuracy: 1, energy, work },
    ...{ latency: latency / SECOND, interval: interval / SECOND },
  };
  const all = Array.from({ length: devices }, (_, device) => device);
  const watched = all.map(
    () => new WatchedDevice(new ProfileDevice([{ name: 'm', cuts: [profile] }], stations)),
  );
  const server = new Server({
    models: [{ name: 'm', deadline: deadline / SECOND, cuts: [cut] }],
    ...{ shares: [1], answers: [undefined], devices: watched, stations: work.map((_, at) => `s${at}`) },
    ...{ residences: [{ region: { first: 0, count: 0 }, weights: undefined }], placement: [all] },
    ...{ most: [[hand.most]], line: hand.line },
    window: {
      policy: staticCut as WindowPolicy,
      parameters: {},
      length: (hand.window ?? duration) / SECOND,
    },
    request: (hand.request ?? [fifoOrder]).map((policy) => ({ policy, parameters: {} })),
    load: hand.load,
    ...{ duration: duration / SECOND, queries: 1e9, drain: hand.drain ?? true },
    warmUp: (hand.warmUp ?? 0) / SECOND,
    ...{ seed: hand.seed ?? 1, replication: 0, firstChip: 0 },
    ...(hand.onAnswer === undefined ? {} : { onAnswer: hand.onAnswer }),
  });
  while (!server.advance(1e6));
  return { run: server.result(), slots: Math.max(0, ...watched.map((one) => one.slots)) };
}

/** The profile of a pipeline whose stages take constant ticks, each a station of its own. */
export function pipelineProfile(stages: readonly number[]): CutProfile {
  const visits = stages.map((work, station) => ({ station, work }));
  const latency = stages.reduce((sum, work) => sum + work, 0);
  return {
    ...{ name: 'pipeline', latency, interval: Math.max(...stages), energy: 1, inFlight: 1, visits },
    overlap: new OverlapBuilder().table(),
  };
}

/** Queries at given ticks. */
export function arrivalsAt(ticks: ArrayLike<number>): () => Load {
  return () => {
    let next = 0;
    return {
      kind: 'open',
      next: () => (next < ticks.length ? { time: ticks[next++]! / SECOND } : undefined),
    };
  };
}

/** A registered load with its parameters as a scenario writes them. */
export function loadOf(parameters: {
  readonly type: string;
  readonly [key: string]: unknown;
}): (random: RandomStream) => Load {
  const model = loadModels.get(parameters.type);
  const parsed = model.schema.parse(parameters);
  return (random) => model.open(parsed as never, random);
}

/** Passes everything on and remembers the largest number of a slot. */
class WatchedDevice implements Device {
  readonly #device: Device;
  slots = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  get nextTime(): number {
    return this.#device.nextTime;
  }

  get answeredAt(): number {
    return this.#device.answeredAt;
  }

  get energy(): number {
    return this.#device.energy;
  }

  enter(query: number, model: number, cut: number, now: number): void {
    this.slots = Math.max(this.slots, query + 1);
    this.#device.enter(query, model, cut, now);
  }

  nextAnswer(until: number): number {
    return this.#device.nextAnswer(until);
  }

  estimate(model: number, cut: number, now: number): number {
    return this.#device.estimate(model, cut, now);
  }

  busy(station: number, until: number): number {
    return this.#device.busy(station, until);
  }
}
