import { elementCount } from '../../base/tensor.ts';
import { numbersOf } from '../attributes.ts';
import {
  broadcastShape,
  broadcastStream,
  broadcastStreaming,
  broadcastStrides,
  copyStrided,
} from '../broadcast.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { Operator } from '../operator.ts';

/** A tensor repeated to the broadcast of its shape with `shape`; one move per element. */
export const expand: Operator = {
  name: 'expand',
  summary: 'a tensor repeated along axes of length 1',
  onnx: [
    { type: 'Expand', read },
    { type: 'Tile', read: readTile },
  ],
  outputShape: (inputShapes, attributes) => broadcastShape([inputShapes[0]!, numbersOf(attributes, 'shape')]),
  stream: broadcastStream,
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate(layer, inputs, output) {
    const strides = broadcastStrides(layer.inputShapes[0]!, layer.outputShape);
    copyStrided(layer.outputShape, inputs[0]!, 0, strides, output);
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...broadcastStreaming(layer),
  }),
};

function read(node: OnnxNode): OnnxValue {
  const shape = [...node.numbers(1)];
  // A model exported with a fixed batch states it in its shapes; the batch is 1 here.
  const from = node.shapeOf(node.input(0));
  if (node.exportedBatch !== undefined && shape[0] === node.exportedBatch && (from[0] ?? 1) === 1)
    shape[0] = 1;
  return node.add('expand', { shape }, [node.input(0)]);
}

/** Repeats whole axes: each becomes two, the first of which is expanded, and both are one again. */
function readTile(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const shape = node.shapeOf(input);
  const repeats = node.numbers(1);
  if (repeats.length !== shape.length) throw node.fault(`${repeats.length} repeats for ${shape.length} axes`);
  const split = node.add('reshape', { shape: shape.flatMap((dim) => [1, dim]) }, [input]);
  const wide = node.add('expand', { shape: shape.flatMap((dim, axis) => [repeats[axis]!, dim]) }, [split]);
  return node.add('reshape', { shape: shape.map((dim, axis) => dim * repeats[axis]!) }, [wide]);
}
