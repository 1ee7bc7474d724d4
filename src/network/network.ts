import { isShapeOnly, type Tensor } from '../base/tensor.ts';
import type { Transition } from './transition.ts';

/**
 * What is computed: layers in topological order, each with one output. A network describes *one* inference:
 * every shape keeps the leading batch dimension, and it is 1; batching is the business of those who run it.
 * Plain and JSON-able but for the typed arrays, so that it can cross to a worker.
 */
export interface Network {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly layers: readonly Layer[];
  /** Index of the layer whose output is the answer. */
  readonly output: number;
  /** Affine layers between crossbars and digital cores, by the partition that they were trained for. */
  readonly transitions?: ReadonlyMap<string, Transition> | undefined;
}

/** One operator applied to its operands. */
export interface Layer {
  readonly index: number;
  /** Unique within the network: the ONNX node's name, or one made from operator and position. */
  readonly name: string;
  /** Name in the operator registry. */
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputs: readonly Operand[];
  /** Shapes of `inputs`, in the same order. */
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  /**
   * Stream axes of `inputs`, in the same order (see `stream.ts`): which axes number the positions that arrive
   * one after the other. Absent: by rank.
   */
  readonly inputStreams?: readonly (readonly number[])[];
}

/** An operand: the index of the layer that produced it, `NETWORK_INPUT`, or a constant tensor. */
export type Operand = number | Tensor;

/** The operand that stands for the network's own input. */
export const NETWORK_INPUT = -1;

/** Numbers of a tensor; doubles only where the importer folds whole numbers. */
export type NumberArray = Float32Array | Float64Array;

export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Whether an operand is a constant (a weight, a bias, a table). */
export function isConstant(operand: Operand): operand is Tensor {
  return typeof operand !== 'number';
}

/** Whether the numbers of some constant are unknown: the network then has time and energy, but no values. */
export function isWeightless(network: Network): boolean {
  return network.layers.some((layer) =>
    layer.inputs.some((operand) => isConstant(operand) && isShapeOnly(operand)),
  );
}
