import { fillNormals, fillUniforms } from '../../base/philox.ts';
import { randomStream } from '../chance.ts';
import type { CellPhysics } from '../cells.ts';
import { effectiveMatrix, interleavedEffectiveMatrix } from '../ir-drop/effective-matrix.ts';
import { gatedCurrents, gatedPairCurrents } from '../ir-drop/gated.ts';
import type { LineResistances } from '../ir-drop/line-resistances.ts';
import { nonlinearCurrents, nonlinearGatedCurrents } from '../ir-drop/nonlinear.ts';
import type { WeightCells } from './cells-of-weights.ts';
import { type Converter, converterOf } from './converters.ts';
import { type Chance, normalSource } from './chance.ts';
import type { DrivenInputs } from './driven-inputs.ts';
import type { CrossbarSettings } from './parameters.ts';

/** Programmed conductances of one weight slice, [rows][lines]. */
export interface TileCells {
  readonly positive: Float64Array;
  readonly negative: Float64Array | undefined;
}

export interface TilePlace {
  readonly rowStart: number;
  readonly rows: number;
  readonly columnStart: number;
  /** Outputs; a unit column comes in addition. */
  readonly columns: number;
  readonly index: number;
}

/** One physical crossbar: a part of the matrix whose partial sums are converted on their own. */
export class CrossbarTile {
  readonly rowStart: number;
  readonly rows: number;
  readonly #place: TilePlace;
  readonly #lines: number;
  readonly #slices: readonly TileCells[];
  readonly #cells: WeightCells;
  readonly #settings: CrossbarSettings;
  readonly #physics: CellPhysics;
  readonly #chance: Required<Chance>;
  /** What programmed cells let through, where it depends on nothing else. */
  readonly #through: readonly TileCells[] | undefined;
  readonly #converters: readonly Converter[];
  readonly #gains: Float32Array | undefined;

  constructor(
    place: TilePlace,
    slices: readonly TileCells[],
    cells: WeightCells,
    settings: CrossbarSettings,
    physics: CellPhysics,
    chance: Required<Chance>,
  ) {
    this.#place = place;
    this.rowStart = place.rowStart;
    this.rows = place.rows;
    this.#lines = slices[0]!.positive.length / place.rows;
    this.#slices = slices;
    this.#cells = cells;
    this.#settings = settings;
    this.#physics = physics;
    this.#chance = chance;
    this.#through = physics.exactRead ? slices.map((slice) => this.#letThrough(slice)) : undefined;
    this.#converters = slices.map((_, slice) => this.#converter(slice));
    this.#gains = this.#driverGains();
  }

