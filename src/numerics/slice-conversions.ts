import type { Arena } from './arena.ts';
import type { Conversions, ConvertCall } from './conversions.ts';
import type { InputSlice } from './weight-slices.ts';
import type { Workspace } from './workspace.ts';

/** Input slices of any width, multiplied one after the other: in int16 where cells are exact, else in float32. */
export class SliceConversions implements Conversions {
  readonly #slices: readonly InputSlice[];
  readonly #integers: boolean;
  readonly #digits: number;
  readonly #digitBytes: number;
  readonly #squares: number;
  readonly #sums: number;
  #rows = 0;
  #count = 0;

  /** `limit` vectors of at most `rows` rows; `columns` of the widest product. */
  constructor(
    slices: readonly InputSlice[],
    options: { integers: boolean; noisy: boolean; rows: number; columns: number; limit: number },
    scratch: Arena,
  ) {
    const { integers, noisy, rows, columns, limit } = options;
    this.#slices = slices;
    this.#integers = integers;
    // A line between the slices: the int16 product reads a code past an odd number of rows.
    this.#digitBytes = Math.ceil((limit * rows * (integers ? 2 : 4)) / LINE) * LINE + LINE;
    this.#digits = scratch.take(slices.length * this.#digitBytes);
    this.#squares = noisy ? scratch.take(limit * rows * 4) : 0;
    this.#sums = scratch.take(limit * columns * 4);
  }

  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void {
    this.#rows = rows;
    this.#count = count;
    this.#slices.forEach((slice, index) => {
      const outputs = this.#slice(work, index);
      const call = { inputs, inputStride: stride, outputs, vectors: count, rows, ...slice };
      if (this.#integers) work.kernels.sliceI16(call);
      else work.kernels.sliceF32(call);
    });
  }

  convert(work: Workspace, call: ConvertCall): void {
    const { kernels, scratch } = work;
    const { columns, variances, noise } = call;
    const [vectors, rows] = [this.#count, this.#rows];
    this.#slices.forEach(({ shift }, index) => {
      const inputs = this.#slice(work, index);
      const product = {
        ...{ inputs, panels: call.means, outputs: call.accumulators, vectors, rows, columns },
        ...{ multiplier: 2 ** shift, ...call.converter },
      };
      if (this.#integers) {
        kernels.mvmAdcI16(product);
        return;
      }
      if (noise === undefined || variances === undefined) {
        kernels.mvmAdcF32(product);
        return;
      }
      const squares = scratch + this.#squares;
      const spread = scratch + this.#sums;
      kernels.squaresF32({ inputs, outputs: squares, count: vectors * rows });
      kernels.mvmF32({ inputs: squares, panels: variances, outputs: spread, vectors, rows, columns });
      const drawn = {
        ...noise,
        read: noise.read + index,
        sigma: 0,
        variances: { at: spread, per: 'output' as const },
      };
      kernels.mvmAdcF32({ ...product, noise: drawn });
    });
  }

  partialSums(
    work: Workspace,
    means: number,
    columns: number,
    visit: (sums: Float32Array | Int32Array) => void,
  ): void {
    const outputs = work.scratch + this.#sums;
    const [vectors, rows] = [this.#count, this.#rows];
    this.#slices.forEach((_, index) => {
      const call = { inputs: this.#slice(work, index), panels: means, outputs, vectors, rows, columns };
      const [from, to] = [outputs / 4, outputs / 4 + vectors * columns];
      if (this.#integers) {
        work.kernels.mvmI16(call);
        visit(work.int32.subarray(from, to));
      } else {
        work.kernels.mvmF32(call);
        visit(work.float32.subarray(from, to));
      }
    });
  }

  #slice(work: Workspace, index: number): number {
    return work.scratch + this.#digits + index * this.#digitBytes;
  }
}

const LINE = 64;
