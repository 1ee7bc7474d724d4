import { choice, flag } from '../../../base/quantity.ts';
import { elementCount } from '../../../base/tensor.ts';
import { layerKind } from '../layer-kind.ts';
import { channelsOfMap, paddings, padsOf, perAxis, sizes } from '../sizes.ts';

/** Pooling by sliding windows. */
export const pool = layerKind({
  name: 'pool',
  summary: 'largest element or mean of each window of a map',
  keys: {
    of: choice(['max', 'mean']),
    kernel: sizes(1),
    stride: sizes(1).optional().describe('the kernel when left out'),
    padding: paddings().default(0),
    ceil: flag().default(false).describe('keep a last, partly filled window'),
  },
  build(layer, context) {
    channelsOfMap(context.shape(context.input), 'pool');
    const kernel = perAxis(layer.kernel);
    const attributes = {
      kernel,
      strides: layer.stride === undefined ? kernel : perAxis(layer.stride),
      dilations: [1, 1],
      pads: padsOf(layer.padding),
      ceilMode: layer.ceil ? 1 : 0,
      countIncludePad: 0,
    };
    return context.add(layer.of === 'max' ? 'max-pool' : 'average-pool', attributes, [context.input]);
  },
});

/** Pooling of whole maps, or over the tokens of a sequence. */
export const globalPool = layerKind({
  name: 'globalPool',
  summary: 'largest element or mean of each channel of a map [C, H, W] or sequence [T, C]: a vector [C]',
  keys: { of: choice(['max', 'mean']) },
  build(layer, context) {
    const shape = context.shape(context.input);
    if (shape.length === 3) {
      return context.add(`reduce-${layer.of}`, { axes: [1], keepDims: 0 }, [context.input]);
    }
    const channels = channelsOfMap(shape, 'globalPool');
    const operator = layer.of === 'max' ? 'global-max-pool' : 'global-average-pool';
    const pooled = context.add(operator, {}, [context.input]);
    return context.add('reshape', { shape: [1, channels] }, [pooled], 'vector');
  },
});

/** A map or sequence as one vector. */
export const flatten = layerKind({
  name: 'flatten',
  summary: 'all numbers as one vector',
  keys: {},
  build: (_layer, context) =>
    context.add('reshape', { shape: [1, elementCount(context.shape(context.input))] }, [context.input]),
});
