import { Fault } from '../../base/fault.ts';
import { elementCount, isShapeOnly } from '../../base/tensor.ts';
import type { OnnxNode } from '../onnx-node.ts';
import type { Operator } from '../operator.ts';
import { inputStream, same, streaming } from '../stream.ts';

/**
 * x · scale + shift with one scale and one shift per channel (axis 1): batch normalization at inference, its
 * four statistics already combined. Import folds it into a preceding layer with weights where it can.
 */
export const batchNormalization: Operator = {
  name: 'batch-normalization',
  summary: 'per-channel scale and shift (batch normalization at inference)',
  onnx: [{ type: 'BatchNormalization', read }],
  outputShape(inputShapes) {
    const [input, scale, shift] = inputShapes;
    const channels = input?.[1];
    if (channels === undefined || scale?.join() !== `${channels}` || shift?.join() !== `${channels}`) {
      throw new Fault(
        `batch normalization of [${input?.join(', ')}] needs ${channels} statistics, got [${scale?.join(', ')}]`,
      );
    }
    return input!;
  },
  stream: (layer) => inputStream(layer, 0),
  nonNegative: (_layer, operands) => operands.every(Boolean),
  evaluate(layer, inputs, output) {
    const [input, scale, shift] = inputs;
    const channels = layer.outputShape[1]!;
    const inner = elementCount(layer.outputShape.slice(2));
    for (let i = 0; i < output.length; i++) {
      const channel = Math.floor(i / inner) % channels;
      output[i] = input![i]! * scale![channel]! + shift![channel]!;
    }
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: 2 * elementCount(layer.outputShape),
    ...streaming(layer, inputStream(layer, 0), (input) =>
      input === 0 ? layer.outputShape.map((_, axis) => same(axis)) : [same(1)],
    ),
  }),
};

function read(node: OnnxNode) {
  if (node.integer('training_mode') === 1) {
    throw node.fault(
      'batch normalization in training mode is not supported',
      'export the model in inference mode',
    );
  }
  const unknown = [1, 2, 3, 4]
    .map((slot) => node.input(slot))
    .find((value) => typeof value === 'object' && isShapeOnly(value));
  if (unknown !== undefined) {
    const shape = node.shapeOf(unknown);
    const none = new Float32Array(0);
    return node.add('batch-normalization', {}, [
      node.input(0),
      node.constant(shape, none),
      node.constant(shape, none),
    ]);
  }
  const epsilon = node.float('epsilon') ?? 1e-5;
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((slot) => node.numbers(slot));
  const channels = gamma!.length;
  const equal = beta!.length === channels && mean!.length === channels && variance!.length === channels;
  if (!equal) throw node.fault('scale, bias, mean and variance differ in length');
  const scale = Float32Array.from(
    { length: channels },
    (_, c) => gamma![c]! / Math.sqrt(variance![c]! + epsilon),
  );
  const shift = Float32Array.from(
    { length: channels },
    (_, c) => beta![c]! - (mean![c]! * gamma![c]!) / Math.sqrt(variance![c]! + epsilon),
  );
  const statistics = [node.constant([channels], scale), node.constant([channels], shift)];
  return node.add('batch-normalization', {}, [node.input(0), ...statistics]);
}
