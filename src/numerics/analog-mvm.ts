import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { ActivationGrid, QuantizedWeights } from '../network/quantization.ts';
import type { AdcRange } from './adc-range.ts';
import { type AnalogFormat, digitalOffset } from './analog-format.ts';
import { AnalogWeights, type Chips, linesOfUnit } from './analog-weights.ts';
import type { Arena } from './arena.ts';
import type { CellPhysics } from './cells.ts';
import { randomStream } from './chance.ts';
import type { Conversions } from './conversions.ts';
import { conversionsOf } from './conversions-of.ts';
import { FabricatedConverters } from './fabricated-converters.ts';
import { largestDigit } from './input-rounds.ts';
import { InputVectors } from './input-vectors.ts';
import { patternBytes } from './kernel-calls.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { Outputs } from './outputs.ts';
import { countSums, type SumCounts } from './sum-counts.ts';
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
  /** Calibrate with those partial sums only whose output a ReLU behind the layer lets pass. */
  readonly reluBehind: boolean;
}

/** An MVM layer on crossbars, of several chips in memory together. */
export interface CrossbarMvm {
  readonly format: AnalogFormat;
  /** Bytes of the conductances of one chip. */
  readonly chipBytes: number;
  /** Writes what all chips share, once for all threads. */
  write(work: Workspace): void;
  /** Fabricates and programs one chip into a slot. */
  program(work: Workspace, slot: number, chip: number): void;
  /** Outputs [images][elements] at `output` from activations at `input`, on the chip that lies in a slot. */
  run(work: Workspace, input: number, output: number, batch: Batch, slot: number, chip: number): void;
}

/**
 * An MVM layer on crossbars with converters:
 * y = scale · Σ_planes factor · Σ_blocks Σ_rounds 2^shift · (code · lsb + zero) + bias.
 *
 * A code is half-even(clip((P − zero) / lsb)) of one partial sum P = Σ_rows digit · current: the digit of an input
 * round (with its sign), the current of a cell at digit 1 in level units, where one level of an ideal cell is 1; of a
 * pair subtracted before conversion the difference. Reading adds a normal number of variance Σ digit² · variance over
 * the cells of the plane: exact in its first two moments, and by the central limit theorem in its law for more than a
 * few dozen rows. Codes add up in int32, planes meet in float64, and an offset of weights and of cells that never
 * conduct nothing is taken off with Σx or by a unit column. On ideal cells behind converters that lose nothing all of
 * it is the integer product of a digital layer, bit for bit.
 */
export class AnalogMvm implements CrossbarMvm {
  readonly weights: AnalogWeights;
  readonly format: AnalogFormat;
  readonly #layer: AnalogLayer;
  readonly #ranges: readonly AdcRange[] | undefined;
  readonly #seed: number;
  readonly #inputs: InputVectors;
  readonly #outputs: Outputs;
  readonly #gained: boolean;
  readonly #conversions: Conversions;
  readonly #lines: number;
  readonly #gains: readonly number[];
  readonly #offsets: readonly number[];
  readonly #offset: number;
  readonly #converters: FabricatedConverters;
  /** Whether int32 could overflow if all row blocks were added before the planes meet in float64. */
  readonly #flush: boolean;
  readonly #codes: number;
  readonly #codeBytes: number;
  readonly #wide: number;
  readonly #rowSums: number;

