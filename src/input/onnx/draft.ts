import { Fault } from '../../base/fault.ts';
import { elementCount, isShapeOnly } from '../../base/tensor.ts';
import type { Attributes, Layer } from '../../network/network.ts';
import type { OnnxConstant, OnnxValue } from '../../network/onnx-node.ts';
import type { NumberArray } from '../../network/operator.ts';
import { truthValued } from '../../network/operators/binary.ts';
import { operators } from '../../network/operators/index.ts';

/** A layer while import still rewrites it. */
export interface DraftLayer {
  name: string;
  operator: string;
  attributes: Attributes;
  inputs: readonly OnnxValue[];
  readonly shape: readonly number[];
}

/** The network's input among draft values. */
export const DRAFT_INPUT = -1;

/** Most elements of one tensor, and of all activations of a network together (1 GiB of float32). */
const MAX_ELEMENTS = 2 ** 28;
/** Elements that folding constants may produce, beyond a multiple of what the file holds; products likewise. */
const FOLDED_ELEMENTS = 2 ** 24;
const FOLDED_MACS = 2 ** 30;

/**
 * A network while it is imported: layers with known shapes in an order where operands come first. Layers of
 * constant operands are evaluated at once, equal layers are one.
 */
export class Draft {
  readonly layers: DraftLayer[] = [];
  readonly inputShape: readonly number[];
  #activations = 0;
  #foldable = FOLDED_ELEMENTS;
  readonly #known = new Map<string, number>();
  readonly #constantNumbers = new Map<OnnxConstant, number>();

  constructor(inputShape: readonly number[]) {
    this.inputShape = inputShape;
  }

  shapeOf(value: OnnxValue): readonly number[] {
    if (typeof value !== 'number') return value.dims;
    return value === DRAFT_INPUT ? this.inputShape : this.layers[value]!.shape;
  }

  /** Allows folded constants to grow with what the file itself holds. */
  countStored(constant: OnnxConstant): void {
    this.#foldable += 4 * constant.data.length;
  }

  /** Takes elements off what import may still make up; a Fault when a hostile model exhausts it. */
  charge(elements: number): void {
    if (!this.affords(elements)) throw tooMuch();
  }

  /** Takes elements off the same allowance for work that can also be left undone. */
  affords(elements: number): boolean {
    this.#foldable -= elements;
    return this.#foldable >= 0;
  }

  add(name: string, operator: string, attributes: Attributes, inputs: readonly OnnxValue[]): OnnxValue {
    const shapes = inputs.map((value) => this.shapeOf(value));
    const shape = operators.get(operator).outputShape(shapes, attributes);
    const elements = elementCount(shape);
    if (!(elements <= MAX_ELEMENTS)) throw new Fault(`a result of ${shape.join('×')} elements is too large`);
    const constants = inputs.filter((value) => typeof value !== 'number');
    if (constants.length === inputs.length) return this.#fold(operator, attributes, constants, shape);

    const key = this.#key(operator, attributes, inputs);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (elements === 0) throw new Fault(`a result of [${shape.join(', ')}] holds nothing`);
    this.#activations += elements;
    if (this.#activations > MAX_ELEMENTS)
      throw new Fault('the activations of the network are too large together');
    this.layers.push({ name, operator, attributes, inputs, shape });
    this.#known.set(key, this.layers.length - 1);
    return this.layers.length - 1;
  }

  #fold(
    operator: string,
    attributes: Attributes,
    inputs: readonly OnnxConstant[],
    outputShape: readonly number[],
  ): OnnxConstant {
    const inputShapes = inputs.map((constant) => constant.dims);
    const elements = elementCount(outputShape);
    const integer =
      truthValued.has(operator) || valuesOf(operator, inputs).every((constant) => constant.integer);
    if (inputs.some(isShapeOnly)) {
      return { dims: outputShape, data: integer ? new Float64Array(0) : new Float32Array(0), integer };
    }
    this.charge(elements + inputs.reduce((sum, constant) => sum + constant.data.length, 0));
    const depth = Math.max(1, ...inputShapes.flat());
    const multiplies = operator === 'conv' || operator === 'gemm' || operator === 'matmul';
    if (multiplies && elements * depth > FOLDED_MACS) throw tooMuch();
    const data: NumberArray = integer ? new Float64Array(elements) : new Float32Array(elements);
    const operands = inputs.map((constant) => ({ dims: constant.dims, data: constant.data as Float32Array }));
    const layer: Layer = {
      index: 0,
      name: operator,
      operator,
      attributes,
      inputs: operands,
      inputShapes,
      outputShape,
    };
    operators.get(operator).evaluate(
      layer,
      inputs.map((constant) => constant.data),
      data,
    );
    if (integer) for (let i = 0; i < elements; i++) data[i] = Math.trunc(data[i]!);
    return { dims: outputShape, data, integer };
  }

  #key(operator: string, attributes: Attributes, inputs: readonly OnnxValue[]): string {
    const operands = inputs.map((value) => (typeof value === 'number' ? value : this.#constantKey(value)));
    return JSON.stringify([operator, attributes, operands]);
  }

  /** Scalars are equal by value, larger constants by being the same tensor. */
  #constantKey(constant: OnnxConstant): string {
    if (constant.data.length === 1) return `${constant.dims.join('×')}=${constant.data[0]}`;
    let number = this.#constantNumbers.get(constant);
    if (number === undefined) this.#constantNumbers.set(constant, (number = this.#constantNumbers.size));
    return `#${number}`;
  }
}

/** The operands whose type the result has: not the condition of a choice, not the indices of a look-up. */
function valuesOf(operator: string, inputs: readonly OnnxConstant[]): readonly OnnxConstant[] {
  if (operator === 'where') return inputs.slice(1);
  return operator === 'embedding' ? inputs.slice(0, 1) : inputs;
}

function tooMuch(): Fault {
  return new Fault('computing the constants of the model takes too much', {
    cure: 'simplify it first, as with onnxsim',
  });
}
