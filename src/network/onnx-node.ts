import type { Fault } from '../base/fault.ts';
import type { Attributes, NumberArray } from './network.ts';

/** How one ONNX node type (of the default domain) becomes layers: the import side of an operator. */
export interface OnnxForm {
  /** ONNX operator type, such as `Conv`. */
  readonly type: string;
  /** Adds the layers of a node and gives the values of its outputs, in order. */
  read(node: OnnxNode): OnnxValue | readonly OnnxValue[];
}

/** What flows along an edge during import: a constant, or the number of the layer that will compute it. */
export type OnnxValue = number | OnnxConstant;

/** A constant known at import; integers and booleans are held as exact doubles. */
export interface OnnxConstant {
  readonly dims: readonly number[];
  readonly data: NumberArray;
  readonly integer: boolean;
}

/** An ONNX node as an operator sees it while it is imported: its operands with known shapes, its attributes. */
export interface OnnxNode {
  readonly type: string;
  /** Version of the default operator set that the model states. */
  readonly opset: number;
  readonly outputs: number;
  /** All operands that are present, in order. */
  readonly inputs: readonly OnnxValue[];
  /** Whether the optional operand `slot` is given. */
  has(slot: number): boolean;
  /** Operand `slot`; a Fault when the node lacks it. */
  input(slot: number): OnnxValue;
  shapeOf(value: OnnxValue): readonly number[];
  /** The numbers of a constant operand; a Fault when it is computed from the network's input. */
  numbers(slot: number): readonly number[];
  /** An attribute by its ONNX name; undefined when absent; a Fault when of another type. */
  integer(attribute: string): number | undefined;
  float(attribute: string): number | undefined;
  text(attribute: string): string | undefined;
  integers(attribute: string): readonly number[] | undefined;
  floats(attribute: string): readonly number[] | undefined;
  tensor(attribute: string): OnnxConstant | undefined;
  /** Batch size that the model was exported with, where it was fixed at more than 1 (it becomes 1). */
  readonly exportedBatch: number | undefined;
  /** Adds a layer (evaluated at once when all its operands are constant). */
  add(operator: string, attributes: Attributes, inputs: readonly OnnxValue[]): OnnxValue;
  constant(dims: readonly number[], data: NumberArray): OnnxConstant;
  /** A Fault that will name this node. */
  fault(cause: string, cure?: string): Fault;
}
