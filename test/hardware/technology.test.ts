import { describe, expect, test } from 'vitest';
import { repeatedWire, WIRE_CAPACITANCE, wireResistance } from '../../src/hardware/link/repeated-wire.ts';
import { adder, bytesOf, macUnit, multiplier } from '../../src/hardware/technology/arithmetic.ts';
import { converterAreaRatio, converterEnergyRatio } from '../../src/hardware/technology/converter-scaling.ts';
import { atNode } from '../../src/hardware/technology/interpolation.ts';
import { logicBlock } from '../../src/hardware/technology/logic.ts';
import {
  logicAreaRatio,
  logicDelayRatio,
  logicEnergyRatio,
  STILLMAKER_NODES,
} from '../../src/hardware/technology/stillmaker.ts';
import { surveyArea, surveyEnergy } from '../../src/hardware/adc/survey.ts';

describe('scaling of logic', () => {
  // Printed by an independent run of the equations at 0.8 V, relative to 45 nm, to three digits.
  const printed = {
    130: 3.07,
    90: 1.9,
    65: 1.24,
    45: 1,
    32: 0.659,
    20: 0.221,
    16: 0.174,
    14: 0.139,
    10: 0.118,
  };
  test.each(Object.entries(printed))('%s nm: energy', (node, ratio) => {
    expect(Math.abs(logicEnergyRatio(45e-9, Number(node) * 1e-9) / ratio - 1)).toBeLessThan(5e-3);
  });

  test('there and back is nothing, and steps multiply', () => {
    for (const ratio of [logicEnergyRatio, logicAreaRatio, logicDelayRatio]) {
      for (const a of STILLMAKER_NODES) {
        expect(ratio(a * 1e-9, a * 1e-9)).toBe(1);
        for (const b of [130, 40, 28, 22, 7, 5, 3]) {
          expect(ratio(a * 1e-9, b * 1e-9) * ratio(b * 1e-9, a * 1e-9)).toBeCloseTo(1, 12);
          expect(ratio(65e-9, a * 1e-9) * ratio(a * 1e-9, b * 1e-9)).toBeCloseTo(ratio(65e-9, b * 1e-9), 12);
        }
      }
    }
  });

  test('between nodes it is between, below 7 nm as hwcomponents goes on', () => {
    const half = (logicEnergyRatio(45e-9, 45e-9) + logicEnergyRatio(45e-9, 32e-9)) / 2;
    expect(logicEnergyRatio(45e-9, 38.5e-9)).toBeCloseTo(half, 12);
    expect(logicEnergyRatio(7e-9, 3.5e-9)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(logicAreaRatio(7e-9, 3.5e-9)).toBeCloseTo(0.5, 12);
  });
});

test('converters scale as the survey regression does', () => {
  for (const node of [22, 45, 65]) {
    expect(converterEnergyRatio(32e-9, node * 1e-9)).toBeCloseTo(
      surveyEnergy(8, 1e9, node) / surveyEnergy(8, 1e9, 32),
      10,
    );
    // At the same energy: the regression's area follows the energy, too.
    expect(converterAreaRatio(32e-9, node * 1e-9)).toBeCloseTo(
      surveyArea(1, 1e9, node) / surveyArea(1, 1e9, 32),
      10,
    );
  }
});

test('power laws go through what they know', () => {
  const square = { 10: 100, 20: 400, 50: 2500 };
  for (const nm of [5, 10, 14, 20, 33, 50, 90]) expect(atNode(square, nm * 1e-9)).toBeCloseTo(nm ** 2, 6);
  const bent = { 32: 1, 45: 3, 65: 4 };
  for (const [nm, value] of Object.entries(bent))
    expect(atNode(bent, Number(nm) * 1e-9)).toBeCloseTo(value, 12);
});

// NeuroSim, 32 nm: 0.185 pJ and 131 µm² of 16 bits.
test('blocks of logic', () => {
  expect(logicBlock('shiftAdd', 32e-9).energy).toBeCloseTo(0.185e-12, 20);
  expect(logicBlock('shiftAdd', 32e-9, 24).area).toBeCloseTo(1.5 * 131e-12, 20);
  expect(logicBlock('flipFlops', 45e-9, 8).energy).toBeCloseTo(0.075e-12, 20);
});

// Horowitz, ISSCC 2014, 45 nm.
test('arithmetic at 45 nm', () => {
  const picojoule = (cost: { energy: number }) => cost.energy * 1e12;
  expect(picojoule(macUnit('int8', 45e-9))).toBeCloseTo(0.3, 12);
  expect(picojoule(macUnit('fp16', 45e-9))).toBeCloseTo(1.5, 12);
  expect(picojoule(macUnit('fp32', 45e-9))).toBeCloseTo(4.6, 12);
  expect(picojoule(adder('int16', 45e-9))).toBeCloseTo(0.05, 12);
  expect(picojoule(multiplier('int16', 45e-9))).toBeGreaterThan(0.2);
  expect(picojoule(multiplier('int16', 45e-9))).toBeLessThan(3.1);
  expect(picojoule(macUnit('int8', 32e-9))).toBeCloseTo(0.3 * logicEnergyRatio(45e-9, 32e-9), 12);
  expect(['int8', 'int16', 'fp16', 'fp32'].map((name) => bytesOf(name as never))).toEqual([1, 2, 2, 4]);
});

test('a repeated wire is faster than the same wire at any other distance between repeaters', () => {
  for (const node of [22e-9, 32e-9, 65e-9]) {
    const [r, c] = [wireResistance(node), WIRE_CAPACITANCE];
    const time = (360e-6 * node) / 3.5;
    const delay = (segment: number) =>
      0.7 * ((2 * time) / segment + 2 * Math.sqrt(time * r * c) + 0.54 * r * c * segment);
    const { segment, delay: best } = repeatedWire(node);
    expect(best).toBeCloseTo(delay(segment), 15);
    // The rule takes 0.5 for 0.54: a percent from the minimum at the most.
    const least = Math.min(
      ...[0.5, 0.8, 0.9, 0.95, 1, 1.05, 1.2, 2].map((factor) => delay(segment * factor)),
    );
    expect(best / least).toBeLessThan(1.01);
    // Bare copper takes longer over ten segments: its delay grows with the square.
    expect(0.38 * r * c * (10 * segment) ** 2).toBeGreaterThan(10 * segment * best);
  }
});
