import { beforeAll, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { programmingCost, programmings } from '../../src/hardware/programming/index.ts';

beforeAll(loadUnits);

const at32 = (written: object) => programmings.resolve(programmings.schema.parse(written), 32e-9);

// PRIME's pulse on 10 µS: 4 V² · 10 µS · 40 ns = 1.6 pJ; the line over a cell of 128 nm adds 0.0256 fF · 4 V².
test('a crossbar of 128 x 256 cells, one pulse each', () => {
  const cost = programmingCost(at32({ type: 'pulses', conductance: '10 uS' }), 128, 256);
  expect(cost.time * 1e9).toBeCloseTo(128 * 40, 9);
  expect((cost.energy / (128 * 256)) * 1e12).toBeCloseTo(1.6 + 0.0256e-3 * 4, 9);
});

test('program-and-verify: each pulse is read, at a tenth of its voltage', () => {
  const one = at32({ type: 'pulses', conductance: '10 uS' });
  const many = at32({ type: 'pulses', conductance: '10 uS', pulses: 8, verified: 1, endurance: 1_000_000 });
  expect(many.rowTime / one.rowTime).toBeCloseTo(16, 12);
  expect((many.cellEnergy - 8 * one.cellEnergy) * 1e12).toBeCloseTo(8 * 0.04 * 10e-6 * 40e-9 * 1e12, 12);
  expect(many.endurance).toBe(1e6);
});
