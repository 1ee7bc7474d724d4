import { Fault } from '../base/fault.ts';
import type { ActivationGrid, QuantizedWeights } from '../network/quantization.ts';
import type { Arena } from './arena.ts';
import { InputVectors } from './input-vectors.ts';
import { panelBytesI16 } from './kernel-calls.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { Outputs } from './outputs.ts';
import { vectorLimit } from './vector-limit.ts';
import type { Batch, Workspace } from './workspace.ts';

/**
 * An MVM layer on a digital core, and on ideal crossbars behind converters that lose nothing: integer activations
 * times integer weights, accumulated exactly, then y = float32(accumulator · scale + bias). Weights too wide for
 * an exact int32 sum are cut into digit planes, whose sums meet in float64 (exact below 2⁵³).
 */
export class DigitalMvm {
  readonly #geometry: MvmGeometry;
  readonly #codes: Int16Array;
  readonly #inputs: InputVectors;
  readonly #outputs: Outputs;
  readonly #planes: readonly { readonly shift: number; readonly bits: number; readonly panels: number }[];
  readonly #unitBytes: number;
  readonly #sums: number;
  readonly #wide: number;
  readonly #matrix: number;

  constructor(
    geometry: MvmGeometry,
    weights: QuantizedWeights,
    grid: ActivationGrid,
    images: number,
    shared: Arena,
    scratch: Arena,
  ) {
    const { rows, columns, units } = geometry;
    this.#geometry = geometry;
    this.#codes = weights.codes;
    this.#unitBytes = panelBytesI16(rows, columns);
    this.#planes = digitPlanes(geometry, weights.codes, grid).map((plane) => ({
      ...plane,
      panels: shared.take(units * this.#unitBytes),
    }));
    const limit = vectorLimit(geometry, images, 2 * rows + 12 * columns);
    this.#inputs = new InputVectors(geometry, grid, images, limit, shared, scratch);
    this.#outputs = new Outputs(
      geometry,
      weights.scales.map((scale) => scale * grid.scale),
      shared,
    );
    this.#sums = scratch.take(limit * columns * 4);
    this.#wide = this.#planes.length > 1 ? scratch.take(limit * columns * 8) : 0;
    this.#matrix = scratch.take(rows * columns * 2);
  }

  /** Writes weights and tables, once for all threads. */
  write(work: Workspace): void {
    this.#inputs.write(work);
    this.#outputs.write(work);
    const { lowering, units, groupsPerUnit, rows, columns } = this.#geometry;
    const matrix = new Int16Array(work.bytes.buffer, work.scratch + this.#matrix, rows * columns);
    for (const { shift, bits, panels } of this.#planes) {
      const mask = 2 ** bits - 1;
      for (let unit = 0; unit < units; unit++) {
        matrix.fill(0);
        for (let group = 0; group < groupsOfUnit(this.#geometry, unit); group++) {
          for (let column = 0; column < lowering.columns; column++) {
            const channel = (unit * groupsPerUnit + group) * lowering.columns + column;
            for (let row = 0; row < lowering.rows; row++) {
              const code = this.#codes[channel * lowering.rows + row]!;
              const digit = (Math.abs(code) >> shift) & mask;
              matrix[(group * lowering.rows + row) * columns + group * lowering.columns + column] =
                code < 0 ? -digit : digit;
            }
          }
        }
        work.kernels.packI16({
          source: matrix.byteOffset,
          panels: panels + unit * this.#unitBytes,
          rows,
          columns,
        });
      }
    }
  }

  /** Outputs [images][elements] at `output` from activations at `input`. */
  run(work: Workspace, input: number, output: number, batch: Batch): void {
    const { lowering, units } = this.#geometry;
    const { kernels } = work;
    const sums = work.scratch + this.#sums;
    const wide = work.scratch + this.#wide;
    const vectors = batch.images * lowering.positions;
    this.#inputs.load(work, input, batch.images);
    for (let unit = 0; unit < units; unit++) {
      const rows = groupsOfUnit(this.#geometry, unit) * lowering.rows;
      const columns = groupsOfUnit(this.#geometry, unit) * lowering.columns;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        this.#planes.forEach(({ shift, panels }, plane) => {
          const at = panels + unit * this.#unitBytes;
          kernels.mvmI16({ inputs, panels: at, outputs: sums, vectors: count, rows, columns });
          if (this.#planes.length > 1) {
            const call = { codes: sums, outputs: wide, vectors: count, columns };
            kernels.combine({ ...call, factor: 2 ** shift, accumulate: plane > 0 });
          }
        });
        if (this.#planes.length > 1) {
          kernels.dequantizeF64(this.#outputs.call(wide, output, unit, columns, first, count));
        } else kernels.dequantizeI32(this.#outputs.call(sums, output, unit, columns, first, count));
      }
    }
  }
}

function digitPlanes(geometry: MvmGeometry, codes: Int16Array, grid: ActivationGrid) {
  let largest = 0;
  for (const code of codes) largest = Math.max(largest, Math.abs(code));
  const bits = Math.max(1, Math.ceil(Math.log2(largest + 1)));
  // A column sums the rows of its own group; the others of a unit meet zeros.
  const room = (2 ** 31 - 1) / (geometry.lowering.rows * grid.high);
  const width = Math.min(bits, Math.floor(Math.log2(room + 1)));
  if (width < 1) {
    throw new Fault(`a matrix of ${geometry.lowering.rows} rows is too large for exact sums`, {
      cure: 'use fewer input bits',
    });
  }
  const planes: { shift: number; bits: number }[] = [];
  for (let shift = 0; shift < bits; shift += width)
    planes.push({ shift, bits: Math.min(width, bits - shift) });
  return planes;
}
