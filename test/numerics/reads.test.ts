import { describe, expect, test } from 'vitest';
import { elementCount } from '../../src/base/tensor.ts';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { layerCharge } from '../../src/hardware/read-charge.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { type Block, cutIntoBlocks } from '../../src/mapping/blocks.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { fillFrame, frameLength, gatherPatch } from '../../src/network/mvm.ts';
import { isConstant } from '../../src/network/network.ts';
import type { MvmLowering, NumberArray } from '../../src/network/operator.ts';
import { operators } from '../../src/network/operators/index.ts';
import { type ActivationGrid, activationGrid } from '../../src/network/quantization.ts';
import { simulateLogits } from '../../src/numerics/accuracy.ts';
import { blockCells } from '../../src/numerics/block-cells.ts';
import { layerWeights } from '../../src/numerics/layer-weights.ts';
import type { CalibrationMemory } from '../../src/numerics/calibration-memory.ts';
import { LocalCrew } from '../../src/numerics/crew.ts';
import { measureReads, watchReads } from '../../src/numerics/reads.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { type SpecChanges, testSpec } from '../specs.ts';
import { inputSteps } from './input-steps.ts';
import {
  allAnalog,
  groupedNetwork,
  NetworkDraft,
  sampleImages,
  signedNetwork,
  smallLeNet,
} from './sample-networks.ts';

const SEED = 5;
const IMAGES = 3;
const FULL_READ = 10e-15;

/** Conductance of the cell of a code, relative to one fully on. */
type CellOf = (block: number, row: number, column: number, slice: number, polarity: 1 | -1) => number;

/** Input vectors [positions][groups][rows] as codes, image by image. */
function inputCodes(
  lowered: LoweredNetwork,
  images: Float32Array,
  layer: number,
  grid: ActivationGrid,
): number[][][] {
  const { network } = lowered;
  const lowering = lowered.lowerings[layer] as MvmLowering;
  const size = elementCount(network.input.shape);
  const vectors: number[][][] = [];
  for (let first = 0; first < images.length; first += size) {
    const values: NumberArray[] = [];
    for (const [index, { inputs, operator, outputShape }] of network.layers.entries()) {
      const operands = inputs.map((input): NumberArray => {
        if (isConstant(input)) return input.data;
        return input < 0 ? images.subarray(first, first + size) : values[input]!;
      });
      if (index === layer) {
        const input = operands[lowering.activation]!;
        const frame = new Float64Array(frameLength(lowering, input.length));
        if (lowering.padding === undefined) frame.set(input);
        else fillFrame(lowering.padding, input, frame);
        for (let position = 0; position < lowering.positions; position++) {
          vectors.push(
            Array.from({ length: lowering.groups }, (_, group) => {
              const patch = new Float64Array(lowering.rows);
              gatherPatch(lowering, frame, group, position, patch);
              return Array.from(patch, (x) => codeOf(x, grid));
            }),
          );
        }
        break;
      }
      const output = new Float32Array(elementCount(outputShape));
      operators.get(operator).evaluate(network.layers[index]!, operands, output);
      values.push(output);
    }
  }
  return vectors;
}

function codeOf(x: number, { scale, low, high }: ActivationGrid): number {
  const scaled = Math.fround(Math.fround(x) * Math.fround(1 / scale));
  const clipped = Math.min(Math.max(scaled, low), high);
  const near = Math.round(clipped);
  return Math.abs(clipped - Math.trunc(clipped)) === 0.5 ? 2 * Math.round(clipped / 2) : near;
}

