import { Fault } from '../../../base/fault.ts';
import { integer } from '../../../base/quantity.ts';
import { layerKind } from '../layer-kind.ts';
import { channelsOfMap, sequenceOf, shapeText } from '../sizes.ts';

const MOST = 2 ** 24;

/** Table look-up. */
export const embedding = layerKind({
  name: 'embedding',
  summary: 'numbers of tokens [T] become rows of a learnt table: a sequence [T, D]',
  keys: { entries: integer({ min: 1, max: MOST }), features: integer({ min: 1, max: 2 ** 20 }) },
  build(layer, context) {
    const shape = context.shape(context.input);
    if (shape.length !== 2) throw new Fault(`embedding takes numbers of tokens [T], got ${shapeText(shape)}`);
    return context.add('embedding', {}, [context.constant([layer.entries, layer.features]), context.input]);
  },
});

/** Learnt positions. */
export const positionEmbedding = layerKind({
  name: 'positionEmbedding',
  summary: 'adds a learnt vector to each token of a sequence [T, D]',
  keys: {
    entries: integer({ min: 1, max: MOST })
      .optional()
      .describe('positions that the table has, of which T are used; T when left out'),
  },
  build(layer, context) {
    const [length, features] = sequenceOf(context.shape(context.input), 'positionEmbedding');
    const entries = layer.entries ?? length;
    if (entries < length) throw new Fault(`a table of ${entries} positions for ${length} tokens`);
    const used = context.constant([1, length, features], entries * features);
    return context.add('add', {}, [context.input, used]);
  },
});

/** A learnt token in front, such as a class token. */
export const prependToken = layerKind({
  name: 'prependToken',
  summary: 'puts a learnt token before a sequence: [T, D] becomes [T + 1, D]',
  keys: {},
  build(_layer, context) {
    const [, features] = sequenceOf(context.shape(context.input), 'prependToken');
    return context.add('concat', { axis: 1 }, [context.constant([1, 1, features]), context.input]);
  },
});

/** One token of a sequence. */
export const selectToken = layerKind({
  name: 'selectToken',
  summary: 'one token of a sequence: [T, D] becomes a vector [D]',
  keys: { index: integer({ min: 0, max: MOST }).default(0).describe('0 is the first') },
  build(layer, context) {
    const [length] = sequenceOf(context.shape(context.input), 'selectToken');
    if (layer.index >= length) throw new Fault(`token ${layer.index} of ${length}`);
    return context.add('gather', { axis: 1, indices: [layer.index], indexShape: [] }, [context.input]);
  },
});

/** A map as a sequence of its pixels. */
export const tokens = layerKind({
  name: 'tokens',
  summary: 'pixels of a map [C, H, W] become a sequence [H·W, C]',
  keys: {},
  build(_layer, context) {
    const shape = context.shape(context.input);
    const channels = channelsOfMap(shape, 'tokens');
    const flat = [1, channels, shape[2]! * shape[3]!];
    const pixels = context.add('reshape', { shape: flat }, [context.input], 'pixels');
    return context.add('transpose', { perm: [0, 2, 1] }, [pixels]);
  },
});
