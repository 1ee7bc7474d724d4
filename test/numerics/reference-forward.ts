import { fillNormals, fillUniforms } from '../../src/base/philox.ts';
import { elementCount } from '../../src/base/tensor.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { cutIntoBlocks } from '../../src/mapping/blocks.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import type { Partition } from '../../src/mapping/partition/partition.ts';
import { fillFrame, frameLength, gatherPatch, outputIndex } from '../../src/network/mvm.ts';
import { isConstant } from '../../src/network/network.ts';
import type { MvmLowering, NumberArray, ProductLowering } from '../../src/network/operator.ts';
import { operators } from '../../src/network/operators/index.ts';
import type { Calibration } from '../../src/numerics/calibration.ts';
import { inputSteps } from './input-steps.ts';

/** What the reference computes: one partition, one chip, no read noise. */
export interface ReferenceRun {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly partition: Partition;
  readonly calibration: Calibration;
  readonly seed: number;
  readonly chip: number;
}

/** What a test may ask the reference about its way. */
export interface ReferenceWatch {
  /** The partial sum that a converter sees. */
  readonly sum?: (layer: number, slice: number, sum: number) => void;
  /** An image with a sum so near the edge between two codes that single precision may give the other one. */
  readonly doubt?: (image: number) => void;
}

/**
 * The numbers of a network on a chip by the book: cell by cell, slice by slice, conversion by conversion, in plain
 * loops over double precision, with none of the code that the simulator computes with.
 */
export function referenceLogits(
  run: ReferenceRun,
  images: Float32Array,
  watch: ReferenceWatch = {},
): Float32Array {
  const { network } = run.lowered;
  const size = elementCount(network.input.shape);
  const answers: number[] = [];
  const cells = new Map<number, LayerCells>();
  for (let first = 0; first < images.length; first += size) {
    const values: Float32Array[] = [];
    network.layers.forEach((layer, index) => {
      const operands = layer.inputs.map((input): NumberArray => {
        if (isConstant(input)) return input.data;
        return input < 0 ? images.subarray(first, first + size) : values[input]!;
      });
      const output = new Float32Array(elementCount(layer.outputShape));
      const lowering = run.lowered.lowerings[index]!;
      if (lowering.kind === 'mvm') {
        const analog = run.partition.analog.includes(index);
        if (analog && !cells.has(index)) cells.set(index, programLayer(run, index, lowering));
        multiply(run, index, lowering, operands[lowering.activation]!, output, cells.get(index), {
          sum: watch.sum,
          doubt: () => watch.doubt?.(first / size),
        });
      } else if (lowering.kind === 'product') multiplyActivations(run, index, lowering, operands, output);
      else operators.get(layer.operator).evaluate(layer, operands, output);
      values.push(output);
    });
    answers.push(...values[network.output]!);
  }
  return Float32Array.from(answers);
}

interface Watch {
  readonly sum: ReferenceWatch['sum'];
  readonly doubt: () => void;
}

/** [slice][channel][row] in level units: positive minus negative cell. */
type LayerCells = readonly (readonly Float64Array[])[];

function evenInteger(x: number): number {
  const near = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : near;
}

function code(x: number, grid: { scale: number; low: number; high: number }): number {
  const scaled = Math.fround(Math.fround(x) * Math.fround(1 / grid.scale));
  return evenInteger(Math.min(Math.max(scaled, grid.low), grid.high));
}

function gridOf({ calibration }: ReferenceRun, layer: number, operand: number) {
  return calibration.grids.find((grid) => grid.layer === layer && grid.operand === operand)!;
}

function integerWeights(lowering: MvmLowering, bits: number, scaling: string) {
  const { weights, rows, groups, columns } = lowering;
  const channels = groups * columns;
  const most = 2 ** (bits - 1) - 1;
  const largest = Array.from({ length: channels }, (_, channel) =>
    Math.max(...weights.subarray(channel * rows, (channel + 1) * rows).map(Math.abs)),
  );
  const scales = largest.map((value) => (scaling === 'layer' ? Math.max(...largest) : value) / most);
  const codes = Array.from(weights, (weight, i) => evenInteger(weight / scales[Math.floor(i / rows)]!));
  return { codes, scales };
}

function cut(bits: number, width: number): { shift: number; bits: number }[] {
  const slices: { shift: number; bits: number }[] = [];
  for (let shift = 0; shift < bits; shift += width)
    slices.push({ shift, bits: Math.min(width, bits - shift) });
  return slices;
}

function cutWeights({ encoding }: ArchitectureSpec) {
  const bits = encoding.scheme === 'differential' ? encoding.weightBits - 1 : encoding.weightBits;
  return cut(bits, Math.ceil(bits / encoding.weightSlices));
}

