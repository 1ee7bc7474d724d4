import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numberOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import type { Layer } from '../network.ts';
import type { Operator } from '../operator.ts';
import { inputStream, only, same, streamByRank, streaming } from '../stream.ts';

/** Operands one after the other along `axis`; one move per element. */
export const concat: Operator = {
  name: 'concat',
  summary: 'operands one after the other along an axis',
  onnx: [
    {
      type: 'Concat',
      read(node) {
        const rank = node.shapeOf(node.input(0)).length;
        return node.add('concat', { axis: axisOf(node.integer('axis') ?? 1, rank) }, node.inputs);
      },
    },
  ],
  outputShape(inputShapes, attributes) {
    const axis = axisOf(numberOf(attributes, 'axis'), inputShapes[0]!.length);
    const shape = [...inputShapes[0]!];
    for (const other of inputShapes.slice(1)) {
      const fits = other.length === shape.length && other.every((dim, i) => i === axis || dim === shape[i]);
      if (!fits)
        throw new Fault(`[${shape.join(', ')}] and [${other.join(', ')}] do not join along axis ${axis}`);
      shape[axis]! += other[axis]!;
    }
    return shape;
  },
  stream(layer) {
    const input = layer.inputs.findIndex((operand) => typeof operand === 'number');
    if (input < 0) return streamByRank(layer.outputShape);
    const axes = inputStream(layer, input);
    // An axis of length 1 does not number positions, but a sequence may grow from it.
    const axis = numberOf(layer.attributes, 'axis');
    const grows = layer.inputShapes[input]![axis] === 1 && streamByRank(layer.outputShape).includes(axis);
    return grows ? [...axes, axis].sort((a, b) => a - b) : axes;
  },
  nonNegative: (_layer, operands) => operands.every(Boolean),
  evaluate(layer, inputs, output) {
    const axis = numberOf(layer.attributes, 'axis');
    const outer = elementCount(layer.outputShape.slice(0, axis));
    const rowLength = output.length / Math.max(1, outer);
    let start = 0;
    inputs.forEach((input) => {
      const length = input.length / Math.max(1, outer);
      for (let row = 0; row < outer; row++) {
        for (let i = 0; i < length; i++) output[row * rowLength + start + i] = input[row * length + i]!;
      }
      start += length;
    });
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...streaming(layer, concat.stream(layer), (input) => {
      const axis = numberOf(layer.attributes, 'axis');
      const start = startOf(layer, input);
      return layer.inputShapes[input]!.map((_, own) =>
        own === axis ? only(axis, (coordinate) => coordinate - start) : same(own),
      );
    }),
  }),
};

/** Where an operand begins along the joined axis. */
function startOf(layer: Layer, input: number): number {
  const axis = numberOf(layer.attributes, 'axis');
  return layer.inputShapes.slice(0, input).reduce((sum, shape) => sum + shape[axis]!, 0);
}
