import { expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { readNetworkToRun } from '../../src/input/workload-network.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';

// What is promised of networks of workloads/ on isaac: 1,000 inferences take about the time of one, for which the compiler of Node
// has hardly begun. A layer that runs on ahead for as long as there is room fills its buffers for dozens of inferences first.
test.each([
  ['isaac', 'lenet5'],
  ['isaac', 'vgg8'],
  ['isaac', 'resnet14'],
])('%s settles with %s: of 1,000 inferences at most 20 are played', async (chip, name) => {
  const { value: spec } = await readArchitecture(`arch/${chip}.yaml`);
  const { network } = await readNetworkToRun(`workloads/${name}.yaml`);
  const lowered = lowerNetwork(network, false);
  const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
  const actions = actionTable(inventory(spec));
  const play = (inferences: number) =>
    playSchedule(schedule, spec, actions, {
      ...{ inferences, taskPolicy: taskPolicies.parts[0]! },
      sink: new EnergyLedger(actions, schedule.stages.length),
    });
  const [one, many] = [play(1), play(1000)];
  expect(many.repeated).toBeGreaterThanOrEqual(980);
  expect(many.events).toBeLessThanOrEqual(20 * one.events);
});
