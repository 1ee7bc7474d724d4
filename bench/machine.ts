import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { actionTable } from '../src/hardware/action-table.ts';
import { inventory } from '../src/hardware/inventory.ts';
import { readArchitecture } from '../src/input/architecture.ts';
import { readNetworkToRun } from '../src/input/workload-network.ts';
import { playSchedule, startSchedule } from '../src/machine/machine.ts';
import { buildSchedule } from '../src/mapping/build-schedule.ts';
import { lowerNetwork } from '../src/mapping/lowered-network.ts';
import { partitionFrom } from '../src/mapping/partition/index.ts';
import { EnergyLedger } from '../src/report/energy-ledger.ts';
import { table } from '../src/report/format.ts';
import { taskPolicies } from '../src/scheduling/task/index.ts';

/** Networks all-analog on ISAAC, from small to large; ResNet-50 also with larger buffers, VGG-16 on five chips. */
const SUBJECTS = [
  ['lenet5', 'workloads/lenet5.yaml', []],
  ['vgg8', 'workloads/vgg8.yaml', []],
  ['resnet14', 'workloads/resnet14.yaml', []],
  ['mobilenetv2', 'workloads/shapes/mobilenetv2.yaml', []],
  ['resnet50', 'workloads/shapes/resnet50.yaml', []],
  ['resnet50, buffers of 256 KiB', 'workloads/shapes/resnet50.yaml', ['tile.buffer.capacity=256 KiB']],
  [
    'vgg16, five chips',
    'workloads/shapes/vgg16.yaml',
    ['chip.count=5', 'chip.chipLink={bandwidth: 25.6 GB/s, energy: 10 pJ/B}'],
  ],
] as const;

/** A stream whose rhythm has not shown within so many inferences is not played any longer. */
const PATIENCE = 100;

/**
 * Machine events per second of CPU with energy accounting, events per MVM (cost is linear in MVMs where it is a constant), bytes that are
 * alive half-way through an inference for each of its events (plans, line buffers and pending events; the schedule apart),
 * what 1,000 inferences cost as a multiple of one, how many of them are played, and how many make the rhythm that the others
 * repeat; where none shows within 100 inferences, what those 100 cost. Medians of turns.
 */
export async function machineTable({ quick }: { readonly quick: boolean }): Promise<string> {
  const rows: string[][] = [];
  for (const [name, file, sets] of quick ? SUBJECTS.slice(0, 2) : SUBJECTS) {
    rows.push([name, ...(await measure(file, sets, quick ? 1 : 5))]);
  }
  const head = [
    ...['network', 'MVMs', 'events', 'events per MVM', 'M events/s', 'CPU s', 'live B per event'],
    ...['1,000 inferences / 1', 'of them played', 'rhythm'],
  ];
  return `Every MVM an event chain, all-analog on ISAAC, one inference\n${table(head, rows)}`;
}

async function measure(file: string, sets: readonly string[], turns: number): Promise<string[]> {
  const { value: spec } = await readArchitecture('arch/isaac.yaml', sets);
  const { network } = await readNetworkToRun(file);
  const lowered = lowerNetwork(network, false);
  const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
  const actions = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.parts[0]!;
  const options = (inferences: number) => ({
    ...{ inferences, taskPolicy },
    sink: new EnergyLedger(actions, schedule.stages.length),
  });
  const play = (inferences: number) => playSchedule(schedule, spec, actions, options(inferences));
  const { events } = play(1);
  const halfway = () => {
    const half = startSchedule(schedule, spec, actions, options(1));
    half.advance(Math.floor(events / 2));
    return half;
  };
  // The first one leaves compiled code behind.
  const [first, before] = [halfway(), aliveBytes()];
  const [second, after] = [halfway(), aliveBytes()];
  if (first.done + second.done > 0) throw new Error('an inference is over half-way through it');
  const asked = play(PATIENCE).period === undefined ? PATIENCE : 1000;
  const { repeated, period } = play(asked);
  const one = median(turns, () => play(1));
  const many = median(asked === PATIENCE ? 1 : Math.min(turns, 3), () => play(asked));
  const mvms = schedule.stages.reduce((sum, stage) => sum + (stage.kind === 'analog' ? stage.tasks : 0), 0);
  return [
    mvms.toLocaleString('en'),
    events.toLocaleString('en'),
    (events / mvms).toFixed(1),
    (events / one).toFixed(2),
    (one / 1e6).toFixed(3),
    ((after - before) / events).toFixed(1),
    `${(many / one).toFixed(1)}${asked === 1000 ? '' : ` (${asked})`}`,
    `${asked - repeated}`,
    `${period?.inferences ?? 'none'}`,
  ];
}

/** Bytes of objects and arrays that are still in use. */
function aliveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 4; turn++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** µs of CPU. */
function median(turns: number, run: () => unknown): number {
  run();
  const times = Array.from({ length: turns }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
