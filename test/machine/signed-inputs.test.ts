import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { ROOT } from '../cli/command.ts';
import { handNetwork } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';

const ROWS = 20;
const COLUMNS = 3;
const PARTS = ['crossbar', 'dacBank', 'sampleAndHold', 'adcBank', 'shiftAndAdd'];

/** One inference of one dense layer: how often each part of the analog core acts, and for how long the crossbar is busy. */
function played(spec: ArchitectureSpec, inputSigned: boolean) {
  const lowering = denseLowering({ rows: ROWS, columns: COLUMNS });
  const layer = { name: 'fc', lowering, from: [-1], outputShape: [1, COLUMNS] };
  const lowered = { ...handNetwork([1, ROWS], [layer]), inputSigned };
  const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  const counts = new Map(PARTS.map((part) => [part, 0]));
  let busy = 0;
  playSchedule(schedule, spec, table, {
    inferences: 1,
    taskPolicy: taskPolicies.parts[0]!,
    sink: {
      record(action, _unit, count, start, end) {
        const { component, name } = table.actions[action]!;
        const part = table.components[component]!.name;
        if (!counts.has(part) || name === 'program') return;
        counts.set(part, counts.get(part)! + count);
        if (part === 'crossbar') busy += end - start;
      },
    },
  });
  return { counts, busy };
}

describe('signed inputs in time and energy', () => {
  test.each([
    ['signMagnitude', 1, 7],
    ['twosComplement', 1, 8],
    ['positiveThenNegative', 1, 16],
    ['signMagnitude', 3, 3],
    // 3 + 3 + 1 bits, then the sign.
    ['twosComplement', 3, 4],
    ['positiveThenNegative', 3, 6],
  ] as const)('%s, %i bits at once: %i slices', (signedInputs, inputSliceBits, slices) => {
    const spec = testSpec({
      ...{ chip: { tiles: 1 }, encoding: { signedInputs, inputSliceBits, scheme: 'offset' } },
    });
    const { counts, busy } = played(spec, true);
    // A word line and a cell for each input, a conversion, a sample and an addition for each output, in every slice.
    expect(Object.fromEntries(counts)).toEqual({
      ...{ crossbar: ROWS * COLUMNS * slices, dacBank: ROWS * slices },
      ...{ sampleAndHold: COLUMNS * slices, adcBank: COLUMNS * slices, shiftAndAdd: COLUMNS * slices },
    });
    // Reads of 10 ns; conversions (one of 1 ns) and additions are faster.
    expect(busy).toBe(slices * 10_000);
    const unsigned = Math.ceil(8 / inputSliceBits);
    expect(played(spec, false).counts.get('adcBank')).toBe(COLUMNS * unsigned);
  });
});

// Slices of signed and of unsigned inputs: ISAAC and PUMA send two's complement, RAELLA positive and negative inputs in turns.
test.each([
  ['isaac', 16, 16],
  ['puma', 16, 16],
  ['raella', 16, 8],
])('%s', async (name, signed, unsigned) => {
  const { value: spec } = await readArchitecture(join(ROOT, `arch/${name}.yaml`));
  expect(played(spec, true).counts.get('dacBank')).toBe(ROWS * signed);
  expect(played(spec, false).counts.get('dacBank')).toBe(ROWS * unsigned);
});
