import { Fault } from '../../base/fault.ts';
import { MAX_CHIPS } from '../chance.ts';
import { type CellPhysics, cellPhysics, programCells } from '../cells.ts';
import type { Chance } from './chance.ts';
import { cellsOfWeights, type WeightCells } from './cells-of-weights.ts';
import { drivenInputs, type DrivenInputs } from './driven-inputs.ts';
import type { CrossbarParameters, CrossbarSettings } from './parameters.ts';
import { crossbarSettings } from './settings.ts';
import { spreadOver } from './spread.ts';
import { CrossbarTile, type TileCells } from './tile.ts';

/** A matrix: its rows, or its numbers row by row with its shape. */
export type Matrix =
  | readonly ArrayLike<number>[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly [number, number] };

/**
 * Outputs y ≈ W x of a crossbar in float64: `weights` [outputs][inputs], `inputs` one vector or a batch of them, each
 * as long as a row of the weights; outputs are shaped alike, in the units of W x. What the crossbar adds to the plain
 * product is what `parameters` say (`CrossbarParameters`; none: nothing). Programs the cells, multiplies, forgets: see
 * `programCrossbar` for a crossbar to keep. Throws a Fault for numbers that are not finite, shapes that do not
 * fit and parameters that are unknown, out of range or contradict each other.
 */
export function crossbar(
  weights: Matrix,
  inputs: ArrayLike<number>,
  parameters?: CrossbarParameters,
  chance?: Chance,
): Float64Array;
export function crossbar(
  weights: Matrix,
  inputs: readonly ArrayLike<number>[],
  parameters?: CrossbarParameters,
  chance?: Chance,
): Float64Array[];
export function crossbar(
  weights: Matrix,
  inputs: ArrayLike<number> | readonly ArrayLike<number>[],
  parameters: CrossbarParameters = {},
  chance: Chance = {},
): Float64Array | Float64Array[] {
  const programmed = programCrossbar(weights, parameters, chance);
  return isBatch(inputs) ? inputs.map((input) => programmed.multiply(input)) : programmed.multiply(inputs);
}

/** Fabricates and programs the cells that hold `weights` [outputs][inputs]. */
export function programCrossbar(
  weights: Matrix,
  parameters: CrossbarParameters = {},
  chance: Chance = {},
): ProgrammedCrossbar {
  return new ProgrammedCrossbar(weights, crossbarSettings(parameters), chance);
}

/** A crossbar whose cells are programmed; each multiplication draws read noise of its own. */
export class ProgrammedCrossbar {
  /** The weight magnitude that the largest conductance stands for. */
  readonly weightRange: number;
  /** Every parameter, defaults filled in. */
  readonly settings: CrossbarSettings;
  readonly outputs: number;
  readonly inputs: number;
  readonly #cells: WeightCells;
  readonly #programmed: readonly TileCells[];
  readonly #tiles: readonly CrossbarTile[];
  readonly #gain: number;
  #transposed: readonly CrossbarTile[] | undefined;
  readonly #chance: Required<Chance>;
  #reads = 0;

  constructor(weights: Matrix, settings: CrossbarSettings, chance: Chance) {
    const matrix = transposed(weights);
    this.settings = settings;
    this.inputs = matrix.rows;
    this.outputs = matrix.columns;
    this.#chance = checkedChance(chance);
    this.#cells = cellsOfWeights(matrix.data, matrix.rows, matrix.columns, settings);
    this.weightRange = this.#cells.range;
    const physics = cellPhysics({ ...settings.cell, bits: 1 });
    const programmed = this.#program(physics);
    this.#gain = programmed.gain;
    this.#programmed = programmed.slices;
    this.#tiles = this.#cut(physics);
  }

