import type { Arena } from './arena.ts';
import type { Conversions, ConvertCall, SumsCall } from './conversions.ts';
import type { InputRound } from './input-rounds.ts';
import type { Workspace } from './workspace.ts';

/** Rounds of any width, multiplied one after the other: in int16 where cells are exact, else in float32. */
export class SliceConversions implements Conversions {
  readonly #rounds: readonly InputRound[];
  readonly #integers: boolean;
  readonly #noisy: boolean;
  readonly #inputs: number;
  readonly #inputBytes: number;
  readonly #squares: number;
  readonly #sums: number;
  readonly #codes: RoundTables;
  #rows = 0;
  #count = 0;

  /** `limit` vectors of at most `rows` rows with codes up to `high`; `columns` of the widest product. */
  constructor(
    rounds: readonly InputRound[],
    options: {
      integers: boolean;
      noisy: boolean;
      rows: number;
      columns: number;
      limit: number;
      high: number;
    },
    shared: Arena,
    scratch: Arena,
  ) {
    const { integers, noisy, rows, columns, limit, high } = options;
    this.#rounds = rounds;
    this.#integers = integers;
    this.#noisy = noisy;
    // A line between the rounds: the int16 product reads a code past an odd number of rows.
    this.#inputBytes = Math.ceil((limit * rows * (integers ? 2 : 4)) / LINE) * LINE + LINE;
    this.#inputs = scratch.take(rounds.length * this.#inputBytes);
    this.#squares = noisy ? scratch.take(rounds.length * this.#inputBytes) : 0;
    this.#sums = scratch.take(limit * columns * 4);
    this.#codes = new RoundTables(rounds, high, noisy, shared);
  }

  write(work: Workspace): void {
    this.#codes.write(work);
  }

  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void {
    this.#rows = rows;
    this.#count = count;
    this.#rounds.forEach((round, index) => {
      const outputs = this.#round(work, index);
      const call = { inputs, inputStride: stride, outputs, vectors: count, rows };
      const { shift, bits } = round;
      if (this.#integers) work.kernels.sliceI16({ ...call, shift, bits });
      else if (round.exact) work.kernels.sliceF32({ ...call, shift, bits });
      else work.kernels.lookupF32({ ...call, ...this.#codes.values(index) });
      if (!this.#noisy) return;
      const squares = this.#roundSquares(work, index);
      if (round.exact && round.slices.length === 1) {
        work.kernels.squaresF32({ inputs: outputs, outputs: squares, count: count * rows });
      } else work.kernels.lookupF32({ ...call, outputs: squares, ...this.#codes.squares(index) });
    });
  }

  convert(work: Workspace, call: ConvertCall): void {
    const { kernels, scratch } = work;
    const { columns, variances, noise, sigma } = call;
    const [vectors, rows] = [this.#count, this.#rows];
    this.#rounds.forEach(({ factor }, index) => {
      const product = {
        ...{ inputs: this.#round(work, index), panels: call.means[0]!, outputs: call.accumulators },
        ...{ vectors, rows, columns, multiplier: factor, ...call.converter },
      };
      let drawn: object = {};
      if (variances !== undefined) {
        const at = scratch + this.#sums;
        const spread = { inputs: this.#roundSquares(work, index), panels: variances, outputs: at };
        kernels.mvmF32({ ...spread, vectors, rows, columns });
        const read = noise.read + index;
        drawn = { noise: { ...noise, read, sigma, variances: { at, per: 'output' as const } } };
      } else if (sigma > 0) drawn = { noise: { ...noise, read: noise.read + index, sigma } };
      if (this.#integers) kernels.mvmAdcI16({ ...product, ...drawn });
      else kernels.mvmAdcF32({ ...product, ...drawn });
    });
  }

  partialSums(
    work: Workspace,
    { means, columns }: SumsCall,
    visit: (sums: Float32Array | Int32Array) => void,
  ): void {
    const outputs = work.scratch + this.#sums;
    const [vectors, rows] = [this.#count, this.#rows];
    this.#rounds.forEach((_, index) => {
      const call = { inputs: this.#round(work, index), panels: means[0]!, outputs, vectors, rows, columns };
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

  #round(work: Workspace, index: number): number {
    return work.scratch + this.#inputs + index * this.#inputBytes;
  }

  #roundSquares(work: Workspace, index: number): number {
    return work.scratch + this.#squares + index * this.#inputBytes;
  }
}

/** What rounds make of every code, tabulated: values, and squares for the noise. Signed codes keep their sign. */
export class RoundTables {
  readonly #rounds: readonly InputRound[];
  readonly #high: number;
  readonly #values: readonly (number | undefined)[];
  readonly #squares: readonly (number | undefined)[];

  constructor(rounds: readonly InputRound[], high: number, noisy: boolean, shared: Arena) {
    this.#rounds = rounds;
    this.#high = high;
    const bytes = (2 * high + 1) * 4;
    this.#values = rounds.map((round) => (round.exact ? undefined : shared.take(bytes)));
    this.#squares = rounds.map((round) =>
      noisy && !(round.exact && round.slices.length === 1) ? shared.take(bytes) : undefined,
    );
  }

  values(round: number) {
    return this.#table(this.#values[round]);
  }

  squares(round: number) {
    return this.#table(this.#squares[round]);
  }

  #table(table: number | undefined) {
    if (table === undefined) throw new Error('digits themselves need no table');
    return { table, first: -this.#high };
  }

  write({ float32 }: Workspace): void {
    this.#rounds.forEach((round, index) => {
      for (let code = -this.#high; code <= this.#high; code++) {
        const at = code + this.#high;
        const value = this.#values[index]!;
        const square = this.#squares[index]!;
        if (value !== undefined) float32[value / 4 + at] = round.value(code);
        if (square !== undefined) float32[square / 4 + at] = round.square(code);
      }
    });
  }
}

const LINE = 64;
