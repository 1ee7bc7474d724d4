import type { EncodingSpec } from '../hardware/encoding.ts';
import type { AnalogFormat } from './analog-format.ts';
import { Arena } from './arena.ts';
import { type CellPhysics, programCells, readMoments } from './cells.ts';
import { panelBytesF32, panelBytesI16 } from './kernel-calls.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { weightDigit } from './weight-slices.ts';
import type { Workspace } from './workspace.ts';

/** Places for the chips that are in memory together, and the seed of their chance. */
export interface Chips {
  readonly slots: number;
  readonly seed: number;
}

/**
 * The conductances of an MVM layer on several chips, in level units: for each unit, row block and weight slice
 * the mean of what a read gives (of a pair: positive minus negative) and, where reading is noisy, its variance.
 * Bytes for each chip: 4 (2 where cells are exact) · weights · slices, twice that with read noise.
 */
export class AnalogWeights {
  readonly chipBytes: number;
  readonly #geometry: MvmGeometry;
  readonly #format: AnalogFormat;
  readonly #encoding: EncodingSpec;
  readonly #codes: Int16Array;
  readonly #physics: CellPhysics;
  readonly #seed: number;
  /** Panels hold int16 levels instead of float32 level units. */
  readonly #integers: boolean;
  readonly #start: number;
  readonly #unitBytes: number;
  /** Offsets of [block][slice] in a unit. */
  readonly #means: readonly (readonly number[])[];
  readonly #variances: readonly (readonly number[])[];
  readonly #strip: number;

