import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activationGrid } from '../../../src/network/quantization.ts';
import { simulateLogits } from '../../../src/numerics/accuracy.ts';
import type { Calibration } from '../../../src/numerics/calibration.ts';
import { programCrossbar } from '../../../src/numerics/crossbar/crossbar.ts';
import type { CrossbarParameters } from '../../../src/numerics/crossbar/parameters.ts';
import { sarAdc, type SpecChanges, testSpec } from '../../specs.ts';
import { allAnalog, NetworkDraft } from '../sample-networks.ts';

const ROWS = 23;
const COLUMNS = 5;
const IMAGES = 3;

const choices = fc.record({
  scheme: fc.constantFrom('differential' as const, 'offset' as const),
  subtraction: fc.constantFrom('analog' as const, 'digital' as const),
  twoSided: fc.boolean(),
  unitColumn: fc.boolean(),
  slices: fc.constantFrom<number[]>([7], [2, 3, 2], [4, 3]),
  sliceLevels: fc.constantFrom('own' as const, 'common' as const),
  signed: fc.boolean(),
  inputSliceBits: fc.constantFrom(1, 2, 3, 8),
  accumulation: fc.constantFrom('digital' as const, 'analog' as const),
  onOffRatio: fc.constantFrom(undefined, 10),
  error: fc.constantFrom('none', 'program', 'drift', 'stuck'),
  cubic: fc.boolean(),
  drivers: fc.constantFrom('ideal', 'gain', 'inl'),
  adc: fc.constantFrom('ideal', 'uniform', 'skewed', 'circuit'),
  wires: fc.constantFrom('none', 'inputSourced', 'interleaved', 'gated'),
  rows: fc.constantFrom(256, 9),
  seed: fc.integer({ min: 0, max: 1000 }),
});

type Choice = typeof choices extends fc.Arbitrary<infer T> ? T : never;

/** What cannot be combined is made so that it can. */
function possible(choice: Choice): Choice {
  const fixed = { ...choice };
  if (fixed.scheme === 'offset') {
    fixed.subtraction = 'digital';
    fixed.twoSided = false;
    fixed.slices = fixed.slices.map((bits, index) => (index === 0 ? bits + 1 : bits));
  } else fixed.unitColumn = false;
  if (fixed.twoSided) fixed.slices = [7];
  if (fixed.wires === 'gated') {
    fixed.inputSliceBits = 1;
    fixed.cubic = false;
  }
  if (fixed.wires === 'interleaved') {
    if (fixed.scheme === 'offset') fixed.wires = 'inputSourced';
    else fixed.subtraction = 'analog';
  }
  if (fixed.cubic && (fixed.inputSliceBits > 1 || fixed.wires !== 'none')) fixed.cubic = false;
  if (fixed.wires === 'gated') fixed.drivers = 'ideal';
  return fixed;
}

