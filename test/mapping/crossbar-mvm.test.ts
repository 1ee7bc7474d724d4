import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { crossbarMvm } from '../../src/mapping/crossbar-mvm.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { tilePipeline } from '../../src/mapping/tile-pipeline.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { ROOT } from '../cli/command.ts';
import { handNetwork } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';

/** J by component that the machine spends on one inference of one dense layer that fills a crossbar. */
function played(spec: ArchitectureSpec): ReadonlyMap<string, number> {
  const { rows, columns } = crossbarMvm(spec)!;
  const layer = {
    name: 'fc',
    lowering: denseLowering({ rows, columns }),
    from: [-1],
    outputShape: [1, columns],
  };
  const lowered = handNetwork([1, rows], [layer]);
  const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  const ledger = new EnergyLedger(table, schedule.stages.length);
  playSchedule(schedule, spec, table, {
    inferences: 1,
    taskPolicy: taskPolicies.parts[0]!,
    sink: ledger,
  });
  return new Map(
    table.components.map(({ name }, index) => [
      name,
      schedule.stages.reduce((sum, stage) => sum + ledger.energy(index, stage.index), 0),
    ]),
  );
}

test('an MVM on a full crossbar takes what the machine spends on a layer that fills one', () => {
  fc.assert(
    fc.property(
      fc.record({
        scheme: fc.constantFrom('differential' as const, 'offset' as const),
        weightSlices: fc.integer({ min: 1, max: 4 }),
        inputSliceBits: fc.constantFrom(1, 2, 4, 8),
        accumulation: fc.constantFrom('digital' as const, 'analog' as const),
        unitColumn: fc.boolean(),
      }),
      ({ unitColumn, ...encoding }) => {
        const offsetRemoval = unitColumn && encoding.scheme === 'offset' ? 'unitColumn' : 'digital';
        const spec = testSpec({
          chip: { tiles: 1 },
          crossbar: { rows: 64, columns: 64 },
          encoding: { ...encoding, offsetRemoval },
        });
        const machine = played(spec);
        for (const { component, energy } of crossbarMvm(spec)!.energy) {
          expect(Math.abs(energy / machine.get(component)! - 1), component).toBeLessThan(1e-12);
        }
      },
    ),
    { numRuns: 40 },
  );
});

// Shafiee et al., ISCA 2016, Fig. 4b: eDRAM read 1, crossbar 2-17 with the converters a cycle behind, shift-and-add
// 19-20 with the merge between units, sigmoid 21, eDRAM write 22.
test('the pipeline of an ISAAC tile', async () => {
  const { value: spec } = await readArchitecture(join(ROOT, 'arch/isaac.yaml'));
  expect(tilePipeline(spec)!.map(({ cycles }) => cycles)).toEqual([1, 18, 1, 1, 1]);
});

test('adders without a rate take no time', async () => {
  const { value: spec } = await readArchitecture(join(ROOT, 'arch/sonos.yaml'));
  // 8 bits of 10 ns, a ramp of 256 steps of 1 ns; the next MVM integrates while the ramp runs.
  expect(crossbarMvm(spec)!.latency).toBeCloseTo(336e-9, 20);
  expect(crossbarMvm(spec)!.interval).toBeCloseTo(256e-9, 20);
});
