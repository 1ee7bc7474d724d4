import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { energyReport } from '../../src/report/schedule-report.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { analysisOf, studySchedule } from '../../src/experiment/studied-schedule.ts';
import { convLowering, handNetwork, vectorLowering } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';

/** A schedule of a hand-made network on a chip: played and analysed. */
export async function analysed(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  name: string,
  inferences: number,
  resimulate = false,
  onReplay: (done: number, total: number) => void = () => undefined,
) {
  const schedule = buildSchedule(lowered, partitionFrom(name, lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.parts[0]!;
  const studied = await studySchedule({ schedule, lowered, spec, table, taskPolicy, inferences, onReplay });
  const layerNames = lowered.network.layers.map((layer) => layer.name);
  const { ledger, initiationInterval } = studied;
  const energy = energyReport({
    ...{ table, ledger, schedule, initiationInterval, layerNames },
    inferences: studied.inferences,
  });
  return {
    analysis: await analysisOf(studied, energy, 'int8', resimulate),
    ...{ schedule, table, studied, energy },
  };
}

/** One tile whose ports take (almost) no time: only what a test looks at does. */
export function wideSpec(changes: Parameters<typeof testSpec>[0] = {}): ArchitectureSpec {
  const base = testSpec();
  return testSpec({
    ...changes,
    chip: { tiles: 1, memory: { ...base.chip.memory, bandwidth: 1e15, latency: 0 } },
    tile: {
      ...{ analogCores: 1, digitalCores: 4 },
      buffer: { ...base.tile.buffer, bandwidth: 1e15 },
      ...changes.tile,
    },
  });
}

/** Fully connected layers, one behind the other. */
export function denseChain(...widths: number[]): LoweredNetwork {
  return handNetwork(
    [1, widths[0]!],
    widths.slice(1).map((columns, index) => ({
      name: 'abcdefgh'[index]!,
      lowering: denseLowering({ rows: widths[index]!, columns }),
      from: [index - 1],
      outputShape: [1, columns],
    })),
  );
}

/** Convolution 1→6 of 5×5, relu, convolution 6→12 of 3×3, dense. */
export function convNetwork(): LoweredNetwork {
  const first = convLowering({ channels: 1, height: 12, width: 12, outputs: 6, kernel: 5 });
  const second = convLowering({ channels: 6, height: 8, width: 8, outputs: 12, kernel: 3 });
  return handNetwork(
    [1, 1, 12, 12],
    [
      { name: 'conv1', lowering: first, from: [-1], outputShape: [1, 6, 8, 8] },
      { name: 'relu1', lowering: vectorLowering(64, 6 * 64), from: [0], outputShape: [1, 6, 8, 8] },
      { name: 'conv2', lowering: second, from: [1], outputShape: [1, 12, 6, 6] },
      {
        name: 'flat',
        lowering: { kind: 'view', positions: 1, required: (_i, _p, n) => n - 1 },
        from: [2],
        outputShape: [1, 432],
      },
      { name: 'fc', lowering: denseLowering({ rows: 432, columns: 10 }), from: [3], outputShape: [1, 10] },
    ],
  );
}