test('a layer of a network gives what the crossbar of its cells gives in float64', async () => {
  await fc.assert(
    fc.asyncProperty(choices.map(possible), async (choice) => {
      const { slices, signed, inputSliceBits, accumulation, onOffRatio } = choice;
      const codes = integers(ROWS * COLUMNS, 127, choice.seed);
      codes[0] = 127;
      const net = new NetworkDraft([1, ROWS]);
      const weightsByInput = Float32Array.from(
        codes,
        (_, i) => codes[(i % COLUMNS) * ROWS + Math.floor(i / COLUMNS)]!,
      );
      net.add('matmul', [-1, { dims: [ROWS, COLUMNS], data: weightsByInput }]);
      const lowered = net.lower(signed);
      const spec = testSpec(specChanges(choice));
      const high = signed ? 127 : 255;
      const inputs = integers(IMAGES * ROWS, high, choice.seed + 1).map((x) => (signed ? x : Math.abs(x)));
      const images = Float32Array.from(inputs, (x) => x / 64);
      const grid = activationGrid(high / 64, 8, signed);
      const span = 1 - (onOffRatio === undefined ? 0 : 1 / onOffRatio);
      const widest = Math.max(...slices);
      const limits = slices.map((): [number, number] =>
        choice.adc === 'skewed' || choice.adc === 'circuit' ? [-2.51733, 5.5391] : [-6.0317, 6.0317],
      );
      const digitMax = accumulation === 'analog' ? high : 2 ** Math.min(inputSliceBits, signed ? 7 : 8) - 1;
      const levelMax = (bits: number) => 2 ** (choice.sliceLevels === 'common' ? widest : bits) - 1;
      const ranges = slices.map((bits, slice) => {
        const unit = (levelMax(bits) / span) * digitMax;
        const [low, top] = limits[slice]!;
        if (choice.adc === 'circuit') {
          const lsb = ((top - low) * unit) / 256;
          return { low: 0, high: 255, lsb, zero: low * unit + lsb / 2 };
        }
        if (choice.adc === 'skewed')
          return { low: 0, high: 255, lsb: ((top - low) * unit) / 255, zero: low * unit };
        return { low: -127, high: 127, lsb: (top * unit) / 127, zero: 0 };
      });
      const calibration: Calibration = {
        grids: [{ layer: 0, operand: 0, digital: grid, analog: grid }],
        ranges: { 0: ranges },
      };
      const partition = allAnalog(lowered);
      const chip = choice.seed % 3;
      const { partition: logits } = await simulateLogits({
        ...{ lowered, spec, partition, images, calibration, chip },
        seed: choice.seed,
        collapse: false,
      });
      const weights = Array.from({ length: COLUMNS }, (_, column) =>
        Array.from(codes.subarray(column * ROWS, (column + 1) * ROWS)),
      );
      const crossbar = programCrossbar(weights, parameters(choice, high / 64, limits, levelMax(widest)), {
        seed: choice.seed,
        chip,
      });
      let edges = 0;
      for (let image = 0; image < IMAGES; image++) {
        const x = Array.from(images.subarray(image * ROWS, (image + 1) * ROWS));
        const y = crossbar.multiply(x);
        // A converter may round a sum that lies on the edge between two codes either way: one step, rarely.
        const most = Math.max(...ranges.map(({ lsb }) => lsb)) * 2 ** 8 * 2 ** 8 * grid.scale;
        y.forEach((value, column) => {
          const found = logits[image * COLUMNS + column]!;
          const difference = Math.abs(found - value);
          if (difference < 1e-5 * (Math.abs(value) + 127 * ROWS)) return;
          edges += 1;
          expect(difference, JSON.stringify(choice)).toBeLessThan(choice.adc === 'ideal' ? 0 : most);
          expect(edges, JSON.stringify(choice)).toBeLessThanOrEqual(1);
        });
      }
    }),
    { numRuns: 300 },
  );
});

function integers(count: number, most: number, seed: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return Math.round((x - Math.floor(x)) * 2 * most - most);
  });
}

function errorOf(choice: Choice) {
  const { error } = choice;
  return {
    ...(error === 'program' ? { program: { type: 'normal', law: 'independent', sigma: 0.03 } } : {}),
    ...(error === 'drift' ? { drift: { type: 'pcmDrift', after: 86_400, compensation: true } } : {}),
    ...(error === 'stuck' ? { stuckOff: 0.05, stuckOn: 0.02 } : {}),
    ...(choice.cubic ? { iv: { type: 'cubic', readVoltage: 0.5 } } : {}),
  };
}

function converter({ adc }: Choice) {
  if (adc !== 'circuit') return sarAdc(8);
  const perfect = { capacitorMismatch: 0, comparatorOffset: 0, parasiticCapacitance: 0, noise: 0 };
  const errors = { ...perfect, amplifierGain: 35 };
  return { type: 'pipeline', bits: 8, clock: 1e9, energy: 0, area: 0, leakage: 0, ...errors };
}

