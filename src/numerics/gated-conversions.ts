import type { AnalogFormat } from './analog-format.ts';
import type { Arena } from './arena.ts';
import type { AppliedPart } from './input-rounds.ts';
import type { Conversions, ConvertCall, SumsCall } from './conversions.ts';
import { gatedScratchBytes, type ReadNoise } from './kernel-calls.ts';
import type { Workspace } from './workspace.ts';

/**
 * One-bit input slices that open cells of gated crossbars: what a bit line draws through its resistance depends on
 * which cells are open, so that every slice is a network of its own. Read noise is not attenuated by the wires.
 */
export class GatedConversions implements Conversions {
  readonly #format: AnalogFormat;
  readonly #part: AppliedPart;
  readonly #polarities: number;
  readonly #multipliers: number;
  readonly #sums: number;
  readonly #digits: number;
  readonly #spread: number;
  readonly #scratch: number;
  #inputs = 0;
  #stride = 0;
  #rows = 0;
  #count = 0;

  /** `limit` vectors of at most `rows` rows; `columns` of the widest product. */
  constructor(
    format: AnalogFormat,
    part: AppliedPart,
    options: { rows: number; columns: number; limit: number },
    shared: Arena,
    scratch: Arena,
  ) {
    const { rows, columns, limit } = options;
    this.#format = format;
    this.#part = part;
    this.#polarities = format.planes[0]!.polarities.length;
    const { slices, rounds } = part;
    const streams = limit * slices.length;
    this.#multipliers = shared.take(rounds.length * 4);
    this.#scratch = scratch.take(Math.max(rounds.length * 16, gatedScratchBytes(rows, slices.length)));
    this.#sums = scratch.take(streams * columns * 4);
    this.#digits = format.noisy ? scratch.take(limit * rows * 4) : 0;
    this.#spread = format.noisy ? scratch.take(streams * columns * 4) : 0;
  }

  write({ int32 }: Workspace): void {
    this.#part.rounds.forEach(({ factor }, round) => {
      int32[this.#multipliers / 4 + round] = factor;
    });
  }

  load(_work: Workspace, inputs: number, stride: number, rows: number, count: number): void {
    this.#inputs = inputs;
    this.#stride = stride;
    this.#rows = rows;
    this.#count = count;
  }

  convert(work: Workspace, call: ConvertCall): void {
    const { columns, variances, sigma } = call;
    this.#currents(work, call);
    let noise: ReadNoise | undefined;
    if (variances !== undefined) {
      const at = this.#variances(work, variances, columns);
      noise = { ...call.noise, sigma, variances: { at, per: 'output' } };
    } else if (sigma > 0) noise = { ...call.noise, sigma };
    work.kernels.convertSums({
      ...call.converter,
      ...{ vectors: this.#count, columns, slices: this.#part.rounds.length, noise },
      sums: work.scratch + this.#sums,
      outputs: call.accumulators,
      multipliers: this.#multipliers,
      scratch: work.scratch + this.#scratch,
    });
  }

  partialSums(work: Workspace, call: SumsCall, visit: (sums: Float32Array | Int32Array) => void): void {
    this.#currents(work, call);
    const from = (work.scratch + this.#sums) / 4;
    visit(work.float32.subarray(from, from + this.#count * this.#part.rounds.length * call.columns));
  }

  /** Relative currents [vector · rounds + round][columns] of a plane. */
  #currents(work: Workspace, { means, columns }: SumsCall): void {
    const { float32, kernels, scratch } = work;
    const { wires } = this.#format;
    const { rounds } = this.#part;
    const slices = this.#part.slices.length;
    const { column, columnTerminal } = wires!.lines(this.#rows);
    const call = {
      ...{ inputs: this.#inputs, inputStride: this.#stride, vectors: this.#count, rows: this.#rows },
      ...{ columns, slices, column, columnTerminal, signed: this.#format.signedDrive },
      scratch: scratch + this.#scratch,
    };
    const sums = scratch + this.#sums;
    kernels.mvmGated({ ...call, panels: means[0]!, outputs: sums });
    if (this.#polarities > 1) kernels.mvmGated({ ...call, panels: means[1]!, outputs: sums, subtract: true });
    if (rounds.length < slices) accumulate(float32, sums / 4, this.#count, slices, columns, 2);
  }

  /** Σ x² σ² of every conversion. */
  #variances(work: Workspace, panels: number, columns: number): number {
    const { kernels, scratch, float32 } = work;
    const { slices, rounds } = this.#part;
    const digits = scratch + this.#digits;
    const outputs = scratch + this.#spread;
    const [vectors, rows] = [this.#count, this.#rows];
    slices.forEach((slice, index) => {
      const cut = { inputs: this.#inputs, inputStride: this.#stride, outputs: digits, vectors, rows };
      kernels.sliceF32({ ...cut, ...slice });
      kernels.squaresF32({ inputs: digits, outputs: digits, count: vectors * rows });
      kernels.mvmF32({
        ...{ inputs: digits, panels, vectors, rows, columns },
        outputs: outputs + index * columns * 4,
        outputStride: slices.length * columns,
      });
    });
    if (rounds.length < slices.length) {
      accumulate(float32, outputs / 4, vectors, slices.length, columns, 4);
    }
    return outputs;
  }
}

/** [vector][slice][columns] → [vector][columns] = Σ base^slice · values, in place. */
function accumulate(
  memory: Float32Array,
  at: number,
  vectors: number,
  slices: number,
  columns: number,
  base: number,
): void {
  for (let vector = 0; vector < vectors; vector++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let slice = slices - 1; slice >= 0; slice--) {
        sum = base * sum + memory[at + (vector * slices + slice) * columns + column]!;
      }
      memory[at + vector * columns + column] = sum;
    }
  }
}
