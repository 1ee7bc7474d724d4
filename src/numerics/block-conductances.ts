import { fillNormals } from '../base/philox.ts';
import type { EncodingSpec } from '../hardware/encoding.ts';
import type { AnalogFormat } from './analog-format.ts';
import type { Arena } from './arena.ts';
import { type CellPhysics, programCells, readMoments } from './cells.ts';
import { randomStream } from './chance.ts';
import { eliminationBytes } from './kernel-calls.ts';
import { effectiveMatrix, type Elimination, interleavedEffectiveMatrix } from './ir-drop/effective-matrix.ts';
import { groupsOfUnit, type MvmGeometry, type RowBlock } from './mvm-geometry.ts';
import { cellLevel, type Polarity } from './weight-slices.ts';
import type { Workspace } from './workspace.ts';

/** Which cells are asked for, and what one relative conductance counts. */
export interface CellsAsked {
  readonly unit: number;
  /** Lines first … first + count − 1 of the unit: all of them where wires tie columns together. */
  readonly first: number;
  readonly count: number;
  readonly slice: number;
  readonly polarity: Polarity;
  readonly scale: number;
  /** The polarities that meet on a bit line or before conversion. */
  readonly pairing: readonly Polarity[];
}

/**
 * The cells of an MVM layer on one chip, as currents at input 1: fabricated, programmed and aged column by column,
 * read on average, seen through drivers and wires. Nothing is kept: a cell is drawn again by its address.
 *
 * Wires: each group's rows and columns on one crossbar are a network of their own, polarities apart or interleaved,
 * weight slices apart; what else stands on the crossbar does not load them (an assumption). Read noise is attenuated as the
 * cell's own current.
 */
export class BlockConductances {
  readonly #geometry: MvmGeometry;
  readonly #format: AnalogFormat;
  readonly #encoding: EncodingSpec;
  readonly #codes: Int16Array;
  readonly #physics: CellPhysics;
  readonly #seed: number;
  readonly #cells: number;
  readonly #elimination: number;
  #work: Workspace | undefined;
  #chip = 0;
  #programmed = 0;
  #drifted = 0;

  constructor(
    geometry: MvmGeometry,
    format: AnalogFormat,
    encoding: EncodingSpec,
    codes: Int16Array,
    physics: CellPhysics,
    seed: number,
    scratch: Arena,
  ) {
    this.#geometry = geometry;
    this.#format = format;
    this.#encoding = encoding;
    this.#codes = codes;
    this.#physics = physics;
    this.#seed = seed;
    const rows = Math.max(...format.blocks.map((block) => block.rows));
    const columns = Math.max(...format.columnBlocks.map((block) => block.columns));
    const wired = format.wires?.topology === 'inputSourced';
    const pairs = format.wires?.pairs === 'interleaved';
    const wordLines = pairs ? 2 * rows : rows;
    this.#cells = wired ? scratch.take(wordLines * columns * 8) : 0;
    this.#elimination = wired ? scratch.take(eliminationBytes(pairs ? columns : Math.min(rows, columns))) : 0;
  }

  /** Turns to a chip. */
  begin(work: Workspace, chip: number): void {
    this.#work = work;
    this.#chip = chip;
    this.#programmed = 0;
    this.#drifted = 0;
  }

