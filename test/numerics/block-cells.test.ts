import { describe, expect, test } from 'vitest';
import { cutIntoBlocks } from '../../src/mapping/blocks.ts';
import { activationGrid } from '../../src/network/quantization.ts';
import { simulateLogits } from '../../src/numerics/accuracy.ts';
import { blockCells } from '../../src/numerics/block-cells.ts';
import { programCrossbar } from '../../src/numerics/crossbar/crossbar.ts';
import type { CrossbarParameters } from '../../src/numerics/crossbar/parameters.ts';
import { conversionPlanes, weightSlices } from '../../src/numerics/weight-slices.ts';
import { testSpec } from '../specs.ts';
import { allAnalog, NetworkDraft } from './sample-networks.ts';

const ROWS = 41;
const COLUMNS = 12;
const HIGH = 255;
const ON_OFF = 20;

const arrangements = [
  { topology: 'inputSourced', pairs: 'separate', rowResistance: 40 },
  { topology: 'inputSourced', pairs: 'interleaved', rowResistance: 40 },
  { topology: 'gated', pairs: 'separate', rowResistance: 0 },
] as const;

// Several crossbars: 3 row blocks (interleaved 6) × 3 column blocks (2), each with wires of its own.
describe.each(arrangements)('$topology, $pairs', (arrangement) => {
  test.each([[[7]], [[3, 4]]])(
    'blocks of slices %j carry what the simulated layer adds up',
    async (sliceBits) => {
      const net = new NetworkDraft([1, ROWS]);
      const codes = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => ((i * 7919) % 255) - 127);
      codes[0] = 127;
      net.add('matmul', [-1, { dims: [ROWS, COLUMNS], data: codes }]);
      const lowered = net.lower(false);
      const wires = { ...arrangement, columnResistance: 60, rowTerminal: 100, columnTerminal: 200 };
      const spec = testSpec({
        crossbar: {
          rows: 16,
          columns: 10 * sliceBits.length,
          wires: {
            ...wires,
            rowTerminal: arrangement.topology === 'gated' ? 0 : 100,
            unusedRows: 'atOutput',
          },
        },
        cell: {
          bits: 8,
          onOffRatio: ON_OFF,
          maxConductance: 25e-6,
          program: { type: 'normal', law: 'independent', sigma: 0.03 },
        },
        adcBank: { adc: { type: 'ideal', sampleRate: 1e9, energy: 0, area: 0, leakage: 0 } },
        encoding: { sliceBits, inputSliceBits: 1, weightScaling: 'layer' },
      });
      const grid = activationGrid(HIGH / 64, 8, false);
      const { partition: logits } = await simulateLogits({
        ...{ lowered, spec, partition: allAnalog(lowered), chip: 2, seed: 9, collapse: false },
        images: new Float32Array(ROWS).fill(HIGH / 64),
        calibration: { grids: [{ layer: 0, operand: 0, digital: grid, analog: grid }], ranges: {} },
      });
      const expected = new Float64Array(COLUMNS);
      const sizes = new Float64Array(COLUMNS);
      const lowering = lowered.lowerings[0]!;
      if (lowering.kind !== 'mvm') throw new Error('no MVM');
      const blocks = cutIntoBlocks(lowering, spec);
      expect(new Set(blocks.map((block) => block.columnStart)).size).toBeGreaterThan(1);
      const slices = weightSlices(spec.encoding);
      blocks.forEach(({ columnStart }, block) => {
        for (const { slice, factor } of conversionPlanes(spec.encoding)) {
          const unit = (factor * slices[slice]!.levelMax) / (1 - 1 / ON_OFF);
          for (const polarity of arrangement.pairs === 'separate' ? ([1, -1] as const) : ([1] as const)) {
            const address = { layer: 0, block, slice, polarity, chip: 2, seed: 9 };
            const { currents, positive, negative, columns } = blockCells(lowered, spec, address);
            currents.forEach((current, column) => {
              const at = columnStart + column;
              expected[at] = expected[at]! + (polarity * unit * current * HIGH) / 64;
            });
            positive.forEach((g, i) => {
              const at = columnStart + (i % columns);
              sizes[at] = sizes[at]! + (unit * (g + (negative?.[i] ?? 0)) * HIGH) / 64;
            });
          }
        }
      });
      // Three float32 roundings a row at the most, of sums that cells without wires would exceed.
      expected.forEach((value, column) => {
        expect(Math.abs(logits[column]! - value)).toBeLessThan(16 * 3 * 2 ** -24 * sizes[column]!);
      });
    },
  );
});

test('a unit column stands among the cells of its block, and its current among theirs', () => {
  const net = new NetworkDraft([1, ROWS]);
  const codes = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => ((i * 7919) % 255) - 127);
  codes[0] = 127;
  net.add('matmul', [-1, { dims: [ROWS, COLUMNS], data: codes }]);
  const program = { type: 'normal', law: 'independent', sigma: 0.03 };
  const spec = testSpec({
    crossbar: {
      rows: 64,
      columns: 32,
      wires: {
        ...arrangements[0],
        columnResistance: 60,
        rowTerminal: 0,
        columnTerminal: 0,
        unusedRows: 'atFarEnd',
      },
    },
    cell: { bits: 8, onOffRatio: ON_OFF, maxConductance: 25e-6, program },
    encoding: { scheme: 'offset', offsetRemoval: 'unitColumn', sliceBits: [8], weightScaling: 'layer' },
  });
  const cells = blockCells(net.lower(false), spec, {
    layer: 0,
    block: 0,
    slice: 0,
    polarity: 1,
    chip: 2,
    seed: 9,
  });
  expect(cells.columns).toBe(COLUMNS + 1);
  const weights = Array.from({ length: COLUMNS }, (_, o) =>
    Array.from({ length: ROWS }, (_, i) => codes[i * COLUMNS + o]!),
  );
  const parameters: CrossbarParameters = {
    encoding: { scheme: 'offset', offsetRemoval: 'unitColumn', weightBits: 8, sliceBits: [8] },
    cell: { onOffRatio: ON_OFF, program },
    wires: { row: 40 * 25e-6, column: 60 * 25e-6 },
  };
  const crossbar = programCrossbar(weights, parameters, { seed: 9, chip: 2 });
  const wanted = crossbar.conductances[0]!.positive;
  expect(cells.positive).toHaveLength(wanted.length);
  cells.positive.forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 12));
  const [sums] = crossbar.partialSums(new Float64Array(ROWS).fill(1));
  cells.currents.forEach((current, line) => expect(current).toBeCloseTo(sums![line]!, 9));
});