  constructor(
    geometry: MvmGeometry,
    format: AnalogFormat,
    encoding: EncodingSpec,
    codes: Int16Array,
    physics: CellPhysics,
    chips: Chips,
    shared: Arena,
    scratch: Arena,
  ) {
    this.#geometry = geometry;
    this.#format = format;
    this.#encoding = encoding;
    this.#codes = codes;
    this.#physics = physics;
    this.#seed = chips.seed;
    this.#integers = format.route === 'int16';
    const unit = new Arena();
    const panelBytes = this.#integers ? panelBytesI16 : panelBytesF32;
    this.#means = format.blocks.map(({ rows }) =>
      format.weights.map(() => unit.take(panelBytes(rows, geometry.columns))),
    );
    this.#variances = format.blocks.map(({ rows }) =>
      format.weights.map(() => (format.noisy ? unit.take(panelBytesF32(rows, geometry.columns)) : 0)),
    );
    this.#unitBytes = unit.used;
    this.chipBytes = unit.used * geometry.units;
    this.#start = shared.take(this.chipBytes * chips.slots);
    this.#strip = scratch.take(geometry.rows * STRIP * 4 * 2);
  }

  /** Address of the mean conductances of [rows of the block][columns of the unit], in panels. */
  means(slot: number, unit: number, block: number, slice: number): number {
    return this.#unit(slot, unit) + this.#means[block]![slice]!;
  }

  /** Address of their variances; undefined where reading is exact. */
  variances(slot: number, unit: number, block: number, slice: number): number | undefined {
    return this.#format.noisy ? this.#unit(slot, unit) + this.#variances[block]![slice]! : undefined;
  }

  /** Fabricates and programs the layer's cells of one chip into a slot. */
  program(work: Workspace, slot: number, chip: number): void {
    const { units, lowering } = this.#geometry;
    for (let unit = 0; unit < units; unit++) {
      const columns = groupsOfUnit(this.#geometry, unit) * lowering.columns;
      for (let first = 0; first < columns; first += STRIP) {
        const count = Math.min(STRIP, columns - first);
        for (let slice = 0; slice < this.#format.weights.length; slice++) {
          this.#programStrip(work, slot, chip, unit, slice, first, count);
        }
      }
    }
  }

  #unit(slot: number, unit: number): number {
    return this.#start + slot * this.chipBytes + unit * this.#unitBytes;
  }

  /** Up to eight columns of a unit: a panel at a time, so that no more than that is ever unpacked. */
  #programStrip(
    work: Workspace,
    slot: number,
    chip: number,
    unit: number,
    slice: number,
    first: number,
    count: number,
  ): void {
    const { rows: unitRows, columns: unitColumns, lowering } = this.#geometry;
    const source = work.scratch + this.#strip;
    const spread = source + unitRows * STRIP * 4;
    const means = work.float32.subarray(source / 4, source / 4 + unitRows * STRIP);
    const variances = work.float32.subarray(spread / 4, spread / 4 + unitRows * STRIP);
    const integers = new Int16Array(work.bytes.buffer, source, unitRows * STRIP);
    if (this.#integers) integers.fill(0);
    else means.fill(0);
    variances.fill(0);
    for (let i = 0; i < count; i++) {
      const column = first + i;
      const channel = unit * unitColumns + column;
      const top = Math.floor(column / lowering.columns) * lowering.rows;
      if (this.#integers) this.#digitColumn(channel, slice, integers, top * STRIP + i);
      else this.#programColumn(chip, channel, slice, means, variances, top * STRIP + i);
    }
    this.#format.blocks.forEach(({ start, rows }, block) => {
      const call = { sourceStride: STRIP, rows, columns: count };
      const panel = first / STRIP;
      const to = this.means(slot, unit, block, slice);
      if (this.#integers) {
        const panels = to + panel * panelBytesI16(rows, STRIP);
        work.kernels.packI16({ ...call, source: source + start * STRIP * 2, panels });
      } else {
        const offset = panel * panelBytesF32(rows, STRIP);
        work.kernels.packF32({ ...call, source: source + start * STRIP * 4, panels: to + offset });
        const noise = this.variances(slot, unit, block, slice);
        if (noise === undefined) return;
        work.kernels.packF32({ ...call, source: spread + start * STRIP * 4, panels: noise + offset });
      }
    });
  }

  #digitColumn(channel: number, slice: number, out: Int16Array, at: number): void {
    const { rows } = this.#geometry.lowering;
    for (let row = 0; row < rows; row++) {
      const code = this.#codes[channel * rows + row]!;
      out[at + row * STRIP] = weightDigit(code, this.#format.weights[slice]!, this.#encoding);
    }
  }

  #programColumn(
    chip: number,
    channel: number,
    slice: number,
    means: Float32Array,
    variances: Float32Array,
    at: number,
  ): void {
    const { lowering, layer } = this.#geometry;
    const { rows } = lowering;
    const { differential, units, weights } = this.#format;
    const unit = units[slice]!;
    const { levelMax } = weights[slice]!;
    const { gMin } = this.#physics;
    const moments = { mean: 0, variance: 0 };
    const sums = new Float64Array(rows);
    const spreads = new Float64Array(rows);
    const g = new Float64Array(rows);
    for (let polarity = 0; polarity < (differential ? 2 : 1); polarity++) {
      const sign = polarity === 0 ? 1 : -1;
      for (let row = 0; row < rows; row++) {
        const digit = weightDigit(this.#codes[channel * rows + row]!, weights[slice]!, this.#encoding);
        g[row] = gMin + ((1 - gMin) * Math.max(sign * digit, 0)) / levelMax;
      }
      const plane = 2 * slice + polarity;
      programCells(this.#physics, g, { seed: this.#seed, chip, layer, column: channel, plane });
      for (let row = 0; row < rows; row++) {
        readMoments(this.#physics.read, g[row]!, moments);
        sums[row] = sums[row]! + sign * moments.mean;
        spreads[row] = spreads[row]! + moments.variance;
      }
    }
    for (let row = 0; row < rows; row++) {
      means[at + row * STRIP] = sums[row]! * unit;
      variances[at + row * STRIP] = spreads[row]! * unit * unit;
    }
  }
}

/** Columns of a panel. */
const STRIP = 8;
