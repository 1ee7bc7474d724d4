import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clockPeriod } from '../../src/hardware/macros/clock.ts';
import { chargingEnergy } from '../../src/hardware/macros/dynamic-energy.ts';
import { macroFigures } from '../../src/hardware/macros/figures.ts';
import { gateArea, gateCapacitance } from '../../src/hardware/macros/logic-gates.ts';
import { readMacro } from '../../src/input/macro.ts';
import { ROOT } from '../cli/command.ts';

// Houshmand et al.: a full adder of 28 nm is 3 NANDs and 2 XORs, 4.2 fF, 3.4 fJ at 0.9 V.
test('gates are those of the source, and scale with the node', () => {
  expect(chargingEnergy(gateCapacitance('fullAdder', 28e-9), 0.9) * 1e15).toBeCloseTo(3.4, 2);
  for (const of of [gateCapacitance, gateArea]) {
    const sum = 3 * of('nand', 28e-9) + 2 * of('xor', 28e-9);
    expect(of('fullAdder', 28e-9) / sum).toBeCloseTo(1, 12);
  }
  expect(gateCapacitance('nand', 56e-9) / gateCapacitance('nand', 28e-9)).toBeCloseTo(2, 12);
  expect(gateArea('nand', 56e-9) / gateArea('nand', 28e-9)).toBeCloseTo(4, 12);
});

describe('bottom-up energies by hand', async () => {
  const picojoules = async (name: string) => {
    const { model, spec } = await readMacro(join(ROOT, `arch/macros/${name}.yaml`));
    return {
      clock: spec.value.clock,
      of: (part: string, point: object) => {
        const changed = { ...spec.value, point: { ...spec.value.point, ...point } };
        const figures = macroFigures(model, changed, { calibrated: false });
        return 1e12 * figures.parts.find((one) => one.part === part)!.energy;
      },
    };
  };
  const jia = await picojoules('jia');
  const sinangil = await picojoules('sinangil');
  const neurram = await picojoules('neurram');
  const wang = await picojoules('wang');
  const colonnade = await picojoules('colonnade');

  test('NeuRRAM: 256 word lines of 585.6 fF from 0.9 to 2.2 V once a plane', () => {
    const plane = 256 * 0.5856 * 2.2 * 1.3;
    expect(neurram.of('wordLines', { inputBits: 1 })).toBeCloseTo(plane, 6);
    expect(neurram.of('wordLines', { inputBits: 2 })).toBeCloseTo(plane, 6);
    expect(neurram.of('wordLines', { inputBits: 8 })).toBeCloseTo(7 * plane, 6);
  });

  test('NeuRRAM: 65,536 cells of 1.75 µS, half of them under 0.5 V for 10 ns', () => {
    expect(neurram.of('inputPulses', { inputBits: 2, pulseDensity: 0.5 })).toBeCloseTo(
      65536 * 1.75e-6 * 0.25 * 0.5 * 10e-9 * 1e12,
      6,
    );
  });

  // Full scale is 16 = 4 × 4 quarters: output 4 is half the input and half the weight, output 1 a quarter each.
  test('Sinangil: word lines go with the mean input, bit lines with input times weight, converters with nothing', () => {
    const ratio = (part: string) => sinangil.of(part, { output: 4 }) / sinangil.of(part, { output: 1 });
    expect(ratio('wordLines')).toBeCloseTo(2, 12);
    expect(ratio('counters')).toBeCloseTo(2, 12);
    expect(ratio('bitLines')).toBeCloseTo(4, 12);
    expect(ratio('weightingCapacitors')).toBeCloseTo(4, 12);
    expect(ratio('converter')).toBe(1);
  });

  test('Sinangil: 64 word lines of 64 cells, 7.5 pulses at half the input', () => {
    const line = 64 * (0.44 * 0.2 + 0.35 * (7 / 28)) * 1e-3;
    expect(sinangil.of('wordLines', { output: 4, supply: 0.8 })).toBeCloseTo(64 * 7.5 * line * 0.64, 9);
  });

  test('Jia: 2304 × 256 capacitors of 2 fF sharing charge, 2304 lines half of which rise', () => {
    const capacitors = 256 * 2304 * 0.25 * 2e-3 * 1.44;
    const line = 256 * (6.6 * 0.2 + 0.35 * (65 / 28)) * 1e-3;
    expect(jia.of('array', { supply: 1.2 })).toBeCloseTo(capacitors + 2304 * 0.5 * line * 1.44, 6);
    expect(jia.of('array', { supply: 1.2, bitDensity: 0 })).toBe(0);
    expect(jia.of('adc', { inputBits: 8 }) / jia.of('adc', { inputBits: 1 })).toBeCloseTo(8, 12);
  });

  test('Wang: ladders draw V² for the time of an operation', () => {
    const charge = (supply: number) => supply ** 2 * clockPeriod(wang.clock, supply);
    expect(wang.of('dac', { supply: 0.7 }) / wang.of('dac', { supply: 1 })).toBeCloseTo(
      charge(0.7) / charge(1),
      12,
    );
    expect(wang.of('array', { supply: 0.7 }) / wang.of('array', { supply: 1 })).toBeCloseTo(0.49, 12);
  });

  test('Colonnade: 16 rows of 128 flip-flops a cycle; everything once an input bit', () => {
    const registers = 16 * 128 * 2.1e-3 * (65 / 28) * 0.64;
    // 8 outputs of 15 columns use 120 of 128.
    expect(colonnade.of('registers', { weightBits: 8 })).toBeCloseTo((registers * 128) / 120, 9);
    expect(colonnade.of('logic', { inputBits: 5 }) / colonnade.of('logic', { inputBits: 1 })).toBeCloseTo(
      5,
      12,
    );
  });
});