function drivers({ drivers: kind }: Choice) {
  return { gainError: kind === 'gain' ? 0.02 : 0, inl: kind === 'inl' ? 0.01 : 0, noise: 0 };
}

function specChanges(choice: Choice): SpecChanges {
  const { scheme, subtraction, slices, sliceLevels, inputSliceBits, accumulation, onOffRatio, wires } =
    choice;
  const topology = wires === 'gated' ? 'gated' : 'inputSourced';
  return {
    crossbar: {
      // Interleaved pairs take two word lines for each input.
      rows: wires === 'interleaved' ? 2 * choice.rows : choice.rows,
      ...(wires === 'none'
        ? {}
        : {
            wires: {
              ...{
                rowResistance: wires === 'gated' ? 0 : 40,
                columnResistance: 60,
                rowTerminal: 0,
                columnTerminal: 200,
              },
              ...{ topology, unusedRows: 'atOutput' as const },
              pairs: wires === 'interleaved' ? ('interleaved' as const) : ('separate' as const),
            },
          }),
    },
    cell: { bits: 8, onOffRatio, maxConductance: 25e-6, ...errorOf(choice) },
    dac: drivers(choice),
    adcBank: {
      adc:
        choice.adc === 'ideal'
          ? { type: 'ideal', sampleRate: 1e9, energy: 0, area: 0, leakage: 0 }
          : converter(choice),
    },
    encoding: {
      ...{ scheme, sliceBits: slices, sliceLevels, inputSliceBits, accumulation },
      ...(scheme === 'differential' ? { subtraction } : {}),
      pairing: choice.twoSided ? 'twoSided' : 'oneSided',
      offsetRemoval: choice.unitColumn ? 'unitColumn' : 'digital',
      weightScaling: 'layer',
    },
  };
}

function parameters(
  choice: Choice,
  high: number,
  limits: [number, number][],
  widest: number,
): CrossbarParameters {
  const { scheme, subtraction, slices, sliceLevels, signed, inputSliceBits, accumulation, wires } = choice;
  const whole = choice.twoSided;
  const cell = { ...errorOf(choice) } as Record<string, unknown>;
  if ('drift' in cell) cell['drift'] = { type: 'pcmDrift', after: '1 day', compensation: true };
  if ('iv' in cell) cell['iv'] = { type: 'cubic', readVoltage: '0.5 V' };
  void widest;
  return {
    encoding: {
      ...{ scheme, accumulation },
      ...(scheme === 'differential' ? { subtraction } : {}),
      ...(whole
        ? { pairing: 'twoSided' as const, cellBits: 8 }
        : { weightBits: 8, sliceBits: slices, sliceLevels }),
      offsetRemoval: choice.unitColumn ? 'unitColumn' : 'digital',
    },
    inputs: {
      ...{ low: signed ? -high : 0, high, signed, bits: 8, codes: signed ? 'odd' : 'all' },
      sliceBits: Math.min(inputSliceBits, signed ? 7 : 8),
      ...drivers(choice),
    },
    cell: { ...cell, ...(choice.onOffRatio === undefined ? {} : { onOffRatio: choice.onOffRatio }) },
    converter: {
      adc:
        choice.adc === 'ideal'
          ? { type: 'ideal' }
          : choice.adc === 'circuit'
            ? { type: 'pipeline', bits: 8, amplifierGain: 35 }
            : { type: 'sar', bits: 8, ...(choice.adc === 'skewed' ? { levels: 256 } : {}) },
      range: 'given',
      limits,
    },
    ...(wires === 'none'
      ? {}
      : {
          wires: {
            ...{ row: wires === 'gated' ? 0 : 1e-3, column: 1.5e-3, columnTerminal: 5e-3 },
            topology: wires === 'gated' ? ('gated' as const) : ('inputSourced' as const),
            pairs: wires === 'interleaved' ? ('interleaved' as const) : ('separate' as const),
          },
        }),
    rows: choice.rows,
  };
}
