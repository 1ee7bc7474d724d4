import { describe, expect, test } from 'vitest';
import { calibratedEnergies } from '../../src/hardware/macros/calibration.ts';
import { clockPeriod, lawPeriod } from '../../src/hardware/macros/clock.ts';
import { chargeSharingEnergy, chargingEnergy } from '../../src/hardware/macros/dynamic-energy.ts';
import { ladderDraw } from '../../src/hardware/macros/ladder.ts';
import { neuronSteps } from '../../src/hardware/macros/voltage-rram.ts';

describe('charging', () => {
  test('a capacitor takes C V² from its supply, over a smaller swing C V ΔV', () => {
    expect(chargingEnergy(10e-15, 0.8)).toBeCloseTo(6.4e-15, 25);
    expect(chargingEnergy(10e-15, 2.2, 1.3)).toBeCloseTo(28.6e-15, 25);
  });

  // The floating plate rises by V k / N when k of N other plates do, so that each of the k takes C (V − V k / N).
  test('capacitors that share charge take what the balance of charges says', () => {
    for (const [count, switched] of [
      [4, 1],
      [16, 8],
      [64, 48],
    ] as const) {
      const [capacitance, supply] = [2e-15, 1.2];
      const charge = switched * capacitance * (supply - (supply * switched) / count);
      const energy = chargeSharingEnergy(count, capacitance, supply, switched / count);
      expect(energy / (charge * supply)).toBeCloseTo(1, 12);
    }
  });
});

describe('ladders', () => {
  // One bit: its leg and the terminating leg in series.
  test('one bit draws half the admittance of a leg', () => {
    expect(ladderDraw(1, 1)).toBeCloseTo(0.5, 12);
  });

  test.each([2, 3, 5, 8])(
    'the mean over all codes of %i bits is that of every code solved by relaxation',
    (bits) => {
      let total = 0;
      for (let code = 0; code < 2 ** bits; code++) total += drawOf(bits, code);
      expect(ladderDraw(bits, 0.5)).toBeCloseTo(total / 2 ** bits, 8);
      expect(ladderDraw(bits, 1)).toBeCloseTo(drawOf(bits, 2 ** bits - 1), 8);
    },
  );

  // An R-2R ladder of n bits turns code c into c / 2^n of its reference at its open end.
  test('the relaxation itself is a ladder: its output is the code', () => {
    for (const code of [1, 77, 128, 255]) expect(relaxed(8, code)[7]).toBeCloseTo(code / 256, 8);
  });
});

describe('the clock', () => {
  const clock = { points: [{ supply: 1, period: 4e-9 }], threshold: 0.3, exponent: 1.3 };

  test('follows V / (V − V_T)^α from its point', () => {
    expect(clockPeriod(clock, 1)).toBe(4e-9);
    expect(clockPeriod(clock, 0.8)).toBeCloseTo(4e-9 * 0.8 * (0.7 / 0.5) ** 1.3, 20);
    expect(clockPeriod(clock, 0.3)).toBe(Number.POSITIVE_INFINITY);
  });

  test('goes through every published point and between them', () => {
    const measured = {
      ...clock,
      points: [
        { supply: 1.2, period: 10e-9 },
        { supply: 0.8, period: 25e-9 },
        { supply: 1.0, period: 14e-9 },
      ],
    };
    for (const { supply, period } of measured.points)
      expect(clockPeriod(measured, supply)).toBeCloseTo(period, 18);
    for (let supply = 0.5; supply < 1.4; supply += 0.01) {
      expect(clockPeriod(measured, supply + 0.01)).toBeLessThan(clockPeriod(measured, supply));
    }
    const ratio = clockPeriod(measured, 0.6) / lawPeriod(measured, 0.6);
    expect(ratio).toBeCloseTo(25e-9 / lawPeriod(measured, 0.8), 12);
  });
});

describe('calibration', () => {
  const reference = { adc: 2, array: 6, logic: 4, control: 0 };
  const here = { adc: 1, array: 3, logic: 1, control: 0 };

  test('without a split multiplies everything', () => {
    expect(calibratedEnergies({ factor: 3 }, here, reference)).toEqual({
      adc: 3,
      array: 9,
      logic: 3,
      control: 0,
    });
  });

  test('shares out the total at the reference as published, the rest as modelled', () => {
    const split = { adc: 0.4, control: 0.1 };
    const there = calibratedEnergies({ factor: 2, split }, reference, reference);
    expect(there.adc).toBeCloseTo(0.4 * 24, 12);
    expect(there.control).toBeCloseTo(0.1 * 24, 12);
    expect(there.array! / there.logic!).toBeCloseTo(6 / 4, 12);
    expect(Object.values(there).reduce((sum, energy) => sum + energy, 0)).toBeCloseTo(24, 12);
  });

  test('elsewhere each part goes as modelled, and with their sum what is not', () => {
    const split = { adc: 0.4, control: 0.1 };
    const there = calibratedEnergies({ factor: 1, split }, reference, reference);
    const moved = calibratedEnergies({ factor: 1, split }, here, reference);
    expect(moved.adc! / there.adc!).toBeCloseTo(1 / 2, 12);
    expect(moved.logic! / there.logic!).toBeCloseTo(1 / 4, 12);
    expect(moved.control! / there.control!).toBeCloseTo(5 / 12, 12);
  });
});

// Integrations 1 + 2 + 4 … of a phase, a conversion step for each output bit, one step to prepare.
test.each([
  ['one magnitude bit', 1, 3, 3, 1 + 3 + 1],
  ['a sign and a bit are one plane', 2, 4, 3, 1 + 4 + 1],
  ['three planes', 4, 6, 3, 7 + 6 + 1],
  ['two halves of two planes', 5, 7, 3, 3 + 7 + 1 + (3 + 5 + 1)],
  ['four and three planes', 8, 10, 3, 15 + 10 + 1 + (7 + 6 + 1)],
  ['the same in one phase', 8, 10, 16, 127 + 10 + 1],
] as const)('steps of a neuron: %s', (_, inputBits, outputBits, onePhase, steps) => {
  expect(neuronSteps(inputBits, outputBits, onePhase)).toBe(steps);
});

/** Draw of one code from its node voltages. */
function drawOf(bits: number, code: number): number {
  return relaxed(bits, code).reduce(
    (sum, voltage, bit) => sum + (((code >> bit) & 1) === 1 ? 1 - voltage : 0),
    0,
  );
}

/** Node voltages of a ladder by Gauss-Seidel: each node is the mean of its neighbours, weighted by admittance. */
function relaxed(bits: number, code: number): number[] {
  const voltages = new Array<number>(bits).fill(0);
  for (let round = 0; round < 4000; round++) {
    for (let i = 0; i < bits; i++) {
      const below = i === 0 ? [1, 0] : [2, voltages[i - 1]!];
      const above = i === bits - 1 ? [0, 0] : [2, voltages[i + 1]!];
      const leg = (code >> i) & 1;
      voltages[i] = (leg + below[0]! * below[1]! + above[0]! * above[1]!) / (1 + below[0]! + above[0]!);
    }
  }
  return voltages;
}