  constructor(layer: AnalogLayer, images: number, chips: Chips, shared: Arena, scratch: Arena) {
    const { geometry, format, spec, weights, grid, physics } = layer;
    this.#layer = layer;
    this.format = format;
    this.#seed = chips.seed;
    this.#ranges = format.adc.levels === 0 ? fineRanges(format) : layer.ranges;
    this.weights = new AnalogWeights(
      ...[geometry, format, spec.encoding, weights.codes, physics, 0, chips, shared, scratch],
    );
    const rows = geometry.rows + format.biasRows;
    this.#lines = linesOfUnit(geometry, format, 0);
    const blockRows = Math.max(...format.blocks.map((block) => block.rows));
    const perVector =
      2 * rows + roundBytes(format, blockRows, this.#lines) + this.#lines * (8 + 4 * format.planes.length);
    const limit = vectorLimit(geometry, images, perVector);
    const tail = { rows: format.biasRows, code: format.biasInput };
    this.#inputs = new InputVectors(geometry, grid, images, limit, shared, scratch, tail);
    this.#offset = digitalOffset(format, spec);
    this.#gained = physics.drift.compensated === true;
    this.#outputs = new Outputs(
      geometry,
      weights.scales.map((scale) => scale * grid.scale),
      shared,
      {
        slots: this.#gained ? chips.slots : 1,
        constant: this.#constant(),
        withoutBias: format.biasRows > 0,
      },
    );
    const size = { noisy: format.noisy, rows: blockRows, columns: this.#lines, limit, high: grid.high };
    this.#conversions = conversionsOf(format, size, shared, scratch);
    this.#gains = format.planes.map(() => shared.take(this.#lines * 4));
    this.#offsets = format.planes.map(() => shared.take(this.#lines * 4));
    this.#converters = new FabricatedConverters(
      format.adc,
      geometry.layer,
      {
        crossbars: geometry.units * format.blocks.length,
        each: Math.min(spec.analogCore!.adcBank.count, this.#lines),
        lines: this.#lines,
      },
      chips,
      shared,
    );
    this.#flush = mustFlush(format, this.#ranges ?? []);
    this.#codeBytes = limit * this.#lines * 4;
    this.#codes = scratch.take(this.#codeBytes * format.planes.length);
    this.#wide = scratch.take(limit * this.#lines * 8);
    this.#rowSums = scratch.take(limit * 4);
  }

  get chipBytes(): number {
    return this.weights.chipBytes;
  }

  write(work: Workspace): void {
    this.#inputs.write(work);
    this.#outputs.write(work);
    this.#conversions.write?.(work);
    this.format.planes.forEach((plane, index) => {
      const { lsb, zero } = this.#ranges?.[plane.slice] ?? { lsb: 1, zero: 0 };
      const [gains, offsets] = [this.#gains[index]! / 4, this.#offsets[index]! / 4];
      work.float32.fill(Math.fround(this.#levelUnits(plane.slice) / lsb), gains, gains + this.#lines);
      work.float32.fill(Math.fround(-zero / lsb), offsets, offsets + this.#lines);
    });
  }

  program(work: Workspace, slot: number, chip: number): void {
    const gain = this.weights.program(work, slot, chip);
    if (this.#gained) this.#outputs.writeSlot(work, slot, gain);
    this.#converters.fabricate(work, slot, chip);
  }

  run(work: Workspace, input: number, output: number, batch: Batch, slot: number, chip: number): void {
    const { geometry, format } = this.#layer;
    const { lowering, units } = geometry;
    const ranges = this.#ranges;
    if (ranges === undefined) throw new Error('converters have no range yet');
    const stream = randomStream(chip, geometry.layer, 'read');
    const vectors = batch.images * lowering.positions;
    this.#inputs.load(work, input, batch.images);
    for (let unit = 0; unit < units; unit++) {
      const lines = linesOfUnit(geometry, format, unit);
      const columns = groupsOfUnit(geometry, unit) * lowering.columns;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        const row = batch.first * lowering.positions + first;
        this.#clear(work, count * lines);
        format.blocks.forEach((_, block) => {
          this.#load(work, inputs, unit, block, count);
          const steps = this.#converters.steps(slot, unit * format.blocks.length + block);
          format.planes.forEach(({ slice }, plane) => {
            const { low, high, lsb } = ranges[slice]!;
            this.#conversions.convert(work, {
              means: this.#means(slot, unit, block, plane),
              variances: this.weights.variances(slot, unit, block, plane),
              columns: lines,
              accumulators: this.#accumulators(work, plane),
              converter: { low, high, gains: this.#gains[plane]!, offsets: this.#offsets[plane]!, steps },
              sigma: (format.adc.noise * lsb) / this.#levelUnits(slice),
              noise: {
                seed: this.#seed,
                stream,
                row,
                block: (unit * format.blocks.length + block) * format.planes.length + plane,
                read: 0,
              },
            });
          });
          if (this.#flush && block < format.blocks.length - 1) {
            this.#combine(work, count, lines, block > 0);
            this.#clear(work, count * lines);
          }
        });
        const gained = this.#gained ? slot : 0;
        const toOutputs = (from: number) => ({
          ...this.#outputs.call(from, output, unit, columns, first, count, gained),
          inputStride: lines,
        });
        if (this.#single) {
          const factor = this.#factor(format.planes[0]!);
          work.kernels.dequantizeI32({ ...toOutputs(this.#accumulators(work, 0)), factor });
          continue;
        }
        this.#combine(work, count, lines, this.#flush && format.blocks.length > 1);
        if (this.#offset !== 0) this.#removeOffset(work, inputs, unit, count, lines);
        if (format.unitColumns) this.#removeUnitColumns(work, unit, count, lines);
        work.kernels.dequantizeF64(toOutputs(work.scratch + this.#wide));
      }
    }
  }

  /** Partial sums of one weight slice in one inference. */
  get partialSums(): number {
    const { geometry, format } = this.#layer;
    const { rounds, blocks } = format;
    return geometry.lowering.positions * geometry.channels * blocks.length * rounds.length;
  }

  /** Counts partial sums, for each weight slice, over the activations at `input`. */
  countPartialSums(work: Workspace, input: number, images: number, counts: readonly SumCounts[]): void {
    const { geometry, format } = this.#layer;
    const { lowering, units } = geometry;
    const vectors = images * lowering.positions;
    this.#inputs.load(work, input, images);
    for (let unit = 0; unit < units; unit++) {
      const columns = linesOfUnit(geometry, format, unit);
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        const passed = this.#layer.reluBehind ? this.#passed(work, inputs, unit, count, columns) : undefined;
        this.#eachSums(work, inputs, unit, count, columns, (plane, sums, rounds) => {
          const { slice } = format.planes[plane]!;
          const keep =
            passed === undefined
              ? undefined
              : (index: number) =>
                  passed[Math.floor(index / (rounds * columns)) * columns + (index % columns)]! >= 0;
          countSums(counts[slice]!, sums, this.#levelUnits(slice), keep);
        });
      }
    }
  }

  /** Visits the sums [vector · rounds + round][columns] of every block and plane. */
  #eachSums(
    work: Workspace,
    inputs: number,
    unit: number,
    count: number,
    columns: number,
    visit: (plane: number, sums: Float32Array | Int32Array, rounds: number, round: number) => void,
  ): void {
    this.format.blocks.forEach((_, block) => {
      this.#load(work, inputs, unit, block, count);
      this.format.planes.forEach((_, plane) => {
        const means = this.#means(0, unit, block, plane);
        let round = 0;
        this.#conversions.partialSums(work, { means, columns }, (sums) => {
          const rounds = sums.length / (count * columns);
          visit(plane, sums, rounds, round);
          round += rounds;
        });
      });
    });
  }

  /** Ideal outputs [vector][columns] of the layer, bias included, up to their scale: negative ones a ReLU will drop. */
  #passed(work: Workspace, inputs: number, unit: number, count: number, columns: number): Float64Array {
    const { geometry, format, weights, grid } = this.#layer;
    const { lowering } = geometry;
    const outputs = new Float64Array(count * columns);
    this.#eachSums(work, inputs, unit, count, columns, (plane, sums, rounds, round) => {
      const { factor, slice } = format.planes[plane]!;
      const unitFactor = factor * this.#levelUnits(slice);
      for (let i = 0; i < sums.length; i++) {
        const vector = Math.floor(i / (rounds * columns));
        const place = format.rounds[round + (Math.floor(i / columns) % rounds)]!.factor;
        const at = vector * columns + (i % columns);
        outputs[at] = outputs[at]! + unitFactor * place * sums[i]!;
      }
    });
    const groups = groupsOfUnit(geometry, unit);
    const stride = groups * lowering.rows + format.biasRows;
    const codes = new Int16Array(work.bytes.buffer, inputs, count * stride);
    for (let vector = 0; vector < count; vector++) {
      for (let line = 0; line < groups * lowering.columns; line++) {
        const group = Math.floor(line / lowering.columns);
        const at = vector * columns + line;
        if (format.unitColumns)
          outputs[at] = outputs[at]! - outputs[vector * columns + groups * lowering.columns + group]!;
        if (this.#offset !== 0) {
          let sum = format.biasRows * format.biasInput;
          for (let row = 0; row < lowering.rows; row++)
            sum += codes[vector * stride + group * lowering.rows + row]!;
          outputs[at] = outputs[at]! - this.#offset * sum;
        }
        const channel = unit * geometry.columns + line;
        const scale = weights.scales[channel]! * grid.scale;
        if (format.biasRows === 0 && scale > 0)
          outputs[at] = outputs[at]! + (lowering.bias?.[channel] ?? 0) / scale;
      }
    }
    return outputs;
  }

  #load(work: Workspace, inputs: number, unit: number, block: number, count: number): void {
    const { geometry, format } = this.#layer;
    const stride = groupsOfUnit(geometry, unit) * geometry.lowering.rows + format.biasRows;
    const { start, rows } = format.blocks[block]!;
    this.#conversions.load(work, inputs + start * 2, stride, Math.min(rows, stride), count);
  }

  /** Panels of a plane: of gated cells one for each polarity. */
  #means(slot: number, unit: number, block: number, plane: number): readonly number[] {
    const { polarities } = this.format.planes[plane]!;
    const apart = this.format.route === 'gated' ? polarities : [1];
    return apart.map((_, cell) => this.weights.means(slot, unit, block, plane, cell));
  }

