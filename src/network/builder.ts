import {
  type Attributes,
  isConstant,
  type Layer,
  NETWORK_INPUT,
  type Network,
  type Operand,
} from './network.ts';
import { operators } from './operators/index.ts';
import { networkInputStream, streamByRank } from './stream.ts';

/** A network under construction: each layer gets its shapes and stream axes as it is added. */
export class NetworkBuilder {
  readonly #name: string;
  readonly #input: Network['input'];
  readonly #layers: Layer[] = [];
  readonly #streams: (readonly number[])[] = [];
  readonly #names = new Set<string>();

  constructor(name: string, input: Network['input']) {
    this.#name = name;
    this.#input = input;
  }

  /**
   * Adds a layer and gives its index, the operand of layers to come. A name that is taken (or missing) gets a
   * number behind it. Throws the operator's Fault when the operands do not fit.
   */
  layer(
    operator: string,
    attributes: Attributes,
    inputs: readonly Operand[],
    name: string = operator,
  ): number {
    const part = operators.get(operator);
    const inputShapes = inputs.map((operand) => this.shape(operand));
    const layer: Layer = {
      index: this.#layers.length,
      name: this.#unique(name),
      operator,
      attributes,
      inputs,
      inputShapes,
      outputShape: part.outputShape(inputShapes, attributes),
      inputStreams: inputs.map((operand) => this.#stream(operand)),
    };
    this.#layers.push(layer);
    this.#streams.push(part.stream(layer));
    return layer.index;
  }

  shape(operand: Operand): readonly number[] {
    if (isConstant(operand)) return operand.dims;
    if (operand === NETWORK_INPUT) return this.#input.shape;
    const layer = this.#layers[operand];
    if (layer === undefined) throw new RangeError(`no layer ${operand}`);
    return layer.outputShape;
  }

  /** The network whose answer is the given layer's output (the last one's by default). */
  build(output: number = this.#layers.length - 1): Network {
    return { name: this.#name, input: this.#input, layers: this.#layers, output };
  }

  #stream(operand: Operand): readonly number[] {
    if (isConstant(operand)) return streamByRank(operand.dims);
    return operand === NETWORK_INPUT ? networkInputStream(this.#input.shape) : this.#streams[operand]!;
  }

  #unique(name: string): string {
    let unique = name;
    for (let n = 2; this.#names.has(unique); n++) unique = `${name}_${n}`;
    this.#names.add(unique);
    return unique;
  }
}
