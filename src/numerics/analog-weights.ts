import type { EncodingSpec } from '../hardware/encoding.ts';
import type { AnalogFormat } from './analog-format.ts';
import { Arena } from './arena.ts';
import { BlockConductances } from './block-conductances.ts';
import type { CellPhysics } from './cells.ts';
import { panelBytesF32, panelBytesI16 } from './kernel-calls.ts';
import { groupsOfUnit, type MvmGeometry, type RowBlock } from './mvm-geometry.ts';
import { weightDigit } from './weight-slices.ts';
import type { Workspace } from './workspace.ts';

/** Places for the chips that are in memory together, and the seed of their chance. */
export interface Chips {
  readonly slots: number;
  readonly seed: number;
}

/**
 * The conductances of an MVM layer on several chips: for each unit, row block and plane the mean current of every cell
 * (of a pair: positive minus negative) in level units at input 1, wires included, and, where reading is noisy, its
 * variance. Where nothing is converted (`linear`) blocks and planes are one matrix, offset and places included; gated
 * cells keep each polarity apart, relative to a cell fully on.
 * Bytes for each chip: 4 (2 where cells are exact) · weights · planes, twice that with read noise.
 */
export class AnalogWeights {
  readonly chipBytes: number;
  readonly #geometry: MvmGeometry;
  readonly #format: AnalogFormat;
  readonly #encoding: EncodingSpec;
  readonly #codes: Int16Array;
  readonly #cells: BlockConductances;
  /** Panels hold int16 levels instead of float32 currents. */
  readonly #integers: boolean;
  readonly #start: number;
  readonly #unitBytes: number;
  /** Row blocks of what is multiplied. */
  readonly #blocks: readonly RowBlock[];
  /** Offsets of [block][plane][cell] in a unit. */
  readonly #means: readonly (readonly (readonly number[])[])[];
  /** Offsets of [block][plane]. */
  readonly #variances: readonly (readonly number[])[];
  readonly #staging: number;
  readonly #width: number;
  /** Subtracted from every linear weight. */
  readonly #linearOffset: number;

