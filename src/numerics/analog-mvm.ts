import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { ActivationGrid, QuantizedWeights } from '../network/quantization.ts';
import type { AdcRange, MagnitudeCounts } from './adc-range.ts';
import { type AnalogFormat, digitalOffset } from './analog-format.ts';
import { AnalogWeights, type Chips } from './analog-weights.ts';
import type { Arena } from './arena.ts';
import type { CellPhysics } from './cells.ts';
import { randomStream } from './chance.ts';
import type { Conversions } from './conversions.ts';
import { InputVectors } from './input-vectors.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { Outputs } from './outputs.ts';
import { SliceConversions } from './slice-conversions.ts';
import { TableConversions } from './table-conversions.ts';
import { vectorLimit } from './vector-limit.ts';
import type { Batch, Workspace } from './workspace.ts';

/** What an analog layer is made from. */
export interface AnalogLayer {
  readonly geometry: MvmGeometry;
  readonly format: AnalogFormat;
  readonly spec: ArchitectureSpec;
  readonly weights: QuantizedWeights;
  readonly grid: ActivationGrid;
  readonly physics: CellPhysics;
  /** Of each weight slice's converters; absent while they are being calibrated. */
  readonly ranges: readonly AdcRange[] | undefined;
}

/**
 * An MVM layer on crossbars: y = scale · Σ_w 2^shift(w) · lsb_w · Σ_blocks Σ_s 2^shift(s) · code(w, block, s) + bias.
 *
 * A code is half-even(clip(P / lsb)) of one partial sum P = Σ_rows digit · conductance: the digit of input slice s
 * (with its sign), the conductance of weight slice w in level units, where one level of an ideal cell is 1; of a
 * differential pair the difference, taken before conversion. Reading adds a normal number of variance
 * Σ digit² · variance over both cells of every pair: exact in its first two moments, and by the central limit theorem
 * in its law for more than a few dozen rows. Codes add up in int32, weight slices meet in float64, and an offset of
 * weights and of cells that never conduct nothing is taken off with Σx. On ideal cells behind converters that lose
 * nothing all of it is the integer product of a digital layer, bit for bit.
 */
export class AnalogMvm {
  readonly weights: AnalogWeights;
  readonly format: AnalogFormat;
  readonly #layer: AnalogLayer;
  readonly #seed: number;
  readonly #inputs: InputVectors;
  readonly #outputs: Outputs;
  readonly #conversions: Conversions & { write?(work: Workspace): void };
  readonly #gains: readonly number[];
  readonly #zeros: number;
  readonly #offset: number;
  /** Whether int32 could overflow if all row blocks were added before the slices meet in float64. */
  readonly #flush: boolean;
  readonly #codes: number;
  readonly #codeBytes: number;
  readonly #wide: number;
  readonly #rowSums: number;

  constructor(layer: AnalogLayer, images: number, chips: Chips, shared: Arena, scratch: Arena) {
    const { geometry, format, spec, weights, grid, physics, ranges } = layer;
    const { rows, columns } = geometry;
    this.#layer = layer;
    this.format = format;
    this.#seed = chips.seed;
    this.weights = new AnalogWeights(
      ...[geometry, format, spec.encoding, weights.codes, physics, chips, shared, scratch],
    );
    const sliceCount = format.inputs.length;
    const blockRows = Math.max(...format.blocks.map((block) => block.rows));
    const perVector =
      2 * rows + sliceCount * (blockRows + 4 * columns) + columns * (8 + 4 * format.weights.length);
    const limit = vectorLimit(geometry, images, perVector);
    this.#inputs = new InputVectors(geometry, grid, images, limit, shared, scratch);
    const scales = weights.scales.map((scale) => scale * grid.scale);
    this.#outputs = new Outputs(geometry, scales, shared);
    const size = { noisy: format.noisy, rows: blockRows, columns, limit };
    this.#conversions =
      format.route === 'table'
        ? new TableConversions(format.inputs, format.digits, size, shared, scratch)
        : new SliceConversions(format.inputs, { ...size, integers: format.route === 'int16' }, scratch);
    this.#gains = format.weights.map(() => shared.take(columns * 4));
    this.#zeros = shared.take(columns * 4);
    this.#offset = digitalOffset(format, spec);
    this.#flush = mustFlush(format, ranges ?? []);
    this.#codeBytes = limit * columns * 4;
    this.#codes = scratch.take(this.#codeBytes * format.weights.length);
    this.#wide = scratch.take(limit * columns * 8);
    this.#rowSums = scratch.take(limit * 4);
  }

