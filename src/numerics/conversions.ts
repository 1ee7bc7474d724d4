import type { Conversion, ReadNoise } from './kernel-calls.ts';
import type { Workspace } from './workspace.ts';

/**
 * The word-line side of a row block: input vectors cut into rounds, each multiplied by the block's conductances
 * and converted. One object serves all row blocks and planes of a layer, one after the other.
 */
export interface Conversions {
  /** Writes tables, once for all threads. */
  write?(work: Workspace): void;
  /** Cuts vectors [count][stride] int16 (of which `rows` are the block's) into their rounds. */
  load(work: Workspace, inputs: number, stride: number, rows: number, count: number): void;
  /** Adds 2^shift · code of every round to int32 accumulators [count][columns]. */
  convert(work: Workspace, call: ConvertCall): void;
  /** The partial sums themselves, before any conversion, as parts of [values]: for calibration. */
  partialSums(work: Workspace, call: SumsCall, visit: (sums: Float32Array | Int32Array) => void): void;
}

export interface SumsCall {
  /** Currents of a plane; of gated cells one address for each polarity. */
  readonly means: readonly number[];
  readonly columns: number;
}

export interface ConvertCall extends SumsCall {
  readonly variances: number | undefined;
  readonly accumulators: number;
  readonly converter: Omit<Conversion, 'noise'>;
  /** Standard deviation of the converter's own noise, in the units of the sums. */
  readonly sigma: number;
  /** Sequence of the noise; `read` is the first round's. */
  readonly noise: Omit<ReadNoise, 'sigma' | 'variances'>;
}
