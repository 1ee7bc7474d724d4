import { Fault } from '../../../base/fault.ts';
import { flag, integer } from '../../../base/quantity.ts';
import type { Tensor } from '../../../base/tensor.ts';
import { activated, activationKey, type ActivationName } from '../activation.ts';
import type { LayerContext } from '../layer-context.ts';
import { layerKind, layerName } from '../layer-kind.ts';
import { channelsOfMap, paddings, padsOf, perAxis, shapeText, sizes } from '../sizes.ts';

const outputs = () => integer({ min: 1, max: 2 ** 20, example: 64 });
const endKeys = {
  bias: flag().optional().describe('true when left out, false with batchNorm'),
  batchNorm: flag()
    .default(false)
    .describe('batch normalization behind it: folded into weights and bias, its scale and shift are counted'),
  activation: activationKey(),
};

/** Convolution: on crossbars or MAC arrays. */
export const conv = layerKind({
  name: 'conv',
  summary: 'convolution; groups equal to the channels make it depthwise',
  keys: {
    outputs: outputs().describe('channels'),
    kernel: sizes(1),
    stride: sizes(1).default(1),
    padding: paddings().default(0).describe('zeros around the map'),
    dilation: sizes(1).default(1),
    groups: integer({ min: 1, max: 2 ** 20 }).default(1),
    ...endKeys,
  },
  build(layer, context) {
    const channels = channelsOfMap(context.shape(context.input), 'conv');
    const { groups } = layer;
    if (channels % groups !== 0 || layer.outputs % groups !== 0) {
      throw new Fault(
        `${groups} groups do not divide ${channels} input and ${layer.outputs} output channels`,
      );
    }
    const attributes = {
      group: groups,
      strides: perAxis(layer.stride),
      dilations: perAxis(layer.dilation),
      pads: padsOf(layer.padding),
    };
    const weights = context.constant([layer.outputs, channels / groups, ...perAxis(layer.kernel)]);
    const operands = [context.input, weights, ...biasOf(layer, context)];
    return activated(context.add('conv', attributes, operands), layer.activation, context);
  },
});

/** Fully connected layer: of a vector, or of every token of a sequence. */
export const dense = layerKind({
  name: 'dense',
  summary: 'fully connected layer of a vector [D] or of every token of a sequence [T, D]',
  keys: {
    outputs: outputs().describe('features'),
    shared: layerName()
      .optional()
      .describe('an embedding or dense layer whose weights it uses: they are counted once'),
    ...endKeys,
  },
  build(layer, context) {
    const shape = context.shape(context.input);
    const features = shape.at(-1)!;
    const weights = (dims: readonly number[]) =>
      layer.shared === undefined ? context.constant(dims) : context.shared(dims, layer.shared);
    if (shape.length === 2) {
      const attributes = { alpha: 1, beta: 1, transA: 0, transB: 1 };
      const operands = [context.input, weights([layer.outputs, features]), ...biasOf(layer, context)];
      return activated(context.add('gemm', attributes, operands), layer.activation, context);
    }
    if (shape.length !== 3) {
      throw new Fault(`dense takes a vector or a sequence, got ${shapeText(shape)}`, {
        cure: 'put a layer of type flatten before it',
      });
    }
    const operands = [context.input, weights([features, layer.outputs]), ...biasOf(layer, context)];
    return activated(context.add('matmul', {}, operands), layer.activation, context);
  },
});

interface Ending {
  readonly outputs: number;
  readonly bias?: boolean | undefined;
  readonly batchNorm: boolean;
  readonly activation?: ActivationName | undefined;
}

// A batch normalization scales the weights and leaves a bias, whether there was one or not.
function biasOf({ outputs, bias, batchNorm }: Ending, context: LayerContext): readonly Tensor[] {
  const own = bias ?? !batchNorm;
  if (!own && !batchNorm) return [];
  if (batchNorm) context.learn(outputs);
  return [context.constant([outputs], own && batchNorm ? 2 * outputs : outputs)];
}
