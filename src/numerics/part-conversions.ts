import type { Arena } from './arena.ts';
import type { Conversions, ConvertCall, SumsCall } from './conversions.ts';
import type { AppliedPart } from './input-rounds.ts';
import type { Workspace } from './workspace.ts';

/** Inputs that are sent in parts, each by conversions of its own: the bits and the sign, or the positive and the negative ones. */
export class PartConversions implements Conversions {
  readonly #parts: readonly ConvertedPart[];
  readonly #inputs: readonly number[];

  /** `limit` vectors of at most `rows` rows. */
  constructor(
    parts: readonly ConvertedPart[],
    { rows, limit }: { rows: number; limit: number },
    scratch: Arena,
  ) {
    this.#parts = parts;
    this.#inputs = parts.map(() => scratch.take(limit * rows * 2));
  }

  write(work: Workspace): void {
    for (const { conversions } of this.#parts) conversions.write?.(work);
  }

  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void {
    const from = new Int16Array(work.bytes.buffer, inputs, (count - 1) * stride + rows);
    this.#parts.forEach(({ part, conversions }, index) => {
      const at = work.scratch + this.#inputs[index]!;
      const to = new Int16Array(work.bytes.buffer, at, count * rows);
      for (let vector = 0; vector < count; vector++) {
        for (let row = 0; row < rows; row++) to[vector * rows + row] = part.of(from[vector * stride + row]!);
      }
      conversions.load(work, at, rows, rows, count);
    });
  }

  convert(work: Workspace, call: ConvertCall): void {
    let { read } = call.noise;
    for (const { part, conversions } of this.#parts) {
      conversions.convert(work, { ...call, noise: { ...call.noise, read } });
      read += part.rounds.length;
    }
  }

  partialSums(work: Workspace, call: SumsCall, visit: (sums: Float32Array | Int32Array) => void): void {
    for (const { conversions } of this.#parts) conversions.partialSums(work, call, visit);
  }
}

interface ConvertedPart {
  readonly part: AppliedPart;
  readonly conversions: Conversions;
}
