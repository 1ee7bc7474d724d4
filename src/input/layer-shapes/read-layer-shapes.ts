import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { NetworkBuilder } from '../../network/builder.ts';
import { NETWORK_INPUT, type Network } from '../../network/network.ts';
import type { Path } from '../yaml/path.ts';
import { readYaml, type Spec } from '../yaml/read-yaml.ts';
import { activated } from './activation.ts';
import { layerKinds } from './index.ts';
import { LayerContext, MOST_ACTIVATIONS, Scope, ShapeBook } from './layer-context.ts';
import {
  type LayerShapes,
  layerShapesSchema,
  type PlainBlock,
  type ResidualBlock,
  type WrittenLayer,
} from './schema.ts';
import { shapeText } from './sizes.ts';

/** A network that a layer-shape file describes; every constant of it is a shape only. */
export interface ShapedNetwork {
  readonly spec: Spec<LayerShapes>;
  readonly network: Network;
  /** Learnt numbers, as publications count them: shared ones once, batch normalization with scale and shift. */
  readonly parameters: number;
}

/** The network of a layer-shape file. Throws Faults at their places: of the text, of keys, of layers that do not fit. */
export async function readLayerShapes(file: string): Promise<ShapedNetwork> {
  const spec = await readYaml(file, layerShapesSchema);
  const { name, input, layers } = spec.value;
  const elements = elementCount(input.shape);
  if (elements > MOST_ACTIVATIONS) {
    throw new Fault(`an input of ${elements} elements is too large`, {
      place: spec.place(['input', 'shape']),
    });
  }
  const builder = new NetworkBuilder(name, { name: 'input', shape: [1, ...input.shape] });
  const book = new ShapeBook(builder);
  const output = new ListBuilder(book, spec).list(layers, ['layers'], NETWORK_INPUT, undefined, '');
  return { spec, network: builder.build(output), parameters: book.parameters };
}

/** Builds lists of layers, blocks within blocks. */
class ListBuilder {
  readonly #book: ShapeBook;
  readonly #spec: Spec<LayerShapes>;

  constructor(book: ShapeBook, spec: Spec<LayerShapes>) {
    this.#book = book;
    this.#spec = spec;
  }

  /** The value behind a list of layers; `prefix` goes before their names in the network. */
  list(
    layers: readonly WrittenLayer[],
    path: Path,
    input: number,
    outer: Scope | undefined,
    prefix: string,
  ): number {
    const scope = new Scope(input, outer);
    let value = input;
    layers.forEach((layer, index) => {
      const here = [...path, index];
      const { name, from } = layer;
      if (from !== undefined) value = this.#at([...here, 'from'], () => scope.find(from).value);
      let weights = 0;
      if (isBlock(layer)) value = this.#block(layer, here, value, scope, prefix);
      else {
        const context = new LayerContext(this.#book, scope, value, prefix + (name ?? layer.type));
        const kind = layerKinds.get(layer.type);
        value = this.#at(here, () => kind.build(layer as never, context));
        weights = context.weights;
      }
      if (name !== undefined) this.#at([...here, 'name'], () => scope.define(name, value, weights));
    });
    return value;
  }

  #block(layer: PlainBlock | ResidualBlock, path: Path, input: number, outer: Scope, before: string): number {
    let value = input;
    for (let time = 1; time <= layer.times; time++) {
      const named = layer.name === undefined ? before : `${before}${layer.name}.`;
      const prefix = layer.times === 1 ? named : `${before}${layer.name ?? layer.type}.${time}.`;
      const result = this.list(layer.layers, [...path, 'layers'], value, outer, prefix);
      value = layer.type === 'residual' ? this.#sum(layer, path, value, result, outer, prefix) : result;
    }
    return value;
  }

  #sum(
    layer: ResidualBlock,
    path: Path,
    input: number,
    result: number,
    outer: Scope,
    prefix: string,
  ): number {
    const shortcut =
      layer.shortcut === undefined
        ? input
        : this.list(layer.shortcut, [...path, 'shortcut'], input, outer, `${prefix}shortcut.`);
    return this.#at(path, () => {
      const context = new LayerContext(this.#book, outer, result, `${prefix}add`);
      const [shape, other] = [context.shape(result), context.shape(shortcut)];
      if (shape.join() !== other.join()) {
        throw new Fault(`the layers yield ${shapeText(shape)}, the shortcut ${shapeText(other)}`, {
          cure: layer.shortcut === undefined ? 'give it a shortcut that fits' : 'change one of them',
        });
      }
      return activated(context.add('add', {}, [result, shortcut]), layer.activation, context);
    });
  }

  /** What a step yields; its Fault is put at a place of the file. */
  #at<T>(path: Path, step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (error instanceof Fault) throw error.at(this.#spec.place(path));
      throw error;
    }
  }
}

function isBlock(layer: WrittenLayer): layer is PlainBlock | ResidualBlock {
  return layer.type === 'block' || layer.type === 'residual';
}
