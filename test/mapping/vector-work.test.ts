import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { planWorkload } from '../../src/experiment/experiment.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { vectorWork } from '../../src/mapping/vector-work.ts';
import { ROOT } from '../cli/command.ts';
import { testSpec } from '../specs.ts';

beforeAll(loadUnits);

const core = testSpec().digitalCore!;
const unit = { count: 2, energy: 3e-12, rate: 5e8, area: 1e-10, leakage: 1e-9 };
const withUnits = {
  ...core,
  vectorUnit: { ...core.vectorUnit, functions: { pooling: unit, softmax: unit } },
};

const layer = (operator: string) => ({
  index: 0,
  name: operator,
  operator,
  attributes: {},
  inputs: [-1],
  inputShapes: [[1, 4, 8, 8]],
  outputShape: [1, 4, 4, 4],
});

describe('units for one function', () => {
  // 16 lanes at 1 GHz, 0.5 pJ an operation; 256 values in, 64 out.
  test('pooling takes values in, softmax values out, at the rate and energy of the unit', () => {
    const pool = vectorWork(layer('max-pool'), 999, withUnits);
    expect(pool.operations / 16 / 1e9).toBeCloseTo(256 / (2 * 5e8), 18);
    expect(pool.charged * 0.5e-12).toBeCloseTo(256 * 3e-12, 20);
    const softmax = vectorWork(layer('softmax'), 999, withUnits);
    expect(softmax.operations / 16 / 1e9).toBeCloseTo(64 / (2 * 5e8), 18);
    expect(softmax.charged * 0.5e-12).toBeCloseTo(64 * 3e-12, 20);
  });

  test('everything else stays with the lanes', () => {
    for (const [operator, on] of [
      ['relu', withUnits],
      ['add', withUnits],
      ['max-pool', core],
    ] as const) {
      expect(vectorWork(layer(operator), 999, on)).toEqual({ operations: 999, charged: 999 });
    }
  });
});

test('units of a spec: their area is the vector unit’s, their energy that of the values of LeNet-5', async () => {
  const file = join(ROOT, 'arch/hybrid-edge.yaml');
  const set =
    'digitalCore.vectorUnit.functions={activation: {type: sigmoid, count: 4}, pooling: {type: maxPool}}';
  const [plain, units] = [(await readArchitecture(file)).value, (await readArchitecture(file, [set])).value];
  const area = (spec: typeof plain) => inventory(spec).find(({ name }) => name === 'vectorUnit')!.area;
  // ISAAC, Table I: 300 µm² a sigmoid unit, 240 µm² a max-pool unit, at 32 nm.
  expect(area(units) - area(plain)).toBeCloseTo(4 * 300e-12 + 240e-12, 18);
  const charged = async (spec: typeof plain) => {
    const { lowered, schedule } = await planWorkload(join(ROOT, 'workloads/lenet5.yaml'), spec, 'digital');
    const sum = schedule.stages.reduce(
      (all, stage) => all + (stage.kind === 'digital' ? stage.chargedPerPosition * stage.positions : 0),
      0,
    );
    return { energy: sum * spec.digitalCore!.vectorUnit.operationEnergy, network: lowered };
  };
  const [before, after] = [await charged(plain), await charged(units)];
  let expected = before.energy;
  before.network.network.layers.forEach(({ operator, inputShapes, outputShape }, index) => {
    const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
    const lowering = before.network.lowerings[index]!;
    if (lowering.kind !== 'vector') return;
    const lanes = lowering.operations * plain.digitalCore!.vectorUnit.operationEnergy;
    if (operator === 'relu') expected += elements(outputShape) * (0.26e-3 / 1.2e9) - lanes;
    if (operator === 'max-pool') expected += elements(inputShapes[0]!) * (0.4e-3 / 1.2e9) - lanes;
  });
  expect(expected).not.toBeCloseTo(before.energy, 12);
  expect(after.energy / expected).toBeCloseTo(1, 9);
});
