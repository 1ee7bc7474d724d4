import type { Arena } from './arena.ts';
import type { Conversions, ConvertCall, SumsCall } from './conversions.ts';
import { patternBytes, type ReadNoise, type SliceDigits, TABLE_SCRATCH_BYTES } from './kernel-calls.ts';
import type { InputSlice } from './weight-slices.ts';
import type { Workspace } from './workspace.ts';

/** Input slices of one bit (or two, without sign), multiplied by tables of partial sums: all slices at once. */
export class TableConversions implements Conversions {
  readonly #slices: readonly InputSlice[];
  readonly #factor: number;
  readonly #digits: SliceDigits;
  readonly #patterns: number;
  /** Patterns of the magnitudes of signed codes, for the variance. */
  readonly #magnitudePatterns: number;
  readonly #magnitudes: number;
  /** Float32 digits of one slice, for the variance of two-bit slices. */
  readonly #squares: number;
  readonly #scratch: number;
  readonly #sums: number;
  readonly #multipliers: number;
  #inputs = 0;
  #stride = 0;
  #rows = 0;
  #count = 0;

  /** A slice's code counts factor · 2^shift; `limit` vectors of at most `rows` rows; `columns` of the widest product. */
  constructor(
    slices: readonly InputSlice[],
    factor: number,
    digits: SliceDigits,
    options: { noisy: boolean; rows: number; columns: number; limit: number },
    shared: Arena,
    scratch: Arena,
  ) {
    const { noisy, rows, columns, limit } = options;
    this.#slices = slices;
    this.#factor = factor;
    this.#digits = digits;
    this.#multipliers = shared.take(slices.length * 4);
    this.#patterns = scratch.take(limit * slices.length * patternBytes(rows, digits));
    const signed = noisy && digits === 'signedBit';
    this.#magnitudePatterns = signed ? scratch.take(limit * slices.length * patternBytes(rows, 'oneBit')) : 0;
    this.#magnitudes = signed ? scratch.take(limit * rows * 2) : 0;
    this.#squares = noisy && digits === 'twoBits' ? scratch.take(limit * rows * 4) : 0;
    this.#scratch = scratch.take(TABLE_SCRATCH_BYTES);
    // Partial sums (calibration) or their variances: never both.
    this.#sums = scratch.take(limit * slices.length * columns * 4);
  }

  write({ int32 }: Workspace): void {
    this.#slices.forEach(({ shift }, slice) => {
      int32[this.#multipliers / 4 + slice] = this.#factor * 2 ** shift;
    });
  }

  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void {
    this.#inputs = inputs;
    this.#stride = stride;
    this.#rows = rows;
    this.#count = count;
    const { kernels, scratch } = work;
    const call = { vectors: count, rows, slices: this.#slices.length };
    const patterns = scratch + this.#patterns;
    kernels.digitPatterns({ ...call, inputs, inputStride: stride, patterns, digits: this.#digits });
    if (this.#magnitudes === 0) return;
    const magnitudes = scratch + this.#magnitudes;
    absolute(work.bytes.buffer, inputs, stride, magnitudes, rows, count);
    const magnitudePatterns = scratch + this.#magnitudePatterns;
    kernels.digitPatterns({ ...call, inputs: magnitudes, patterns: magnitudePatterns, digits: 'oneBit' });
  }

  convert(work: Workspace, call: ConvertCall): void {
    const { columns, variances, noise, sigma } = call;
    if (variances !== undefined) this.#spread(work, variances, columns);
    const at = work.scratch + this.#sums;
    let drawn: ReadNoise | undefined;
    if (variances !== undefined) drawn = { ...noise, sigma, variances: { at, per: 'output' } };
    else if (sigma > 0) drawn = { ...noise, sigma };
    work.kernels.mvmAdcTable({
      ...this.#product(work, columns),
      ...call.converter,
      panels: call.means[0]!,
      outputs: call.accumulators,
      multipliers: this.#multipliers,
      noise: drawn,
    });
  }

  partialSums(
    work: Workspace,
    { means, columns }: SumsCall,
    visit: (sums: Float32Array | Int32Array) => void,
  ): void {
    const outputs = work.scratch + this.#sums;
    work.kernels.mvmTable({ ...this.#product(work, columns), panels: means[0]!, outputs });
    visit(work.float32.subarray(outputs / 4, outputs / 4 + this.#count * this.#slices.length * columns));
  }

  #product(work: Workspace, columns: number) {
    return {
      ...{
        vectors: this.#count,
        rows: this.#rows,
        columns,
        slices: this.#slices.length,
        digits: this.#digits,
      },
      patterns: work.scratch + this.#patterns,
      scratch: work.scratch + this.#scratch,
    };
  }

  /** Σ x² σ² of every conversion; x² = |x| where slices have one bit, so that the tables serve again. */
  #spread(work: Workspace, panels: number, columns: number): void {
    const { kernels, scratch } = work;
    const outputs = scratch + this.#sums;
    if (this.#squares === 0) {
      const signed = this.#magnitudes !== 0;
      const patterns = scratch + (signed ? this.#magnitudePatterns : this.#patterns);
      kernels.mvmTable({ ...this.#product(work, columns), digits: 'oneBit', patterns, panels, outputs });
      return;
    }
    const [vectors, rows] = [this.#count, this.#rows];
    const squares = scratch + this.#squares;
    this.#slices.forEach((slice, index) => {
      const cut = { inputs: this.#inputs, inputStride: this.#stride, outputs: squares, vectors, rows };
      kernels.sliceF32({ ...cut, ...slice });
      kernels.squaresF32({ inputs: squares, outputs: squares, count: vectors * rows });
      kernels.mvmF32({
        ...{ inputs: squares, panels, vectors, rows, columns },
        outputs: outputs + index * columns * 4,
        outputStride: this.#slices.length * columns,
      });
    });
  }
}

function absolute(
  buffer: ArrayBufferLike,
  inputs: number,
  stride: number,
  outputs: number,
  rows: number,
  count: number,
): void {
  const from = new Int16Array(buffer, inputs, (count - 1) * stride + rows);
  const to = new Int16Array(buffer, outputs, count * rows);
  for (let vector = 0; vector < count; vector++) {
    for (let row = 0; row < rows; row++) to[vector * rows + row] = Math.abs(from[vector * stride + row]!);
  }
}