  /** Adds this crossbar's part of the normalised outputs to y, from its part of the inputs. */
  multiply(driven: DrivenInputs, y: Float64Array, read: number, watch?: (sums: Float64Array) => void): void {
    const { columnStart, columns } = this.#place;
    const { offset, slices } = this.#cells;
    const total = new Float64Array(this.#lines);
    this.#slices.forEach((_, slice) => {
      const { factor } = slices[slice]!;
      const converted = this.#convertSlice(slice, driven, read, watch);
      for (let line = 0; line < total.length; line++) total[line] = total[line]! + factor * converted[line]!;
    });
    const first = this.#lines > columns && this.#settings.encoding.unitColumn === 'first' ? 1 : 0;
    const middle = this.#lines > columns ? total[first === 1 ? 0 : columns]! : 0;
    let sum = 0;
    if (offset !== 0) for (const value of driven.values) sum += value;
    for (let column = 0; column < columns; column++) {
      const at = columnStart + column;
      y[at] = y[at]! + total[column + first]! - middle - offset * sum;
    }
  }

  /** Currents of a slice after conversion, input slices put together: of pairs the difference. */
  #convertSlice(
    slice: number,
    driven: DrivenInputs,
    read: number,
    watch?: (sums: Float64Array) => void,
  ): Float64Array {
    const { encoding } = this.#settings;
    const digital = encoding.accumulation === 'digital';
    const apart = this.#slices[slice]!.negative !== undefined && encoding.subtraction === 'digital';
    const result = new Float64Array(this.#lines);
    const held = [new Float64Array(this.#lines), new Float64Array(this.#lines)];
    const noise = normalSource(this.#chance, 'read', read, this.#place.index * 64 + slice, CONVERTER_NOISE);
    const convert = (sums: Float64Array, sign: number, weight: number) => {
      watch?.(sums);
      for (let line = 0; line < sums.length; line++) {
        result[line] = result[line]! + sign * weight * this.#converters[slice]!(sums[line]!, noise);
      }
    };
    driven.slices.forEach(({ drive, weight }, index) => {
      const [positive, negative] = this.#currents(slice, this.#driven(drive, read, index), read, index);
      const parts = apart ? [positive, negative!] : [difference(positive, negative)];
      parts.forEach((sums, polarity) => {
        if (digital) convert(sums, polarity === 0 ? 1 : -1, weight);
        else sums.forEach((sum, line) => (held[polarity]![line] = held[polarity]![line]! + weight * sum));
      });
    });
    if (!digital) {
      convert(held[0]!, 1, 1);
      if (apart) convert(held[1]!, -1, 1);
    }
    return result;
  }

  /** Currents of both polarities for one drive; interleaved pairs and offset cells have only one. */
  #currents(
    slice: number,
    drive: Float64Array,
    read: number,
    index: number,
  ): readonly [Float64Array, Float64Array | undefined] {
    const { wires, columnLimit = Infinity } = this.#settings;
    const cells = this.#physics.exactRead ? this.#slices[slice]! : this.#noisyCells(slice, read, index);
    const clip = (sums: Float64Array) =>
      sums.map((sum) => Math.max(Math.min(sum, columnLimit), -columnLimit));
    const pairs = cells.negative !== undefined && wires?.pairs === 'interleaved';
    if (wires !== undefined && !this.#physics.iv.linear) {
      const current = (positive: Float64Array, negative?: Float64Array) =>
        clip(this.#nonlinear(positive, negative, drive));
      if (pairs) return [current(cells.positive, cells.negative), undefined];
      return [current(cells.positive), cells.negative === undefined ? undefined : current(cells.negative)];
    }
    if (wires?.topology === 'gated') {
      const lines = this.#lineResistances();
      const shape = [this.rows, this.#lines, drive, lines] as const;
      const out = () => new Float64Array(this.#lines);
      if (pairs)
        return [clip(gatedPairCurrents(cells.positive, cells.negative!, ...shape, out())), undefined];
      const current = (g: Float64Array) => clip(gatedCurrents(g, ...shape, out()));
      return [current(cells.positive), cells.negative === undefined ? undefined : current(cells.negative)];
    }
    const through = this.#through?.[slice] ?? this.#letThrough(cells);
    const positive = this.#sums(through.positive, drive);
    const negative = through.negative === undefined ? undefined : this.#sums(through.negative, drive);
    if (pairs) return [clip(difference(positive, negative)), undefined];
    return [clip(positive), negative === undefined ? undefined : clip(negative)];
  }

  /** Currents of cells that are no resistors behind resistive wires; with `negative` interleaved. */
  #nonlinear(positive: Float64Array, negative: Float64Array | undefined, drive: Float64Array): Float64Array {
    const cells = { positive, negative, rows: this.rows, columns: this.#lines, iv: this.#physics.iv };
    const solve = this.#settings.wires!.topology === 'gated' ? nonlinearGatedCurrents : nonlinearCurrents;
    return solve(cells, drive, this.#lineResistances(), new Float64Array(this.#lines));
  }

  #sums(g: Float64Array, drive: Float64Array): Float64Array {
    const { iv } = this.#physics;
    const sums = new Float64Array(this.#lines);
    for (let row = 0; row < this.rows; row++) {
      const x = drive[row]!;
      if (x === 0) continue;
      for (let line = 0; line < sums.length; line++) {
        const cell = g[row * sums.length + line]!;
        sums[line] = sums[line]! + (iv.linear ? cell * x : iv.current(cell, x));
      }
    }
    return sums;
  }

  /** Cells seen through the wires of an input-sourced crossbar. */
  #letThrough(cells: TileCells): TileCells {
    const { wires } = this.#settings;
    if (wires === undefined || wires.topology === 'gated' || !this.#physics.iv.linear) return cells;
    const lines = this.#lineResistances();
    const [rows, columns] = [this.rows, this.#lines];
    if (wires.pairs === 'interleaved' && cells.negative !== undefined) {
      return interleavedEffectiveMatrix(cells.positive, cells.negative, rows, columns, lines);
    }
    const through = (g: Float64Array) => effectiveMatrix(g, rows, columns, lines);
    return {
      positive: through(cells.positive),
      negative: cells.negative === undefined ? undefined : through(cells.negative),
    };
  }

  #lineResistances(): LineResistances {
    const { topology, unusedRows, row, column, rowTerminal, columnTerminal } = this.#settings.wires!;
    const unused = Math.max((this.#settings.rows ?? this.rows) - this.rows, 0);
    const atOutput = unusedRows === 'atOutput';
    return {
      ...{ row, column },
      rowTerminal: rowTerminal + (atOutput || topology !== 'gated' ? 0 : unused * row),
      columnTerminal: columnTerminal + (atOutput ? unused * column : 0),
    };
  }

  /** The cells as one read finds them, each with noise of its own: the reference of every lumped noise. */
  #noisyCells(slice: number, read: number, index: number): TileCells {
    const { positive, negative } = this.#slices[slice]!;
    const noisy = (g: Float64Array, polarity: number) => {
      const { law } = this.#physics.read;
      const { seed, chip } = this.#chance;
      const block = (this.#place.index * 64 + slice) * 2 + polarity;
      const sequence = { seed, stream: randomStream(chip, 0, 'read'), row: read, block, read: index };
      const deviates = law === 'uniform' ? new Float64Array(g.length) : new Float32Array(g.length);
      if (deviates instanceof Float64Array) {
        fillUniforms(deviates, sequence);
        deviates.forEach((uniform, i) => (deviates[i] = (uniform - 0.5) * Math.sqrt(12)));
      } else fillNormals(deviates, sequence);
      const { mean, sigma } = this.#physics.read;
      return g.map((cell, i) => Math.max(cell + (mean?.(cell) ?? 0) + sigma(cell) * deviates[i]!, 0));
    };
    return {
      positive: noisy(positive, 0),
      negative: negative === undefined ? undefined : noisy(negative, 1),
    };
  }

  /** What drivers make of a drive: bent, each by its gain, with noise. */
  #driven(drive: Float64Array, read: number, index: number): Float64Array {
    const { inl, noise } = this.#settings.inputs;
    if (inl === 0 && noise === 0 && this.#gains === undefined) return drive;
    const deviate = normalSource(this.#chance, 'read', read, this.#place.index, DRIVER_NOISE + index);
    return drive.map((x, row) => {
      const size = Math.abs(x);
      const bent = Math.sign(x) * (size + 4 * inl * size * (1 - size));
      return bent * (this.#gains?.[row] ?? 1) * (noise > 0 ? 1 + noise * deviate() : 1);
    });
  }

  #driverGains(): Float32Array | undefined {
    const { gainError } = this.#settings.inputs;
    if (gainError === 0) return undefined;
    const gains = new Float32Array(this.rows);
    const { seed, chip } = this.#chance;
    const stream = randomStream(chip, 0, 'fabricate');
    // As the drivers of a network's first layer.
    fillNormals(gains, { seed, stream, row: 0, block: 0, read: 1 }, this.rowStart);
    return gains.map((deviate) => 1 + gainError * deviate);
  }

  #converter(slice: number): Converter {
    const { encoding } = this.#settings;
    const { levelMax } = this.#cells.slices[slice]!;
    const pairs = this.#slices[slice]!.negative !== undefined && encoding.subtraction === 'analog';
    const normal = normalSource(this.#chance, 'fabricate', this.#place.index * 64 + slice, 0, CONVERTERS);
    return converterOf(this.#settings, { rows: this.rows, slice, levelMax, pairs }, normal);
  }
}

// Shares of the streams: `fabricate` of cells 0, of drivers 1; `read` of input slices from 0 on.
const CONVERTERS = 2;
const CONVERTER_NOISE = 1 << 20;
const DRIVER_NOISE = 1 << 21;

function difference(positive: Float64Array, negative: Float64Array | undefined): Float64Array {
  return negative === undefined ? positive : positive.map((value, i) => value - negative[i]!);
}
