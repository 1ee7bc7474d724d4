import type { Part } from '../base/registry.ts';
import type { Attributes, Layer, NumberArray } from './network.ts';
import type { OnnxForm } from './onnx-node.ts';

export type { NumberArray } from './network.ts';

/**
 * A kind of computation: its ONNX names, what it checks, how shapes follow, how it is evaluated in floating
 * point and how hardware sees it. One file each under `operators/`, one line in `operators/index.ts`.
 */
export interface Operator extends Part {
  /** The ONNX node types that become this operator. */
  readonly onnx: readonly OnnxForm[];
  /** Shape of the output from the shapes of the operands; throws a Fault that says which dimension is wrong. */
  outputShape(inputShapes: readonly (readonly number[])[], attributes: Attributes): readonly number[];
  /** Stream axes of the output: which of its axes number the positions of `lower(layer)` (see `stream.ts`). */
  stream(layer: Layer): readonly number[];
  /**
   * Reference evaluation of one inference: reads `inputs` (constants included, in operand order, row-major by
   * `layer.inputShapes`), fills `output`. Float32, accumulating in double; float64 arrays only where the
   * importer folds integer shape arithmetic.
   */
  evaluate(layer: Layer, inputs: readonly NumberArray[], output: NumberArray): void;
  /**
   * Whether no output can be negative, given which operands cannot (crossbars then need no signed inputs).
   * Absent: it may always be negative.
   */
  nonNegative?(layer: Layer, operands: readonly boolean[]): boolean;
  /** How hardware sees the layer. */
  lower(layer: Layer): Lowering;
}

export type Lowering = MvmLowering | ProductLowering | VectorLowering | ViewLowering;

/** How a layer's outputs come out one position after the other, for pipelining between layers. */
export interface Streaming {
  /** Output positions in stream order: pixels of a map row by row, tokens of a sequence, 1 for a vector. */
  readonly positions: number;
  /**
   * Last position of operand `input` that must be there before output positions 0…`position` can be computed
   * (both in stream order, so it never decreases with `position`; 0 when only constants are needed;
   * `inputPositions` is the number of positions of that operand).
   */
  required(input: number, position: number, inputPositions: number): number;
  /**
   * First position of operand `input` that output positions from `position` on still need (it never decreases with
   * `position`; `inputPositions` when none): what lies before it may be forgotten. Left out: everything is kept.
   */
  oldest?(input: number, position: number, inputPositions: number): number;
}

/**
 * Constant weights times gathered input vectors: the layers that may run on crossbars (Conv, Gemm, MatMul
 * with a constant). Per group: y[position][column] = Σ_row w[column][row] · x[position][row] + bias.
 * The input sample is first copied into a zero-padded frame (when `padding` is given); then
 * x[position][row] = frame[group · groupStride + positionBase[position] + rowOffset[row]].
 */
export interface MvmLowering extends Streaming {
  readonly kind: 'mvm';
  /** Which operand is the activation (the others are constant). */
  readonly activation: number;
  readonly groups: number;
  /** Inputs per group: the word lines of the matrix. */
  readonly rows: number;
  /** Outputs per group: the columns of the matrix. */
  readonly columns: number;
  /** [groups][columns][rows], any constant scaling (Gemm alpha) folded in; empty where the weights are unknown. */
  readonly weights: Float32Array;
  /** [groups · columns], or absent; empty where the bias is unknown. */
  readonly bias: Float32Array | undefined;
  readonly padding: PaddedFrame | undefined;
  readonly groupStride: number;
  /** Length `positions`. */
  readonly positionBase: Int32Array;
  /** Length `rows`. */
  readonly rowOffset: Int32Array;
  /** Output index of (position, channel): channel · positions + position, or position · channels + channel. */
  readonly outputLayout: 'channelsFirst' | 'channelsLast';
}

/** A [channels][height][width] map inside a larger frame of zeros. */
export interface PaddedFrame {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly frameHeight: number;
  readonly frameWidth: number;
}

/**
 * A product of two activations (attention): always digital. y[i][m][n] = Σ_k a[i][m][k] · b[i][k][n] for each of
 * `batch` pairs of matrices; its positions are the m rows, all pairs of one row together.
 */
export interface ProductLowering extends Streaming {
  readonly kind: 'product';
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Element offset of pair i's left and right matrix in its operand (repeated where the operand broadcasts). */
  readonly leftBase: Int32Array;
  readonly rightBase: Int32Array;
}

/** Element-wise and reducing work on a vector unit. */
export interface VectorLowering extends Streaming {
  readonly kind: 'vector';
  /**
   * Elementary operations of a vector lane for the whole layer (an add, a multiply, a compare: 1 each;
   * transcendental functions by the number of operations that the operator's file states).
   */
  readonly operations: number;
}

/** No work at all: the same numbers under another shape (Reshape, Flatten, Identity, Dropout). */
export interface ViewLowering extends Streaming {
  readonly kind: 'view';
}
