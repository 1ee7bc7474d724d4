import { layerKind } from '../layer-kind.ts';
import { channelsOfMap } from '../sizes.ts';

/** Normalization of each token or vector. */
export const layerNorm = layerKind({
  name: 'layerNorm',
  summary: 'zero mean and unit variance over the features, then a learnt scale and shift',
  keys: {},
  build(_layer, context) {
    const shape = context.shape(context.input);
    const features = shape.at(-1)!;
    const operands = [context.input, context.constant([features]), context.constant([features])];
    return context.add('layer-normalization', { axis: shape.length - 1, epsilon: 1e-5 }, operands);
  },
});

/** Batch normalization that cannot be folded into a layer with weights before it. */
export const batchNorm = layerKind({
  name: 'batchNorm',
  summary: 'scale and shift of each channel (behind a conv or dense layer write batchNorm: true there)',
  keys: {},
  build(_layer, context) {
    const channels = channelsOfMap(context.shape(context.input), 'batchNorm');
    const operands = [context.input, context.constant([channels]), context.constant([channels])];
    return context.add('batch-normalization', {}, operands);
  },
});

/** Normalization of the last axis to a sum of 1. */
export const softmax = layerKind({
  name: 'softmax',
  summary: 'exponentials normalised to a sum of 1 along the last axis',
  keys: {},
  build(_layer, context) {
    const axis = context.shape(context.input).length - 1;
    return context.add('softmax', { axes: [axis] }, [context.input]);
  },
});