/** J of all reads of a layer in one inference, on average: every crossbar, word line, cell, input slice and vector by itself. */
function naiveEnergy(
  spec: ArchitectureSpec,
  lowering: MvmLowering,
  vectors: readonly number[][][],
  grid: ActivationGrid,
  cellOf: CellOf,
): number {
  const { encoding } = spec;
  const { crossbar, cell } = spec.analogCore!;
  const erased = cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio;
  const steps = inputSteps(encoding, grid.low < 0);
  const full = Math.max(...steps.map(({ most }) => most));
  const slices = encoding.sliceBits?.length ?? encoding.weightSlices;
  const polarities = encoding.scheme === 'differential' ? ([1, -1] as const) : ([1] as const);
  const unit = encoding.offsetRemoval === 'unitColumn' ? 1 : 0;
  const perLine = crossbar.columns * (crossbar.wires?.pairs === 'interleaved' ? 2 : 1);
  // Millions of small terms: what each addition rounds away is carried on (Kahan).
  let energy = 0;
  let lost = 0;
  const add = (term: number) => {
    const corrected = term - lost;
    const sum = energy + corrected;
    lost = sum - energy - corrected;
    energy = sum;
  };
  const line = (code: number, cells: readonly number[]) => {
    const all = [...cells, ...new Array<number>(perLine - cells.length).fill(erased)];
    for (const step of steps) {
      const drive = Math.abs(step.digit(code)) / full;
      for (const g of all) add(FULL_READ * g * (crossbar.readLaw === 'square' ? drive * drive : drive));
    }
  };
  const blocks = cutIntoBlocks(lowering, spec);
  const cellsOf = (index: number, block: Block, row: number) => {
    const cells: number[] = [];
    for (let column = 0; column < block.columns + unit; column++)
      for (let slice = 0; slice < slices; slice++)
        for (const polarity of polarities) cells.push(cellOf(index, row, column, slice, polarity));
    return cells;
  };
  blocks.forEach((block, index) => {
    for (let group = 0; group < block.groups; group++) {
      for (let row = 0; row < block.rows; row++) {
        const cells = cellsOf(index, block, group * block.rows + row);
        for (const vector of vectors) line(vector[block.group + group]![block.rowStart + row]!, cells);
      }
    }
  });
  return energy / IMAGES;
}

/** Cells that take exactly what they are given: magnitudes or shifted codes, cut into even slices. */
function idealCells(lowered: LoweredNetwork, spec: ArchitectureSpec, layer: number): CellOf {
  const lowering = lowered.lowerings[layer] as MvmLowering;
  const { codes } = layerWeights(lowered, spec, layer, 'analog');
  const { encoding } = spec;
  const gMin = 1 / (spec.analogCore!.cell.onOffRatio ?? Infinity);
  const offset = encoding.scheme === 'offset';
  const bits = Math.ceil((offset ? encoding.weightBits : encoding.weightBits - 1) / encoding.weightSlices);
  const blocks = cutIntoBlocks(lowering, spec);
  return (index, row, column, slice, polarity) => {
    const block = blocks[index]!;
    const group = block.group + Math.floor(row / block.rows);
    const channel = group * lowering.columns + block.columnStart + column;
    const middle = column === block.columns;
    const code = middle ? 0 : codes[channel * lowering.rows + block.rowStart + (row % block.rows)]!;
    const stored = offset ? code + 2 ** (encoding.weightBits - 1) : Math.max(polarity * code, 0);
    const most = Math.min(bits, (offset ? encoding.weightBits : encoding.weightBits - 1) - slice * bits);
    const level = Math.floor(stored / 2 ** (slice * bits)) % 2 ** most;
    return gMin + ((1 - gMin) * level) / (2 ** most - 1);
  };
}

/** Activities as a run measures them, in this thread. */
function watched(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  images: Float32Array,
  memory?: CalibrationMemory,
) {
  const { network, inputSigned } = lowered;
  const partitions = [allAnalog(lowered)];
  const context = { network, inputSigned, spec, partitions, seed: SEED, collapse: true };
  const data = { images: new Float32Array(), labels: new Uint8Array(), calibration: images };
  return watchReads(new LocalCrew(context, lowered, data), context, lowered, { images, memory });
}

/** J of crossbars in one inference that the machine plays with measured charges, by layer. */
async function simulated(lowered: LoweredNetwork, spec: ArchitectureSpec, images: Float32Array) {
  const partition = allAnalog(lowered);
  const found = await watched(lowered, spec, images);
  const table = actionTable(
    inventory(
      spec,
      found.map((activity) => layerCharge(spec, activity)),
    ),
  );
  const schedule = buildSchedule(lowered, partition, spec);
  const ledger = new EnergyLedger(table, schedule.stages.length);
  playSchedule(schedule, spec, table, { inferences: 1, taskPolicy: taskPolicies.parts[0]!, sink: ledger });
  const crossbar = table.components.findIndex(({ name }) => name === 'crossbar');
  const energy = new Map(
    schedule.stages.flatMap((stage) =>
      stage.kind === 'analog' ? [[stage.layers[0]!, ledger.energy(crossbar, stage.index)] as const] : [],
    ),
  );
  return { found, energy };
}