  /** Level units of one unit of a slice's sums: those of gated cells are relative to a cell fully on. */
  #levelUnits(slice: number): number {
    return this.format.route === 'gated' ? this.format.units[slice]! : 1;
  }

  /** What every output holds beside its currents: code 0 of a converter may stand for some, bias rows add offsets. */
  #constant(): number {
    const { planes, rounds, blocks, biasRows, biasInput, unitColumns } = this.format;
    if (unitColumns) return 0;
    const places = rounds.reduce((sum, { factor }) => sum + factor, 0) * blocks.length;
    const zeros = planes.reduce(
      (sum, { factor, slice }) => sum + factor * (this.#ranges?.[slice]?.zero ?? 0),
      0,
    );
    return places * zeros - this.#offset * biasRows * biasInput;
  }

  #accumulators(work: Workspace, plane: number): number {
    return work.scratch + this.#codes + plane * this.#codeBytes;
  }

  #clear(work: Workspace, length: number): void {
    this.format.planes.forEach((_, plane) => {
      work.kernels.clear({ outputs: this.#accumulators(work, plane), bytes: length * 4 });
    });
  }

  /** What a code of a plane stands for, in steps of the accumulators that planes meet in. */
  #factor({ factor, slice }: AnalogFormat['planes'][number]): number {
    return factor * this.#ranges![slice]!.lsb;
  }

  /** Whether the codes of one plane are all there is: nothing to meet them in float64. */
  get #single(): boolean {
    const { planes, unitColumns, blocks } = this.format;
    const flushed = this.#flush && blocks.length > 1;
    return planes.length === 1 && this.#offset === 0 && !unitColumns && !flushed;
  }

  #combine(work: Workspace, vectors: number, columns: number, accumulate: boolean): void {
    const outputs = work.scratch + this.#wide;
    this.format.planes.forEach((plane, index) => {
      const factor = this.#factor(plane);
      const codes = this.#accumulators(work, index);
      work.kernels.combine({ codes, factor, outputs, vectors, columns, accumulate: accumulate || index > 0 });
    });
  }

  /** Takes offset · Σx off every column of each group. */
  #removeOffset(work: Workspace, inputs: number, unit: number, vectors: number, columns: number): void {
    const { geometry } = this.#layer;
    const { rows, columns: groupColumns } = geometry.lowering;
    const groups = groupsOfUnit(geometry, unit);
    const sums = work.scratch + this.#rowSums;
    const inputStride = groups * rows + this.format.biasRows;
    for (let group = 0; group < groups; group++) {
      const from = { inputs: inputs + group * rows * 2, inputStride };
      work.kernels.rowSums({ ...from, outputs: sums, vectors, rows });
      const outputs = work.scratch + this.#wide + group * groupColumns * 8;
      const to = { outputs, outputStride: columns, vectors, columns: groupColumns };
      work.kernels.combineSums({ sums, factor: -this.#offset, ...to });
    }
  }

  /** Takes the unit column of each group off its columns. */
  #removeUnitColumns({ float64, scratch }: Workspace, unit: number, vectors: number, lines: number): void {
    const { columns } = this.#layer.geometry.lowering;
    const groups = groupsOfUnit(this.#layer.geometry, unit);
    const start = (scratch + this.#wide) / 8;
    for (let vector = 0; vector < vectors; vector++) {
      const at = start + vector * lines;
      for (let group = 0; group < groups; group++) {
        const middle = float64[at + groups * columns + group]!;
        for (let i = at + group * columns; i < at + (group + 1) * columns; i++)
          float64[i] = float64[i]! - middle;
      }
    }
  }
}

/** What the rounds of one vector take of the caches: its patterns (or slices), and sums that are not converted at once. */
function roundBytes({ route, parts, noisy, digits }: AnalogFormat, rows: number, lines: number): number {
  const slice = route === 'table' ? patternBytes(rows, digits) : 4 * rows;
  const kept = noisy || route !== 'table' ? 4 * lines : 0;
  return parts.reduce((sum, { slices }) => sum + slices.length, 0) * (slice + kept);
}

/** Sums that cannot be merged although nothing is to be lost: 22 bits are finer than their float32 arithmetic. */
function fineRanges({ largest }: AnalogFormat): readonly AdcRange[] {
  const high = 2 ** 21;
  return largest.map((sum) => ({ low: -high, high, lsb: Math.fround((2 * sum) / high) || 1, zero: 0 }));
}

/** Whether codes of all row blocks may overflow int32; a Fault where those of a single one may. */
function mustFlush({ rounds, blocks, exact, largest }: AnalogFormat, ranges: readonly AdcRange[]): boolean {
  const widest = largestDigit(rounds);
  let most = 0;
  ranges.forEach(({ low, high, lsb, zero }, slice) => {
    const code = Math.max(high, -low);
    const needed = (bits: number) => {
      const sum = (largest[slice]! * (2 ** bits - 1)) / widest;
      return exact && zero === 0 ? Math.min(code, Math.ceil(sum / lsb)) : code;
    };
    const codes = rounds.reduce((sum, { factor, bits }) => sum + Math.abs(factor) * needed(bits), 0);
    most = Math.max(most, codes);
  });
  if (most >= 2 ** 31) {
    throw new Fault('codes of all input slices together overflow 32 bits', {
      cure: 'use fewer converter or input bits',
    });
  }
  return most * blocks.length >= 2 ** 31;
}
