import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../src/report/format.ts';
import { windowPolicies } from '../src/scheduling/window/index.ts';
import { OverlapBuilder } from '../src/serving/overlap.ts';
import type { PolicyChoice, RunJob } from '../src/serving/run-job.ts';
import { figuresOf, type ServingSystem } from '../src/serving/serving-system.ts';
import { prepareServing } from '../src/experiment/serving/experiment.ts';

/** What a process of its own plays. */
export interface Asked {
  readonly system: ServingSystem;
  readonly job: RunJob;
}

/** What that took: CPU s, bytes of the process at most, and by how much it grew. */
export interface Measured {
  readonly events: number;
  readonly offered: number;
  readonly cpu: number;
  readonly peak: number;
  readonly growth: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The server on profiles at 0.8 of its capacity: CPU time, queries and events per second, memory, and what a query costs
 * as a multiple of that in the smallest run. Each run in a process of its own; of several the median.
 */
export async function servingTable({ quick }: { readonly quick: boolean }): Promise<string> {
  const mlp = await measuredSystem();
  const subjects: readonly (readonly [string, ServingSystem, PolicyChoice])[] = [
    ['M/D/1, one cut', syntheticSystem(), policy('static')],
    ['mlp-relu, one cut', mlp, policy('static')],
    ['mlp-relu, two-level', mlp, policy('forecast', 'edf', 'in-time', 'early-drop')],
  ];
  const rows: string[][] = [];
  for (const [name, system, choice] of subjects) {
    let smallest: number | undefined;
    for (const queries of quick ? [1e4, 1e5] : [1e5, 1e6, 1e7]) {
      const runs: Measured[] = [];
      for (let turn = 0; turn < (quick || queries > 1e6 ? 1 : 3); turn++)
        runs.push(await play({ system, job: jobOf(system, choice, queries) }));
      const { events, offered, cpu, peak, growth } = runs.sort((a, b) => a.cpu - b.cpu)[runs.length >> 1]!;
      if (offered !== queries) throw new Error(`${offered} of ${queries} queries came`);
      smallest ??= cpu / queries;
      rows.push([
        ...[name, queries.toLocaleString('en'), events.toLocaleString('en'), cpu.toFixed(2)],
        ...[(queries / cpu / 1e6).toFixed(2), (events / cpu / 1e6).toFixed(2)],
        ...[(peak / 1e6).toFixed(0), (growth / 1e6).toFixed(0), (cpu / queries / smallest).toFixed(2)],
      ]);
    }
  }
  const head = [
    ...['system and policy', 'queries', 'events', 'CPU s', 'M queries/s', 'M events/s'],
    ...['peak MB', 'grown by MB', 'cost of a query'],
  ];
  return `Serving on profiles at 0.8 of the capacity\n${table(head, rows)}`;
}

/** Times of 1,000 intervals a window, so that windows grow with queries as they do in scenarios. */
function jobOf(system: ServingSystem, choice: PolicyChoice, queries: number): RunJob {
  const { capacity, interval } = figuresOf(system);
  const rate = 0.8 * capacity;
  return {
    load: {
      load: { type: 'poisson', rate },
      ...{ duration: (2 * queries) / rate, queries, drain: true, warmUp: 0, window: 1000 * interval },
      line: { capacity: 10_000, full: 'reject' },
    },
    policy: choice,
    ...{ seed: 1, replication: 0 },
  };
}

async function play(asked: Asked): Promise<Measured> {
  const child = fork(join(ROOT, 'bench/serving-play.ts'), {
    ...{ cwd: ROOT, execArgv: ['--import', 'tsx'], serialization: 'advanced' },
  });
  child.send(asked);
  const [measured] = (await once(child, 'message')) as [Measured];
  if (child.exitCode === null) await once(child, 'exit');
  return measured;
}

function policy(window: string, ...request: readonly string[]): PolicyChoice {
  const parameters = windowPolicies.get(window).schema.parse({ type: window }) as { readonly type: string };
  return { window: { ...parameters }, request: request.map((type) => ({ type })) };
}

/** A device that answers a query every 10 µs, one at a time. */
function syntheticSystem(): ServingSystem {
  const ticks = 1e7;
  const visits = [{ station: 0, work: ticks }];
  const profile = {
    ...{ name: 'only', latency: ticks, interval: ticks, energy: 1e-6, inFlight: 1, visits },
    overlap: new OverlapBuilder().table(),
  };
  const cut = { name: 'only', accuracy: 0.9, latency: 1e-5, interval: 1e-5, energy: 1e-6, work: [1e-5] };
  return {
    models: [{ name: 'fixed', deadline: 1e-4, cuts: [cut] }],
    profiles: [{ name: 'fixed', cuts: [profile] }],
    ...{ shares: [1], answers: [undefined], stations: ['server'], parts: 1, devices: 1 },
    ...{
      residences: [{ region: { first: 0, count: 0 }, weights: undefined }],
      placement: [[0]],
      most: [[1]],
    },
    ...{ cycle: undefined, leakage: 0 },
  };
}

/** The cuts of a small network on hybrid-edge with what they answer. */
async function measuredSystem(): Promise<ServingSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-bench-'));
  const scenario = join(folder, 'serving.yaml');
  writeFileSync(
    scenario,
    `name: bench
models: [{workload: '${join(ROOT, 'workloads/mlp-relu.yaml')}', deadline: 12 * latency}]
load: {type: poisson, rate: capacity}
duration: 1 s
window: 1 s
`,
  );
  const architecture = join(ROOT, 'arch/hybrid-edge.yaml');
  const { system } = await prepareServing({
    ...{ architecture, scenario, overrides: [], batching: false, seed: 1, workers: 2 },
  });
  rmSync(folder, { recursive: true });
  // Shared memory does not go into messages.
  const answers = system.answers.map(
    (answer) =>
      answer && {
        ...answer,
        margins: answer.margins && new Uint8Array(answer.margins),
        right: new Uint8Array(answer.right),
      },
  );
  return { ...system, answers };
}
