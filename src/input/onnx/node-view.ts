import type { onnx } from 'onnx-proto';
import { Fault } from '../../base/fault.ts';
import { isShapeOnly } from '../../base/tensor.ts';
import type { Attributes } from '../../network/network.ts';
import type { OnnxConstant, OnnxNode, OnnxValue } from '../../network/onnx-node.ts';
import type { NumberArray } from '../../network/operator.ts';
import { constantOf, type ExternalData, missingText } from './constant.ts';
import { integerOf, type OnnxGraphNode } from './decode.ts';
import type { Draft } from './draft.ts';

/** What the readers of all nodes share. */
export interface ImportContext {
  readonly draft: Draft;
  readonly opset: number;
  readonly external: ExternalData;
  readonly exportedBatch: number | undefined;
  /** Why constants are known by their shape only, one text each. */
  readonly missing: string[];
}

/** The constant of a tensor; notes why when only its shape is known. */
export function knownConstant(tensor: onnx.ITensorProto, context: ImportContext): OnnxConstant {
  const constant = constantOf(tensor, context.external);
  if (isShapeOnly(constant)) context.missing.push(missingText(tensor));
  return constant;
}

/** Numbers of `AttributeProto.AttributeType`. */
const TYPE = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7 } as const;

/** An ONNX node as operators see it, its operands already values of the draft (undefined: left out). */
export class NodeView implements OnnxNode {
  readonly type: string;
  readonly opset: number;
  readonly outputs: number;
  readonly exportedBatch: number | undefined;
  readonly #node: OnnxGraphNode;
  readonly #context: ImportContext;
  readonly #operands: readonly (OnnxValue | undefined)[];
  #added = 0;

  constructor(node: OnnxGraphNode, operands: readonly (OnnxValue | undefined)[], context: ImportContext) {
    this.type = node.type;
    this.opset = context.opset;
    this.outputs = node.outputs.length;
    this.exportedBatch = context.exportedBatch;
    this.#node = node;
    this.#context = context;
    this.#operands = operands;
  }

  get inputs(): readonly OnnxValue[] {
    return this.#operands.filter((operand) => operand !== undefined);
  }

  has(slot: number): boolean {
    return this.#operands[slot] !== undefined;
  }

  input(slot: number): OnnxValue {
    const operand = this.#operands[slot];
    if (operand === undefined) throw this.fault(`operand ${slot + 1} is missing`);
    return operand;
  }

  shapeOf(value: OnnxValue): readonly number[] {
    return this.#context.draft.shapeOf(value);
  }

  numbers(slot: number): readonly number[] {
    const operand = this.input(slot);
    if (typeof operand !== 'number') {
      if (!isShapeOnly(operand)) return Array.from(operand.data);
      throw this.fault(
        `operand ${slot + 1} ("${this.#node.inputs[slot]}") has no data, and more than its shape is needed`,
        'keep small tensors in the model',
      );
    }
    throw this.fault(
      `operand ${slot + 1} ("${this.#node.inputs[slot]}") must be constant, it is computed from the input`,
    );
  }

  integer(attribute: string): number | undefined {
    const found = this.#attribute(attribute, TYPE.integer, 'i');
    return found === undefined ? undefined : integerOf(found.i ?? 0);
  }

  float(attribute: string): number | undefined {
    const found = this.#attribute(attribute, TYPE.float, 'f');
    return found === undefined ? undefined : (found.f ?? 0);
  }

  text(attribute: string): string | undefined {
    const found = this.#attribute(attribute, TYPE.text, 's');
    return found === undefined ? undefined : new TextDecoder().decode(found.s ?? new Uint8Array());
  }

  integers(attribute: string): readonly number[] | undefined {
    return this.#attribute(attribute, TYPE.integers, 'ints')?.ints?.map(integerOf);
  }

  floats(attribute: string): readonly number[] | undefined {
    return this.#attribute(attribute, TYPE.floats, 'floats')?.floats ?? undefined;
  }

  tensor(attribute: string): OnnxConstant | undefined {
    const found = this.#attribute(attribute, TYPE.tensor, 't')?.t;
    return found ? knownConstant(found, this.#context) : undefined;
  }

  add(operator: string, attributes: Attributes, inputs: readonly OnnxValue[]): OnnxValue {
    this.#added += 1;
    const name = this.#added === 1 ? this.#node.name : `${this.#node.name}#${this.#added}`;
    return this.#context.draft.add(name, operator, attributes, inputs);
  }

  constant(dims: readonly number[], data: NumberArray): OnnxConstant {
    this.#context.draft.charge(data.length);
    return { dims, data, integer: data instanceof Float64Array };
  }

  fault(cause: string, cure?: string): Fault {
    return new Fault(cause, { cure });
  }

  #attribute(
    name: string,
    type: number,
    field: keyof onnx.IAttributeProto,
  ): onnx.IAttributeProto | undefined {
    const found = this.#node.attributes.get(name);
    if (found === undefined) return undefined;
    if (found.refAttrName) throw this.fault(`attribute ${name} refers to a function's parameter`);
    // Files before IR version 2 leave the type out.
    const stated = found.type ?? 0;
    if (stated !== type && !(stated === 0 && Object.hasOwn(found, field))) {
      throw this.fault(`attribute ${name} has type ${stated}, expected ${type}`);
    }
    return found;
  }
}
