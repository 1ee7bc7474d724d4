import { elementCount } from '../../base/tensor.ts';
import {
  broadcastShape,
  broadcastStream,
  broadcastStreaming,
  broadcastStrides,
  copyStrided,
} from '../broadcast.ts';
import type { Operator } from '../operator.ts';

/** Element-wise choice with NumPy broadcasting: operand 1 where operand 0 is not zero, else operand 2. */
export const where: Operator = {
  name: 'where',
  summary: 'element-wise choice between two operands by a condition',
  onnx: [
    { type: 'Where', read: (node) => node.add('where', {}, [node.input(0), node.input(1), node.input(2)]) },
  ],
  outputShape: broadcastShape,
  stream: broadcastStream,
  nonNegative: (_layer, operands) => operands[1]! && operands[2]!,
  evaluate(layer, inputs, output) {
    const shape = layer.outputShape;
    const [condition, yes, no] = inputs.map((input, i) => {
      const full = new Float64Array(output.length);
      copyStrided(shape, input, 0, broadcastStrides(layer.inputShapes[i]!, shape), full);
      return full;
    });
    for (let i = 0; i < output.length; i++) output[i] = condition![i] !== 0 ? yes![i]! : no![i]!;
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...broadcastStreaming(layer),
  }),
};