  constructor(
    geometry: MvmGeometry,
    format: AnalogFormat,
    encoding: EncodingSpec,
    codes: Int16Array,
    physics: CellPhysics,
    linearOffset: number,
    chips: Chips,
    shared: Arena,
    scratch: Arena,
  ) {
    this.#geometry = geometry;
    this.#format = format;
    this.#encoding = encoding;
    this.#codes = codes;
    this.#linearOffset = linearOffset;
    this.#cells = new BlockConductances(geometry, format, encoding, codes, physics, chips.seed, scratch);
    this.#integers = format.route === 'int16';
    const rows = geometry.rows + format.biasRows;
    const linear = format.route === 'linear';
    this.#blocks = linear ? [{ start: 0, rows }] : format.blocks;
    const planes = linear ? [[1]] : format.planes.map(({ polarities }) => polarities);
    const lines = linesOfUnit(geometry, format, 0);
    const unit = new Arena();
    const panelBytes = this.#integers ? panelBytesI16 : panelBytesF32;
    this.#means = this.#blocks.map((block) =>
      planes.map((polarities) =>
        (format.route === 'gated' ? polarities : [1]).map(() => unit.take(panelBytes(block.rows, lines))),
      ),
    );
    this.#variances = this.#blocks.map((block) =>
      planes.map(() => (format.noisy ? unit.take(panelBytesF32(block.rows, lines)) : 0)),
    );
    this.#unitBytes = unit.used;
    this.chipBytes = unit.used * geometry.units;
    this.#start = shared.take(this.chipBytes * chips.slots);
    // Wires tie all columns of a group together, narrow groups share a panel; else a panel at a time is enough.
    this.#width = format.wires !== undefined || geometry.groupsPerUnit > 1 ? lines : Math.min(STRIP, lines);
    this.#staging = scratch.take(rows * this.#width * 4 * 3);
  }

  /** Address of the currents [rows of the block][lines of the unit] of a plane, in panels. */
  means(slot: number, unit: number, block: number, plane: number, cell = 0): number {
    return this.#unit(slot, unit) + this.#means[block]![plane]![cell]!;
  }

  /** Address of their variances; undefined where reading is exact. */
  variances(slot: number, unit: number, block: number, plane: number): number | undefined {
    return this.#format.noisy ? this.#unit(slot, unit) + this.#variances[block]![plane]! : undefined;
  }

  /** Fabricates and programs the layer's cells of one chip into a slot; the gain that makes up for drift. */
  program(work: Workspace, slot: number, chip: number): number {
    const { units } = this.#geometry;
    this.#cells.begin(work, chip);
    for (let unit = 0; unit < units; unit++) {
      const lines = linesOfUnit(this.#geometry, this.#format, unit);
      for (let first = 0; first < lines; first += this.#width) {
        const count = Math.min(this.#width, lines - first);
        if (this.#integers) this.#digits(work, slot, unit, first, count);
        else if (this.#format.route === 'linear') this.#merge(work, slot, unit, first, count);
        else this.#planes(work, slot, unit, first, count);
      }
    }
    return this.#cells.compensation;
  }

  #unit(slot: number, unit: number): number {
    return this.#start + slot * this.chipBytes + unit * this.#unitBytes;
  }

  #planes(work: Workspace, slot: number, unit: number, first: number, count: number): void {
    const format = this.#format;
    const size = this.#rowsOfUnit(unit) * count;
    const [means, variances, one] = this.#stages(work, size);
    format.planes.forEach((plane, index) => {
      const { polarities, slice } = plane;
      const gated = format.route === 'gated';
      means.fill(0);
      variances.fill(0);
      polarities.forEach((polarity, cell) => {
        const into = gated ? one : means;
        if (gated) one.fill(0);
        // Currents of a plane count as its first polarity's.
        const scale = gated ? 1 : polarity * polarities[0]! * format.units[slice]!;
        this.#cells.add({ unit, first, count, slice, polarity, scale, pairing: polarities }, into, variances);
        if (gated) this.#pack(work, slot, unit, first, count, index, cell, one);
      });
      if (!gated) this.#pack(work, slot, unit, first, count, index, 0, means);
      if (format.noisy) this.#pack(work, slot, unit, first, count, index, undefined, variances);
    });
  }

  #merge(work: Workspace, slot: number, unit: number, first: number, count: number): void {
    const format = this.#format;
    const [means, variances] = this.#stages(work, this.#rowsOfUnit(unit) * count);
    means.fill(0);
    variances.fill(0);
    this.#removeOffset(unit, first, count, means);
    for (const { polarities, slice, factor } of format.planes) {
      for (const polarity of polarities) {
        // The factor of a plane has the sign of its first polarity.
        const scale = polarity * polarities[0]! * factor * format.units[slice]!;
        this.#cells.add(
          { unit, first, count, slice, polarity, scale, pairing: polarities },
          means,
          variances,
        );
      }
    }
    this.#pack(work, slot, unit, first, count, 0, 0, means);
    if (format.noisy) this.#pack(work, slot, unit, first, count, 0, undefined, variances);
  }

  /** The weight offset and the pedestals, taken off where the cells of a group stand. */
  #removeOffset(unit: number, first: number, count: number, means: Float32Array): void {
    if (this.#linearOffset === 0) return;
    const { lowering } = this.#geometry;
    const { biasRows } = this.#format;
    const groups = groupsOfUnit(this.#geometry, unit);
    for (let i = 0; i < count && first + i < groups * lowering.columns; i++) {
      const group = Math.floor((first + i) / lowering.columns);
      for (let row = 0; row < lowering.rows + biasRows; row++) {
        const at = row < lowering.rows ? group * lowering.rows + row : (groups - 1) * lowering.rows + row;
        means[at * count + i] = -this.#linearOffset;
      }
    }
  }

  #digits(work: Workspace, slot: number, unit: number, first: number, count: number): void {
    const { rows, columns: groupColumns } = this.#geometry.lowering;
    const { planes, weights, biasRows, bias } = this.#format;
    const groups = groupsOfUnit(this.#geometry, unit);
    const size = this.#rowsOfUnit(unit) * count;
    const staged = new Int16Array(work.bytes.buffer, work.scratch + this.#staging, size);
    planes.forEach(({ polarities, slice }, index) => {
      staged.fill(0);
      const held = (code: number) => {
        const digit = weightDigit(code, weights[slice]!, this.#encoding);
        return polarities.length === 2 || this.#encoding.scheme === 'offset'
          ? digit
          : Math.max(polarities[0]! * digit, 0);
      };
      for (let i = 0; i < count; i++) {
        const line = first + i;
        const unitColumn = line >= groups * groupColumns;
        const group = unitColumn ? line - groups * groupColumns : Math.floor(line / groupColumns);
        const channel = unit * this.#geometry.columns + line;
        for (let row = 0; row < rows; row++) {
          staged[(group * rows + row) * count + i] = held(
            unitColumn ? 0 : this.#codes[channel * rows + row]!,
          );
        }
        for (let row = 0; row < biasRows; row++) {
          const code = unitColumn ? 0 : bias[channel * biasRows + row]!;
          staged[(groups * rows + row) * count + i] = held(code);
        }
      }
      this.#pack(work, slot, unit, first, count, index, 0, staged);
    });
  }

  /** Packs staged values [rows of the unit][count] of a plane: currents of a cell, or variances. */
  #pack(
    work: Workspace,
    slot: number,
    unit: number,
    first: number,
    count: number,
    plane: number,
    cell: number | undefined,
    staged: Float32Array | Int16Array,
  ): void {
    const wide = staged.BYTES_PER_ELEMENT;
    this.#blocks.forEach((block, index) => {
      const rows = this.#blocks.length === 1 ? this.#rowsOfUnit(unit) : block.rows;
      const to =
        cell === undefined
          ? this.variances(slot, unit, index, plane)!
          : this.means(slot, unit, index, plane, cell);
      const source = staged.byteOffset + block.start * count * wide;
      const panelBytes = staged instanceof Int16Array ? panelBytesI16 : panelBytesF32;
      const panels = to + (first / STRIP) * panelBytes(rows, STRIP);
      const call = { source, panels, rows, columns: count };
      if (staged instanceof Int16Array) work.kernels.packI16(call);
      else work.kernels.packF32(call);
    });
  }

  #stages(work: Workspace, size: number): readonly [Float32Array, Float32Array, Float32Array] {
    const at = (work.scratch + this.#staging) / 4;
    const stage = (index: number) => work.float32.subarray(at + index * size, at + (index + 1) * size);
    return [stage(0), stage(1), stage(2)];
  }

  #rowsOfUnit(unit: number): number {
    return groupsOfUnit(this.#geometry, unit) * this.#geometry.lowering.rows + this.#format.biasRows;
  }
}

/** Bit lines of a unit: its columns and, behind them, a unit column of each group. */
export function linesOfUnit(geometry: MvmGeometry, format: AnalogFormat, unit: number): number {
  const groups = groupsOfUnit(geometry, unit);
  return groups * (geometry.lowering.columns + (format.unitColumns ? 1 : 0));
}

/** Columns of a panel. */
const STRIP = 8;