async function gridsFor(lowered: LoweredNetwork, spec: ArchitectureSpec, images: Float32Array) {
  const partition = allAnalog(lowered);
  const { calibration } = await simulateLogits({
    ...{ lowered, spec, partition, images, calibration: images, seed: SEED },
  });
  return calibration.grids;
}

function measuredSpec(changes: SpecChanges = {}): ArchitectureSpec {
  return testSpec({
    ...changes,
    crossbars: 64,
    crossbar: {
      ...{ rows: 40, columns: 24, reads: 'measured', fullReadEnergy: FULL_READ },
      ...changes.crossbar,
    },
    cell: { bits: 8, onOffRatio: 20, ...changes.cell },
  });
}

const offset = { scheme: 'offset', offsetRemoval: 'unitColumn' } as const;
const cases: readonly (readonly [string, () => LoweredNetwork, SpecChanges])[] = [
  ['pairs, one bit at a time', smallLeNet, {}],
  ['three slices, two bits at a time', smallLeNet, { encoding: { weightSlices: 3, inputSliceBits: 2 } }],
  [
    'three bits at a time from a supply',
    smallLeNet,
    { crossbar: { readLaw: 'linear' }, encoding: { inputSliceBits: 3, accumulation: 'analog' } },
  ],
  ['offsets with a unit column', smallLeNet, { encoding: { ...offset, inputSliceBits: 4 } }],
  ['groups on a diagonal', groupedNetwork, { encoding: { inputSliceBits: 2 } }],
  ['groups on a diagonal, offsets', groupedNetwork, { encoding: offset }],
  ['signed inputs', signedNetwork, { encoding: { inputSliceBits: 3 } }],
  [
    'signed inputs as two’s complement',
    signedNetwork,
    { encoding: { inputSliceBits: 3, signedInputs: 'twosComplement' } },
  ],
  [
    'signed inputs, positive ones first, from a supply',
    signedNetwork,
    {
      crossbar: { readLaw: 'linear' },
      encoding: { ...offset, inputSliceBits: 2, signedInputs: 'positiveThenNegative' },
    },
  ],
];

describe('the machine charges what every cell takes by itself', () => {
  test.each(cases)('%s', async (_, network, changes) => {
    const lowered = network();
    const spec = measuredSpec(changes);
    const images = sampleImages(lowered, IMAGES, 3);
    const grids = await gridsFor(lowered, spec, images);
    const { energy } = await simulated(lowered, spec, images);
    expect(energy.size).toBe(lowered.candidates.length);
    for (const { layer } of lowered.candidates) {
      const grid = grids.find((one) => one.layer === layer)!.analog;
      const vectors = inputCodes(lowered, images, layer, grid);
      const cells = idealCells(lowered, spec, layer);
      const lowering = lowered.lowerings[layer] as MvmLowering;
      const expected = naiveEnergy(spec, lowering, vectors, grid, cells);
      expect(expected).toBeGreaterThan(0);
      expect(energy.get(layer)! / expected).toBeCloseTo(1, 12);
    }
  });

  test('with the very cells that were programmed, stuck ones and age included', async () => {
    const lowered = smallLeNet();
    const spec = measuredSpec({
      cell: {
        program: { type: 'normal', law: 'independent', sigma: 0.05 },
        drift: { type: 'normal', law: 'proportional', sigma: 0.1 },
        ...{ stuckOff: 0.02, stuckOn: 0.01 },
      },
    });
    const images = sampleImages(lowered, IMAGES, 3);
    const grids = await gridsFor(lowered, spec, images);
    const { energy } = await simulated(lowered, spec, images);
    for (const { layer } of lowered.candidates) {
      const grid = grids.find((one) => one.layer === layer)!.analog;
      const known = new Map<string, ReturnType<typeof blockCells>>();
      const cells: CellOf = (block, row, column, slice, polarity) => {
        const key = `${block} ${slice} ${polarity}`;
        const address = { layer, block, slice, polarity, chip: 0, seed: SEED };
        if (!known.has(key)) known.set(key, blockCells(lowered, spec, address));
        const { positive, columns } = known.get(key)!;
        return positive[row * columns + column]!;
      };
      const lowering = lowered.lowerings[layer] as MvmLowering;
      const vectors = inputCodes(lowered, images, layer, grid);
      const expected = naiveEnergy(spec, lowering, vectors, grid, cells);
      expect(energy.get(layer)! / expected).toBeCloseTo(1, 12);
    }
  });
});