  /** Writes tables and converter gains, once for all threads; `weights.program` writes the chips. */
  write(work: Workspace): void {
    this.#inputs.write(work);
    this.#outputs.write(work);
    this.#conversions.write?.(work);
    const { columns } = this.#layer.geometry;
    this.#gains.forEach((address, slice) => {
      const lsb = this.#layer.ranges?.[slice]?.lsb ?? 1;
      work.float32.fill(Math.fround(1 / lsb), address / 4, address / 4 + columns);
    });
    work.float32.fill(0, this.#zeros / 4, this.#zeros / 4 + columns);
  }

  /** Outputs [images][elements] at `output` from activations at `input`, on the chip that lies in a slot. */
  run(work: Workspace, input: number, output: number, batch: Batch, slot: number, chip: number): void {
    const { geometry, format, ranges } = this.#layer;
    const { lowering, units } = geometry;
    if (ranges === undefined) throw new Error('converters have no range yet');
    const stream = randomStream(chip, geometry.layer, 'read');
    const vectors = batch.images * lowering.positions;
    this.#inputs.load(work, input, batch.images);
    for (let unit = 0; unit < units; unit++) {
      const columns = groupsOfUnit(geometry, unit) * lowering.columns;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        const row = batch.first * lowering.positions + first;
        this.#clear(work, count * columns);
        format.blocks.forEach((_, block) => {
          this.#load(work, inputs, unit, block, count);
          format.weights.forEach((_, slice) => {
            this.#conversions.convert(work, {
              means: this.weights.means(slot, unit, block, slice),
              variances: this.weights.variances(slot, unit, block, slice),
              columns,
              accumulators: this.#accumulators(work, slice),
              converter: { ...ranges[slice]!, gains: this.#gains[slice]!, offsets: this.#zeros },
              noise: {
                seed: this.#seed,
                stream,
                row,
                block: (unit * format.blocks.length + block) * format.weights.length + slice,
                read: 0,
              },
            });
          });
          if (this.#flush && block < format.blocks.length - 1) {
            this.#combine(work, count, columns, block > 0);
            this.#clear(work, count * columns);
          }
        });
        this.#combine(work, count, columns, this.#flush && format.blocks.length > 1);
        if (this.#offset !== 0) this.#removeOffset(work, inputs, unit, count, columns);
        const wide = work.scratch + this.#wide;
        work.kernels.dequantizeF64(this.#outputs.call(wide, output, unit, columns, first, count));
      }
    }
  }

  /** Partial sums of one weight slice in one inference. */
  get partialSums(): number {
    const { geometry, format } = this.#layer;
    return geometry.lowering.positions * geometry.channels * format.blocks.length * format.inputs.length;
  }

  /** Counts the magnitudes of partial sums, for each weight slice, over the activations at `input`. */
  countPartialSums(work: Workspace, input: number, images: number, counts: readonly MagnitudeCounts[]): void {
    const { geometry, format } = this.#layer;
    const { lowering, units } = geometry;
    const vectors = images * lowering.positions;
    this.#inputs.load(work, input, images);
    for (let unit = 0; unit < units; unit++) {
      const columns = groupsOfUnit(geometry, unit) * lowering.columns;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        format.blocks.forEach((_, block) => {
          this.#load(work, inputs, unit, block, count);
          counts.forEach((magnitudes, slice) => {
            const means = this.weights.means(0, unit, block, slice);
            this.#conversions.partialSums(work, means, columns, (sums) => addMagnitudes(sums, magnitudes));
          });
        });
      }
    }
  }

  #load(work: Workspace, inputs: number, unit: number, block: number, count: number): void {
    const { geometry, format } = this.#layer;
    const stride = groupsOfUnit(geometry, unit) * geometry.lowering.rows;
    const { start, rows } = format.blocks[block]!;
    this.#conversions.load(work, inputs + start * 2, stride, Math.min(rows, stride), count);
  }

  #accumulators(work: Workspace, slice: number): number {
    return work.scratch + this.#codes + slice * this.#codeBytes;
  }

  #clear(work: Workspace, length: number): void {
    this.#layer.format.weights.forEach((_, slice) => {
      const start = this.#accumulators(work, slice) / 4;
      work.int32.fill(0, start, start + length);
    });
  }

  #combine(work: Workspace, vectors: number, columns: number, accumulate: boolean): void {
    const outputs = work.scratch + this.#wide;
    this.#layer.format.weights.forEach(({ shift }, slice) => {
      const factor = 2 ** shift * this.#layer.ranges![slice]!.lsb;
      const codes = this.#accumulators(work, slice);
      work.kernels.combine({ codes, factor, outputs, vectors, columns, accumulate: accumulate || slice > 0 });
    });
  }

  /** Takes offset · Σx off every column of each group. */
  #removeOffset(work: Workspace, inputs: number, unit: number, vectors: number, columns: number): void {
    const { geometry } = this.#layer;
    const { rows, columns: groupColumns } = geometry.lowering;
    const groups = groupsOfUnit(geometry, unit);
    const sums = work.scratch + this.#rowSums;
    for (let group = 0; group < groups; group++) {
      const from = { inputs: inputs + group * rows * 2, inputStride: groups * rows };
      work.kernels.rowSums({ ...from, outputs: sums, vectors, rows });
      const outputs = work.scratch + this.#wide + group * groupColumns * 8;
      const to = { outputs, outputStride: columns, vectors, columns: groupColumns };
      work.kernels.combineSums({ sums, factor: -this.#offset, ...to });
    }
  }
}

/** Whether codes of all row blocks may overflow int32; a Fault where those of a single one may. */
function mustFlush({ inputs, blocks, exact, largest }: AnalogFormat, ranges: readonly AdcRange[]): boolean {
  const places = inputs.reduce((sum, { shift }) => sum + 2 ** shift, 0);
  let most = 0;
  ranges.forEach(({ high, lsb }, slice) => {
    most = Math.max(most, (exact ? Math.min(high, Math.ceil(largest[slice]! / lsb)) : high) * places);
  });
  if (most >= 2 ** 31) {
    throw new Fault('codes of all input slices together overflow 32 bits', {
      cure: 'use fewer converter or input bits',
    });
  }
  return most * blocks.length >= 2 ** 31;
}

function addMagnitudes(sums: Float32Array | Int32Array, { counts, width }: MagnitudeCounts): void {
  const last = counts.length - 1;
  // Zeros are frequent, and counting one number over and over waits for itself.
  let zeros = 0;
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i]!;
    if (sum === 0) {
      zeros += 1;
      continue;
    }
    const magnitude = Math.abs(sum) + 0.5;
    const bin = Math.min(width === 1 ? magnitude | 0 : Math.floor(magnitude / width), last);
    counts[bin] = counts[bin]! + 1;
  }
  counts[0] = counts[0]! + zeros;
}