  /** Conductances [inputs][outputs and, at the end, the unit column] of each weight slice, relative to a cell fully on. */
  get conductances(): readonly { readonly positive: Float64Array; readonly negative?: Float64Array }[] {
    return this.#programmed.map(({ positive, negative }) => ({
      positive: positive.slice(),
      ...(negative === undefined ? {} : { negative: negative.slice() }),
    }));
  }

  /** y ≈ W x for one vector. */
  multiply(input: ArrayLike<number>): Float64Array {
    this.#checkLength(input, this.inputs, 'inputs');
    return this.#product(this.#tiles, input, this.outputs);
  }

  /** y ≈ Wᵀ x: the crossbar driven from its columns, with the same drivers and converters. */
  multiplyTransposed(input: ArrayLike<number>): Float64Array {
    if (this.settings.wires !== undefined || this.#cells.columns !== this.outputs) {
      throw new Fault('a transposed product needs ideal wires and no unit column', {
        cure: 'leave wires out and remove offsets digitally',
      });
    }
    this.#checkLength(input, this.outputs, 'outputs');
    this.#transposed ??= this.#cut(cellPhysics({ ...this.settings.cell, bits: 1 }), true);
    return this.#product(this.#transposed, input, this.inputs);
  }

  /**
   * What converters see for one vector, in currents of a cell fully on: for each crossbar (row blocks outermost), weight
   * slice and polarity (where pairs are subtracted digitally) and input round, the currents of its columns.
   */
  partialSums(input: ArrayLike<number>): readonly Float64Array[] {
    this.#checkLength(input, this.inputs, 'inputs');
    const sums: Float64Array[] = [];
    this.#product(this.#tiles, input, this.outputs, (seen) => sums.push(seen.slice()));
    return sums;
  }

  #product(
    tiles: readonly CrossbarTile[],
    input: ArrayLike<number>,
    outputs: number,
    watch?: (sums: Float64Array) => void,
  ): Float64Array {
    const driven = drivenInputs(input, this.settings);
    const y = new Float64Array(outputs);
    const read = this.#reads++;
    tiles.forEach((tile) => tile.multiply(part(driven, tile.rowStart, tile.rows), y, read, watch));
    const scale = (this.#cells.range / driven.scale) * this.#gain;
    return y.map((value) => value * scale);
  }

  #program(physics: CellPhysics): { readonly slices: readonly TileCells[]; readonly gain: number } {
    const { seed, chip } = this.#chance;
    const { columns } = this.#cells;
    const g = new Float64Array(this.inputs);
    const before = new Float64Array(this.inputs);
    const total = { before: 0, after: 0 };
    const cellsOf = (wanted: Float64Array, plane: number) => {
      const obtained = new Float64Array(wanted.length);
      for (let column = 0; column < columns; column++) {
        for (let row = 0; row < g.length; row++) g[row] = wanted[row * columns + column]!;
        programCells(physics, g, { seed, chip, layer: 0, column, plane }, before);
        for (let row = 0; row < g.length; row++) {
          obtained[row * columns + column] = g[row]!;
          total.before += before[row]!;
          total.after += g[row]!;
        }
      }
      return obtained;
    };
    const slices = this.#cells.slices.map(({ positive, negative }, slice) => ({
      positive: cellsOf(positive, 2 * slice),
      negative: negative === undefined ? undefined : cellsOf(negative, 2 * slice + 1),
    }));
    const compensated = physics.drift.compensated === true && total.after > 0;
    return { slices, gain: compensated ? total.before / total.after : 1 };
  }

  /** Cuts the cells into crossbars; a unit column stands in each of them. */
  #cut(physics: CellPhysics, turned = false): readonly CrossbarTile[] {
    const { settings } = this;
    const lines = this.#cells.columns;
    const tiles: CrossbarTile[] = [];
    const ofInputs = spreadOver(this.inputs, settings.rows ?? this.inputs, settings.rowSpread);
    const ofOutputs = spreadOver(this.outputs, settings.columns ?? this.outputs, settings.columnSpread);
    const [rowParts, columnParts] = turned ? [ofOutputs, ofInputs] : [ofInputs, ofOutputs];
    for (const [rowStart, tileRows] of rowParts) {
      for (const [columnStart, tileColumns] of columnParts) {
        const own = Array.from({ length: tileColumns }, (_, column) => columnStart + column);
        if (lines > this.outputs) {
          if (settings.encoding.unitColumn === 'first') own.unshift(this.outputs);
          else own.push(this.outputs);
        }
        const cellsOf = (all: Float64Array) => {
          const cells = new Float64Array(tileRows * own.length);
          for (let row = 0; row < tileRows; row++) {
            own.forEach((column, index) => {
              const at = turned ? column * lines + rowStart + row : (rowStart + row) * lines + column;
              cells[row * own.length + index] = all[at]!;
            });
          }
          return cells;
        };
        const slices = this.#programmed.map(({ positive, negative }) => ({
          positive: cellsOf(positive),
          negative: negative === undefined ? undefined : cellsOf(negative),
        }));
        const place = { rowStart, rows: tileRows, columnStart, columns: tileColumns, index: tiles.length };
        tiles.push(new CrossbarTile(place, slices, this.#cells, settings, physics, this.#chance));
      }
    }
    return tiles;
  }

  #checkLength(input: ArrayLike<number>, length: number, what: string): void {
    if (input.length === length) return;
    throw new Fault(`a vector of ${input.length} numbers for ${length} ${what}`, {
      cure: `give ${length} numbers`,
    });
  }
}

function part(driven: DrivenInputs, start: number, rows: number): DrivenInputs {
  return {
    scale: driven.scale,
    values: driven.values.subarray(start, start + rows),
    slices: driven.slices.map(({ drive, weight }) => ({
      drive: drive.subarray(start, start + rows),
      weight,
    })),
  };
}

/** Weights [outputs][inputs] as [inputs][outputs]. */
function transposed(weights: Matrix): { data: Float64Array; rows: number; columns: number } {
  const source = isMatrix(weights) ? weights : undefined;
  const outputs = source?.shape[0] ?? (weights as readonly ArrayLike<number>[]).length;
  const inputs = source?.shape[1] ?? (weights as readonly ArrayLike<number>[])[0]?.length ?? 0;
  if (!(outputs > 0 && inputs > 0)) throw new Fault('weights are empty', { cure: 'give at least one' });
  if (source !== undefined && source.data.length !== outputs * inputs) {
    throw new Fault(`${source.data.length} weights for a shape of ${outputs} × ${inputs}`);
  }
  const data = new Float64Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    const row = source === undefined ? (weights as readonly ArrayLike<number>[])[output]! : undefined;
    if (row !== undefined && row.length !== inputs) {
      throw new Fault(`row ${output} of the weights has ${row.length} numbers, the first has ${inputs}`);
    }
    for (let input = 0; input < inputs; input++) {
      data[input * outputs + output] = row?.[input] ?? source!.data[output * inputs + input]!;
    }
  }
  return { data, rows: inputs, columns: outputs };
}

function isMatrix(weights: Matrix): weights is { data: ArrayLike<number>; shape: readonly [number, number] } {
  return 'shape' in weights;
}

function isBatch(
  inputs: ArrayLike<number> | readonly ArrayLike<number>[],
): inputs is readonly ArrayLike<number>[] {
  return typeof inputs[0] === 'object';
}

function checkedChance({ seed = 1, chip = 0 }: Chance): Required<Chance> {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new Fault(`seed ${seed} is no whole number below 2^32`);
  if (!Number.isInteger(chip) || chip < 0 || chip >= MAX_CHIPS) {
    throw new Fault(`chip ${chip} is no whole number below ${MAX_CHIPS}`);
  }
  return { seed, chip };
}