/** A dense layer that meets every 4-bit code equally often on each of 255 word lines and has every 8-bit weight once. */
function uniform() {
  const rows = 255;
  const net = new NetworkDraft([1, rows]);
  const weights = Float32Array.from({ length: rows * 4 }, (_, i) => {
    const [row, column] = [Math.floor(i / 4), i % 4];
    return ((row * [2, 4, 7, 8][column]! + 31 * column) % rows) - 127;
  });
  net.add('matmul', [-1, { dims: [rows, 4], data: weights }]);
  const calibration = Float32Array.from({ length: 64 * rows }, (_, i) => {
    const [image, row] = [Math.floor(i / rows), i % rows];
    return (image * 3 + row) % 16;
  });
  return { lowered: net.lower(false), calibration };
}

describe('closed form of uniform inputs and weights', () => {
  const grid = activationGrid(15, 4, false);
  const given = {
    read: () => Promise.resolve([{ layer: 0, operand: 0, digital: grid, analog: grid }]),
    keep: () => Promise.resolve(),
  };
  // A one-bit slice is 1 half of the time; a digit d of two bits drives with d/3: mean 1/2, mean square 14/36.
  test.each([
    ['square', 1, 1 / 2, 1 / 2],
    ['linear', 1, 1 / 2, 1 / 2],
    ['square', 2, 7 / 18, 3 / 4],
    ['linear', 2, 1 / 2, 3 / 4],
    ['square', 4, 31 / 90, 15 / 16],
  ] as const)('%s law, %i bits at a time', async (readLaw, inputSliceBits, density, active) => {
    const { lowered, calibration } = uniform();
    const spec = measuredSpec({
      crossbar: { rows: 256, columns: 8, readLaw },
      cell: { onOffRatio: undefined },
      encoding: { inputBits: 4, inputSliceBits, weightScaling: 'layer' },
    });
    const [found] = await watched(lowered, spec, calibration, given);
    // Σ 1…127 / 127 = 64 of 255 weights on either cell.
    const conductance = 64 / 255;
    expect(found!.density).toBeCloseTo(density, 12);
    expect(found!.active).toBeCloseTo(active, 12);
    expect(found!.conductance).toBeCloseTo(conductance, 12);
    expect(found!.conductances).toEqual([
      {
        slice: 0,
        positive: expect.closeTo(conductance, 12) as number,
        negative: expect.closeTo(conductance, 12) as number,
      },
    ]);
    expect(found!.load).toBeCloseTo(density * conductance, 12);
    expect(layerCharge(spec, found!).readEnergy).toBeCloseTo(FULL_READ * density * conductance, 27);
  });

  test('word lines of the bias are driven fully, erased cells on them conduct what is left', async () => {
    const { lowered, calibration } = uniform();
    const spec = measuredSpec({
      crossbar: { rows: 257, columns: 10 },
      cell: { onOffRatio: 10 },
      encoding: { inputBits: 4, biasRows: 2, weightScaling: 'layer' },
    });
    const [found] = await watched(lowered, spec, calibration, given);
    // No bias: its 2 · 8 cells are erased, as are 2 cells more on each of 257 lines.
    const held = 255 * 8 * 0.5 * (0.1 + (0.9 * 64) / 255);
    const total = held + 2 * 8 * 0.1 + (255 * 0.5 + 2) * 2 * 0.1;
    expect(found!.load).toBeCloseTo(total / (257 * 8), 12);
    expect(found!.active).toBeCloseTo((255 * 0.5 + 2) / 257, 12);
  });
});

describe('activity', () => {
  test('does not depend on the number of workers', async () => {
    const lowered = groupedNetwork();
    const spec = measuredSpec({ cell: { program: { type: 'normal', law: 'inverse', sigma: 0.01 } } });
    const calibration = sampleImages(lowered, 23, 2);
    const partitions = [allAnalog(lowered)];
    const of = (workers: number) =>
      measureReads({ lowered, spec, partitions, calibration, seed: SEED, workers });
    const one = await of(1);
    expect(one).toEqual(await watched(lowered, spec, calibration));
    expect(await of(3)).toEqual(one);
  });
});