  /** The gain that gives the cells asked for so far their mean conductance before drift; 1 without compensation. */
  get compensation(): number {
    if (this.#physics.drift.compensated !== true || this.#drifted === 0) return 1;
    return this.#programmed / this.#drifted;
  }

  /** Adds scale · current and scale² · variance of cells to [rows of the unit][count]. */
  add(asked: CellsAsked, means: Float32Array, variances: Float32Array): void {
    const { lowering } = this.#geometry;
    const { unitColumns } = this.#format;
    const { unit, first, count } = asked;
    const groups = groupsOfUnit(this.#geometry, unit);
    const data = groups * lowering.columns;
    for (let group = 0; group < groups; group++) {
      const columns: Column[] = [];
      for (let column = 0; column < lowering.columns; column++) {
        const line = group * lowering.columns + column;
        const channel = unit * this.#geometry.columns + line;
        if (line >= first && line < first + count) columns.push({ at: line - first, channel, middle: false });
      }
      const line = data + group;
      if (unitColumns && line >= first && line < first + count) {
        const channel = this.#geometry.channels + unit * this.#geometry.groupsPerUnit + group;
        columns.push({ at: line - first, channel, middle: true });
      }
      if (columns.length === 0) continue;
      const top = group * lowering.rows;
      const bottom = (groups - 1) * lowering.rows;
      const row = (index: number) => (index < lowering.rows ? top + index : bottom + index);
      this.#addGroup(
        asked,
        columns,
        unit * this.#geometry.groupsPerUnit + group,
        (index, column, mean, variance) => {
          const to = row(index) * count + column;
          means[to] = means[to]! + asked.scale * mean;
          variances[to] = variances[to]! + asked.scale * asked.scale * variance;
        },
      );
    }
  }

  #addGroup(asked: CellsAsked, columns: readonly Column[], group: number, put: Put): void {
    const { wires } = this.#format;
    const gains = this.#driverGains(group, this.#geometry.lowering.rows + this.#format.biasRows);
    const cells = this.#draw(asked.slice, asked.polarity, columns, gains);
    if (wires === undefined || wires.topology === 'gated') {
      for (let row = 0; row < cells.rows; row++) {
        columns.forEach(({ at }, column) => {
          const index = row * columns.length + column;
          const gain = gains?.[row] ?? 1;
          put(row, at, gain * cells.means[index]!, gain * gain * cells.variances[index]!);
        });
      }
      return;
    }
    const interleaved = wires.pairs === 'interleaved' && asked.pairing.length === 2;
    const other = interleaved
      ? this.#draw(asked.slice, asked.polarity === 1 ? -1 : 1, columns, gains)
      : undefined;
    for (const [start, rows] of this.#blocksOf(cells.rows)) {
      for (const block of this.#format.columnBlocks) {
        const place = { start, rows, first: block.start, width: block.columns, columns: columns.length };
        const through = this.#solve(cells, other, asked.polarity, place);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < block.columns; column++) {
            const { at } = columns[block.start + column]!;
            const index = (start + row) * columns.length + block.start + column;
            const current = through[row * block.columns + column]!;
            const gain = gains?.[start + row] ?? 1;
            const mean = cells.means[index]!;
            // A cell that conducts nothing on average is attenuated as its neighbours: not at all, to be safe.
            const kept = mean > 0 ? current / mean : 1;
            put(start + row, at, gain * current, (gain * kept) ** 2 * cells.variances[index]!);
          }
        }
      }
    }
  }

  /** Row ranges of the blocks within a group. */
  #blocksOf(rows: number): readonly (readonly [number, number])[] {
    const { blocks } = this.#format;
    if (blocks.length === 1) return [[0, rows]];
    return blocks.map((block: RowBlock) => [block.start, block.rows] as const);
  }

  /** Currents [rows][width] of the cells of a polarity on one crossbar, wires included. */
  #solve(
    cells: Cells,
    other: Cells | undefined,
    polarity: Polarity,
    { start, rows, first, width, columns }: CrossbarPlace,
  ): Float64Array {
    const lines = this.#format.wires!.lines(rows);
    const part = ({ means }: Cells) => {
      const own = new Float64Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const from = (start + row) * columns + first;
        own.set(means.subarray(from, from + width), row * width);
      }
      return own;
    };
    if (other === undefined) return effectiveMatrix(part(cells), rows, width, lines, this.#solver);
    const [positive, negative] = polarity === 1 ? [cells, other] : [other, cells];
    const pairs = interleavedEffectiveMatrix(
      part(positive),
      part(negative),
      rows,
      width,
      lines,
      this.#solver,
    );
    return polarity === 1 ? pairs.positive : pairs.negative;
  }

  readonly #solver: Elimination = (cells, rows, columns, lines, wordLinesPerNode) => {
    const { kernels, float64, scratch } = this.#work!;
    const at = scratch + this.#cells;
    float64.set(cells, at / 8);
    const call = { cells: at, rows, columns, scratch: scratch + this.#elimination, wordLinesPerNode };
    kernels.effectiveMatrix({ ...call, ...lines });
    cells.set(float64.subarray(at / 8, at / 8 + cells.length));
  };

  /** Mean currents and variances [rows][columns] of the cells of a slice and polarity. */
  #draw(
    slice: number,
    polarity: Polarity,
    columns: readonly Column[],
    gains: Float32Array | undefined,
  ): Cells {
    const { lowering, layer } = this.#geometry;
    const { weights, bias, biasRows } = this.#format;
    const { gMin, bits, iv } = this.#physics;
    const rows = lowering.rows + biasRows;
    const means = new Float64Array(rows * columns.length);
    const variances = new Float64Array(rows * columns.length);
    const g = new Float64Array(rows);
    const before = new Float64Array(rows);
    const moments = { mean: 0, variance: 0 };
    const { levelMax } = weights[slice]!;
    const plane = 2 * slice + (polarity === 1 ? 0 : 1);
    columns.forEach(({ channel, middle }, column) => {
      for (let row = 0; row < rows; row++) {
        let code = 0;
        if (!middle) {
          code =
            row < lowering.rows
              ? this.#codes[channel * lowering.rows + row]!
              : bias[channel * biasRows + row - lowering.rows]!;
        }
        const level = cellLevel(code, weights[slice]!, polarity, this.#encoding, bits);
        g[row] = gMin + ((1 - gMin) * level) / levelMax;
      }
      programCells(
        this.#physics,
        g,
        { seed: this.#seed, chip: this.#chip, layer, column: channel, plane },
        before,
      );
      for (let row = 0; row < rows; row++) {
        this.#programmed += before[row]!;
        this.#drifted += g[row]!;
        readMoments(this.#physics.read, g[row]!, moments);
        const to = row * columns.length + column;
        const drive = gains?.[row] ?? 1;
        const current = iv.linear ? moments.mean : iv.current(moments.mean, drive) / drive;
        const slope = moments.mean > 0 ? current / moments.mean : 1;
        const driven = this.#format.dac.noise * current;
        means[to] = current;
        variances[to] = slope * slope * moments.variance + driven * driven;
      }
    });
    return { rows, means, variances };
  }

  /** Gains of the word-line drivers of a group, drawn once per chip; undefined where they are all 1. */
  #driverGains(group: number, rows: number): Float32Array | undefined {
    const { gainError } = this.#format.dac;
    if (gainError === 0) return undefined;
    const gains = new Float32Array(rows);
    const stream = randomStream(this.#chip, this.#geometry.layer, 'fabricate');
    fillNormals(gains, { seed: this.#seed, stream, row: group, block: 0, read: DRIVERS });
    return gains.map((deviate) => 1 + gainError * deviate);
  }
}

/** Tells the drivers' share of the stream `fabricate` from that of the cells (0). */
const DRIVERS = 1;

interface Column {
  /** Place in what is asked for. */
  readonly at: number;
  readonly channel: number;
  /** A unit column: middle weights. */
  readonly middle: boolean;
}

interface Cells {
  readonly rows: number;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Rows and columns of a group on one crossbar, out of all `columns` of the group. */
interface CrossbarPlace {
  readonly start: number;
  readonly rows: number;
  readonly first: number;
  readonly width: number;
  readonly columns: number;
}

type Put = (row: number, column: number, mean: number, variance: number) => void;
