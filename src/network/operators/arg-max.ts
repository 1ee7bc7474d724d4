import { elementCount } from '../../base/tensor.ts';
import { numberOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { Operator } from '../operator.ts';
import { inputStream, realAxes, same, streaming } from '../stream.ts';

/** Index of the (first) largest element along `axis`, which stays as an axis of length 1. */
export const argMax: Operator = {
  name: 'arg-max',
  summary: 'index of the largest element along an axis',
  onnx: [{ type: 'ArgMax', read }],
  outputShape(inputShapes, attributes) {
    const axis = axisOf(numberOf(attributes, 'axis'), inputShapes[0]!.length);
    return inputShapes[0]!.map((dim, i) => (i === axis ? 1 : dim));
  },
  stream: (layer) => realAxes(layer.outputShape, inputStream(layer, 0)),
  nonNegative: () => true,
  evaluate(layer, inputs, output) {
    const shape = layer.inputShapes[0]!;
    const axis = numberOf(layer.attributes, 'axis');
    const inner = elementCount(shape.slice(axis + 1));
    for (let i = 0; i < output.length; i++) {
      const first = Math.floor(i / inner) * inner * shape[axis]! + (i % inner);
      let best = 0;
      for (let j = 1; j < shape[axis]!; j++) {
        if (inputs[0]![first + j * inner]! > inputs[0]![first + best * inner]!) best = j;
      }
      output[i] = best;
    }
  },
  lower: (layer) => ({
    kind: 'vector',
    // One comparison and one selection of the index per element.
    operations: 2 * elementCount(layer.inputShapes[0]!),
    ...streaming(layer, argMax.stream(layer), () =>
      layer.inputShapes[0]!.map((_, axis) =>
        axis === numberOf(layer.attributes, 'axis') ? 'all' : same(axis),
      ),
    ),
  }),
};

function read(node: OnnxNode): OnnxValue {
  if (node.integer('select_last_index') === 1) throw node.fault('select_last_index is not supported');
  const shape = node.shapeOf(node.input(0));
  const axis = axisOf(node.integer('axis') ?? 0, shape.length);
  const index = node.add('arg-max', { axis }, [node.input(0)]);
  if (node.integer('keepdims') === 0) {
    return node.add('reshape', { shape: shape.filter((_, i) => i !== axis) }, [index]);
  }
  return index;
}
