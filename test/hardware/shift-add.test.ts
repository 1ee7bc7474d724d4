import { expect, test } from 'vitest';
import { shiftAndAdds } from '../../src/hardware/shift-add/index.ts';
import { logicBlock } from '../../src/hardware/technology/logic.ts';

const energy = (written: object, node: number): number =>
  shiftAndAdds.resolve(shiftAndAdds.schema.parse({ type: 'neurosim', ...written }), node * 1e-9).energy;

test.each([130, 65, 45, 32, 22, 14, 7])(
  'NeuroSim’s shift-and-add at %i nm is an adder and two registers',
  (nm) => {
    const parts = logicBlock('adder', nm * 1e-9).energy + 2 * logicBlock('flipFlops', nm * 1e-9).energy;
    expect(Math.abs(parts / energy({}, nm) - 1)).toBeLessThan(0.004);
  },
);

// 22 nm, 16 bits: 0.0171 pJ an adder, 0.0408 pJ a register; 15 % and 50 % of them switch, 1.22 after layout.
test('switching: silicon takes NeuroSim’s calibrated shares', () => {
  const expected = 1.22 * (0.15 * 0.0171e-12 + 0.5 * 2 * 0.0408e-12);
  expect(energy({ switching: 'silicon' }, 22) / expected).toBeCloseTo(1, 12);
  expect(energy({ switching: 'silicon', bits: 8 }, 22) / expected).toBeCloseTo(0.5, 12);
  expect(energy({ switching: 'all' }, 22)).toBe(energy({}, 22));
  expect(energy({ switching: 'silicon', energy: '1 pJ' }, 22)).toBe(1e-12);
});
