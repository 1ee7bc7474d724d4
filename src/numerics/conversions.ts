import type { Conversion, ReadNoise } from './kernel-calls.ts';
import type { Workspace } from './workspace.ts';

/**
 * The word-line side of a row block: input vectors cut into slices, each multiplied by the block's conductances
 * and converted. One object serves all row blocks and weight slices of a layer, one after the other.
 */
export interface Conversions {
  /** Cuts vectors [count][stride] int16 (of which `rows` are the block's) into their slices. */
  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void;
  /** Adds 2^shift · code of every slice to int32 accumulators [count][columns]. */
  convert(work: Workspace, call: ConvertCall): void;
  /** The partial sums themselves, before any conversion, as parts of [values]: for calibration. */
  partialSums(
    work: Workspace,
    means: number,
    columns: number,
    visit: (sums: Float32Array | Int32Array) => void,
  ): void;
}

export interface ConvertCall {
  readonly means: number;
  readonly variances: number | undefined;
  readonly columns: number;
  readonly accumulators: number;
  readonly converter: Omit<Conversion, 'noise'>;
  /** Sequence of the read noise; `read` is the first slice's. */
  readonly noise: Omit<ReadNoise, 'sigma' | 'variances'> | undefined;
}