function programLayer(run: ReferenceRun, layer: number, lowering: MvmLowering): LayerCells {
  const { spec, seed, chip } = run;
  const { encoding } = spec;
  const { cell } = spec.analogCore!;
  const { rows } = lowering;
  const { codes } = integerWeights(lowering, encoding.weightBits, encoding.weightScaling);
  const gMin = cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio;
  const error = deviceModels.get(cell.program.type).error(cell.program as never);
  const stream = (moment: number) => (chip * 16384 + layer) * 4 + moment;
  return cutWeights(spec).map(({ shift, bits }, slice) =>
    Array.from({ length: codes.length / rows }, (_, channel) => {
      const column = new Float64Array(rows);
      for (const sign of encoding.scheme === 'differential' ? [1, -1] : [1]) {
        const place = { seed, row: channel, block: 2 * slice + (sign < 0 ? 1 : 0), read: 0 };
        const normals = new Float32Array(rows);
        const uniforms = new Float64Array(rows);
        const luck = new Float64Array(rows);
        fillNormals(normals, { ...place, stream: stream(1) });
        fillUniforms(uniforms, { ...place, stream: stream(1) });
        fillUniforms(luck, { ...place, stream: stream(0) });
        for (let row = 0; row < rows; row++) {
          const weight = codes[channel * rows + row]!;
          const stored =
            encoding.scheme === 'offset'
              ? weight + 2 ** (encoding.weightBits - 1)
              : Math.max(sign * weight, 0);
          const level = Math.floor(stored / 2 ** shift) % 2 ** bits;
          let g = gMin + ((1 - gMin) * level) / (2 ** bits - 1);
          if (error.law === 'normal') g = Math.max(0, g + error.sigma(g) * normals[row]!);
          if (error.law === 'uniform')
            g = Math.max(0, g + error.sigma(g) * Math.sqrt(12) * (uniforms[row]! - 0.5));
          if (luck[row]! < cell.stuckOff) g = gMin;
          else if (luck[row]! < cell.stuckOff + cell.stuckOn) g = 1;
          column[row] = column[row]! + (sign * g * (2 ** bits - 1)) / (1 - gMin);
        }
      }
      return column;
    }),
  );
}

function multiply(
  run: ReferenceRun,
  layer: number,
  lowering: MvmLowering,
  input: NumberArray,
  output: Float32Array,
  cells: LayerCells | undefined,
  watch: Watch,
): void {
  const { encoding } = run.spec;
  const grids = gridOf(run, layer, lowering.activation);
  const grid = cells === undefined ? grids.digital : grids.analog;
  const bits = cells === undefined ? 8 : encoding.weightBits;
  const { codes, scales } = integerWeights(lowering, bits, encoding.weightScaling);
  const frame = new Float32Array(frameLength(lowering, input.length));
  if (lowering.padding === undefined) frame.set(input);
  else fillFrame(lowering.padding, input, frame);
  const patch = new Float64Array(lowering.rows);
  for (let group = 0; group < lowering.groups; group++) {
    for (let position = 0; position < lowering.positions; position++) {
      gatherPatch(lowering, frame, group, position, patch);
      const x = Array.from(patch, (value) => code(value, grid));
      for (let column = 0; column < lowering.columns; column++) {
        const channel = group * lowering.columns + column;
        let sum = 0;
        if (cells === undefined) {
          for (let row = 0; row < x.length; row++) sum += x[row]! * codes[channel * lowering.rows + row]!;
        } else sum = convertColumn(run, layer, lowering, x, grid.low < 0, channel, cells, watch);
        const bias = lowering.bias?.[channel] ?? 0;
        output[outputIndex(lowering, position, channel)] = sum * (scales[channel]! * grid.scale) + bias;
      }
    }
  }
}

/** The integer that the digital side gets for one output: codes shifted and added, offset taken off. */
function convertColumn(
  run: ReferenceRun,
  layer: number,
  lowering: MvmLowering,
  x: readonly number[],
  signed: boolean,
  channel: number,
  cells: LayerCells,
  watch: Watch,
): number {
  const { spec, calibration } = run;
  const { encoding } = spec;
  const { cell } = spec.analogCore!;
  const gMin = cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio;
  const inputs = inputSteps(encoding, signed);
  const blocks = cutIntoBlocks(lowering, spec).filter(
    ({ group, columnStart }) => group === 0 && columnStart === 0,
  );
  const total = x.reduce((sum, value) => sum + value, 0);
  let result = 0;
  cutWeights(spec).forEach(({ shift, bits }, slice) => {
    const range = calibration.ranges[layer]?.[slice];
    let accumulated = 0;
    for (const block of blocks) {
      for (const input of inputs) {
        let sum = 0;
        let magnitude = 0;
        for (let row = block.rowStart; row < block.rowStart + block.rows; row++) {
          const current = input.digit(x[row]!) * cells[slice]![channel]![row]!;
          sum += current;
          magnitude += Math.abs(current);
        }
        watch.sum?.(layer, slice, sum);
        if (range === undefined) continue;
        const steps = Math.fround(Math.fround(sum) * Math.fround(1 / range.lsb));
        // Rounding a sum of this magnitude to float32 some times over.
        const slack = (magnitude * 2 ** -21) / range.lsb;
        const inside = steps > range.low - 1 && steps < range.high + 1;
        if (inside && Math.abs(steps - Math.floor(steps) - 0.5) <= slack) watch.doubt();
        accumulated += input.weight * evenInteger(Math.min(Math.max(steps, range.low), range.high));
      }
    }
    result += 2 ** shift * (range?.lsb ?? 1) * accumulated;
    if (encoding.scheme === 'offset') {
      result -= 2 ** shift * ((gMin * (2 ** bits - 1)) / (1 - gMin)) * total;
    }
  });
  return encoding.scheme === 'offset' ? result - 2 ** (encoding.weightBits - 1) * total : result;
}

function multiplyActivations(
  run: ReferenceRun,
  layer: number,
  { batch, m, k, n, leftBase, rightBase }: ProductLowering,
  operands: readonly NumberArray[],
  output: Float32Array,
): void {
  const grids = [0, 1].map((operand) => gridOf(run, layer, operand).digital);
  const [left, right] = operands.map((values, side) =>
    Array.from(values, (value) => code(value, grids[side]!)),
  );
  for (let pair = 0, to = 0; pair < batch; pair++) {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++, to++) {
        let sum = 0;
        for (let i = 0; i < k; i++) {
          sum += left![leftBase[pair]! + row * k + i]! * right![rightBase[pair]! + i * n + column]!;
        }
        output[to] = sum * (grids[0]!.scale * grids[1]!.scale);
      }
    }
  }
}
