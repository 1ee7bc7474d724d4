import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { choice } from '../../../base/quantity.ts';
import { activated, activationKey, activationNames } from '../activation.ts';
import { layerKind, layerName } from '../layer-kind.ts';
import { shapeText } from '../sizes.ts';

/** An element-wise function that stands alone. */
export const activation = layerKind({
  name: 'activation',
  summary: `function of every element: ${activationNames.join(', ')}`,
  keys: { function: choice(activationNames) },
  build: (layer, context) => activated(context.input, layer.function, context),
});

const others = () => z.array(layerName()).min(1).max(64);

/** Sum of the value before and named ones of the same shape. */
export const add = layerKind({
  name: 'add',
  summary: 'sum with the outputs of other layers: a residual edge to anywhere before',
  keys: { with: others(), activation: activationKey() },
  build(layer, context) {
    let sum = context.input;
    for (const name of layer.with) {
      const other = context.named(name);
      const [own, shape] = [context.shape(sum), context.shape(other)];
      if (own.join() !== shape.join()) {
        throw new Fault(`${shapeText(own)} and ${name} of ${shapeText(shape)} do not add`);
      }
      sum = context.add('add', {}, [sum, other]);
    }
    return activated(sum, layer.activation, context);
  },
});

/** Product of the value before with a named one, which may have one number a channel (squeeze and excitation). */
export const multiply = layerKind({
  name: 'multiply',
  summary:
    'product with the output of another layer of the same shape, or with a vector of one number a channel',
  keys: { by: layerName() },
  build(layer, context) {
    const other = context.named(layer.by);
    const [own, shape] = [context.shape(context.input), context.shape(other)];
    const perChannel = shape.length === 2 && own.length > 2 && shape[1] === own[1];
    if (perChannel) {
      const wide = context.add(
        'reshape',
        { shape: own.map((n, axis) => (axis < 2 ? n : 1)) },
        [other],
        'gate',
      );
      return context.add('mul', {}, [context.input, wide]);
    }
    if (own.join() !== shape.join()) {
      throw new Fault(`${shapeText(own)} and ${layer.by} of ${shapeText(shape)} do not multiply`);
    }
    return context.add('mul', {}, [context.input, other]);
  },
});

/** The value before and named ones, channel behind channel. */
export const concat = layerKind({
  name: 'concat',
  summary: 'outputs of several layers behind each other: channels of maps, features of tokens and vectors',
  keys: { with: others() },
  build(layer, context) {
    const operands = [context.input, ...layer.with.map((name) => context.named(name))];
    const rank = context.shape(context.input).length;
    return context.add('concat', { axis: rank === 3 ? 2 : 1 }, operands);
  },
});
