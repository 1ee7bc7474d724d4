import { Fault, nearestName } from '../../base/fault.ts';
import { elementCount, shapeOnly, type Tensor } from '../../base/tensor.ts';
import type { NetworkBuilder } from '../../network/builder.ts';
import type { Attributes, Operand } from '../../network/network.ts';

/** What all lists of a layer-shape file share while its network is built. */
export class ShapeBook {
  readonly builder: NetworkBuilder;
  #layers = 0;
  #parameters = 0;
  #activations = 0;

  constructor(builder: NetworkBuilder) {
    this.builder = builder;
  }

  /** Learnt numbers so far, each counted once. */
  get parameters(): number {
    return this.#parameters;
  }

  learn(count: number): void {
    this.#parameters += count;
  }

  add(operator: string, attributes: Attributes, inputs: readonly Operand[], name: string): number {
    if (++this.#layers > MOST_LAYERS) {
      throw new Fault(`more than ${MOST_LAYERS} layers`, { cure: 'repeat fewer times' });
    }
    const layer = this.builder.layer(operator, attributes, inputs, name);
    const shape = this.builder.shape(layer);
    this.#activations += elementCount(shape);
    if (!(this.#activations <= MOST_ACTIVATIONS)) {
      throw new Fault(`the results of all layers together are too large at [${shape.join(', ')}]`);
    }
    return layer;
  }
}

/** Elements of the input, and of the results of all layers together: the bound of ONNX import. */
export const MOST_ACTIVATIONS = 2 ** 28;
const MOST_LAYERS = 20_000;
/** Elements of one constant: 4 Gi. */
const MOST_WEIGHTS = 2 ** 32;

/** The names that a list of layers sees: its own, then those of the lists around it. */
export class Scope {
  readonly #outer: Scope | undefined;
  /** Output of a name, and how many weights it has. */
  readonly #known = new Map<string, { readonly value: number; readonly weights: number }>();

  constructor(input: number, outer?: Scope) {
    this.#outer = outer;
    this.#known.set(INPUT, { value: input, weights: 0 });
  }

  define(name: string, value: number, weights: number): void {
    if (this.#known.has(name)) {
      const cure = name === INPUT ? 'input is what the list takes' : 'names of a list are given once';
      throw new Fault(`the name ${name} is taken`, { cure });
    }
    this.#known.set(name, { value, weights });
  }

  find(name: string): { readonly value: number; readonly weights: number } {
    const found = this.#known.get(name) ?? this.#outer?.find(name);
    if (found !== undefined) return found;
    const near = nearestName(name, this.#known.keys());
    throw new Fault(`no layer ${JSON.stringify(name)} before this`, {
      cure:
        near === undefined ? `known here: ${[...this.#known.keys()].join(', ')}` : `did you mean ${near}?`,
    });
  }
}

const INPUT = 'input';

/** What one layer of a layer-shape file is built with: the value it takes, named ones, its place in the network. */
export class LayerContext {
  /** The value that it takes. */
  readonly input: number;
  readonly #book: ShapeBook;
  readonly #scope: Scope;
  readonly #label: string;
  #weights = 0;

  constructor(book: ShapeBook, scope: Scope, input: number, label: string) {
    this.#book = book;
    this.#scope = scope;
    this.input = input;
    this.#label = label;
  }

  /** Elements of its largest constant: what `shared` compares. */
  get weights(): number {
    return this.#weights;
  }

  /** The output of a named layer. */
  named(name: string): number {
    return this.#scope.find(name).value;
  }

  shape(value: number): readonly number[] {
    return this.#book.builder.shape(value);
  }

  /** A learnt constant of which only the shape is known; `learnt` numbers of it count as parameters. */
  constant(dims: readonly number[], learnt: number = elementCount(dims)): Tensor {
    const count = elementCount(dims);
    if (!(count <= MOST_WEIGHTS)) throw new Fault(`a constant of ${dims.join('×')} elements is too large`);
    this.#book.learn(learnt);
    this.#weights = Math.max(this.#weights, count);
    return shapeOnly(dims);
  }

  /** The same constant as a named layer's: no parameters of its own. */
  shared(dims: readonly number[], name: string): Tensor {
    const { weights } = this.#scope.find(name);
    if (weights !== elementCount(dims)) {
      throw new Fault(`${name} has ${weights} weights to share, ${dims.join('×')} are needed`);
    }
    return this.constant(dims, 0);
  }

  /** Counts numbers that are learnt but folded into others. */
  learn(count: number): void {
    this.#book.learn(count);
  }

  /** Adds a layer under the name that the file says or, with `part`, under that name and what it does for it. */
  add(operator: string, attributes: Attributes, inputs: readonly Operand[], part?: string): number {
    const name = part === undefined ? this.#label : `${this.#label}.${part}`;
    return this.#book.add(operator, attributes, inputs, name);
  }
}
