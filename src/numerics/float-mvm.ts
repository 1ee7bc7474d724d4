import type { Arena } from './arena.ts';
import { InputVectors } from './input-vectors.ts';
import { panelBytesF32 } from './kernel-calls.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { vectorLimit } from './vector-limit.ts';
import type { Batch, Workspace } from './workspace.ts';

/** An MVM layer in float32, the baseline that quantized and analog layers are compared with. */
export class FloatMvm {
  readonly #geometry: MvmGeometry;
  readonly #inputs: InputVectors;
  readonly #panels: number;
  readonly #unitBytes: number;
  readonly #sums: number;
  readonly #matrix: number;

  constructor(geometry: MvmGeometry, images: number, shared: Arena, scratch: Arena) {
    const { rows, columns, units } = geometry;
    this.#geometry = geometry;
    this.#unitBytes = panelBytesF32(rows, columns);
    this.#panels = shared.take(units * this.#unitBytes);
    const limit = vectorLimit(geometry, images, 4 * rows + 4 * columns);
    this.#inputs = new InputVectors(geometry, undefined, images, limit, shared, scratch);
    this.#sums = scratch.take(limit * columns * 4);
    this.#matrix = scratch.take(rows * columns * 4);
  }

  /** Writes weights and tables, once for all threads. */
  write(work: Workspace): void {
    this.#inputs.write(work);
    const { lowering, units, groupsPerUnit, rows, columns } = this.#geometry;
    const source = work.scratch + this.#matrix;
    const matrix = work.float32.subarray(source / 4, source / 4 + rows * columns);
    for (let unit = 0; unit < units; unit++) {
      matrix.fill(0);
      for (let group = 0; group < groupsOfUnit(this.#geometry, unit); group++) {
        for (let column = 0; column < lowering.columns; column++) {
          const channel = (unit * groupsPerUnit + group) * lowering.columns + column;
          for (let row = 0; row < lowering.rows; row++) {
            matrix[(group * lowering.rows + row) * columns + group * lowering.columns + column] =
              lowering.weights[channel * lowering.rows + row]!;
          }
        }
      }
      work.kernels.packF32({ source, panels: this.#panels + unit * this.#unitBytes, rows, columns });
    }
  }

  /** Outputs [images][elements] at `output` from activations at `input`. */
  run(work: Workspace, input: number, output: number, batch: Batch): void {
    const { lowering, units } = this.#geometry;
    const outputs = work.scratch + this.#sums;
    const vectors = batch.images * lowering.positions;
    this.#inputs.load(work, input, batch.images);
    for (let unit = 0; unit < units; unit++) {
      const groups = groupsOfUnit(this.#geometry, unit);
      const rows = groups * lowering.rows;
      const columns = groups * lowering.columns;
      const panels = this.#panels + unit * this.#unitBytes;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        work.kernels.mvmF32({ inputs, panels, outputs, vectors: count, rows, columns });
        this.#scatter(work.float32, outputs / 4, output / 4, unit, columns, first, count);
      }
    }
  }

  #scatter(
    memory: Float32Array,
    sums: number,
    output: number,
    unit: number,
    columns: number,
    first: number,
    count: number,
  ): void {
    const { lowering, outputElements, channels } = this.#geometry;
    const { positions, bias, outputLayout } = lowering;
    const channelsFirst = outputLayout === 'channelsFirst';
    const [positionStep, channelStep] = channelsFirst ? [1, positions] : [channels, 1];
    for (let column = 0; column < columns; column++) {
      const channel = unit * this.#geometry.columns + column;
      const offset = bias === undefined ? 0 : bias[channel]!;
      for (let v = 0, from = sums + column; v < count; v++, from += columns) {
        const image = Math.floor((first + v) / positions);
        const position = first + v - image * positions;
        const to = output + image * outputElements + position * positionStep + channel * channelStep;
        memory[to] = memory[from]! + offset;
      }
    }
  }
}
