import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numbersOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import { copyStrided, rowMajorStrides } from '../broadcast.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { Operator } from '../operator.ts';
import { inputStream, only, realAxes, streaming } from '../stream.ts';

/**
 * Part of a tensor: along every axis `counts` elements from `starts` in `steps` (negative: backwards); one move
 * per element. Split becomes one slice per part.
 */
export const slice: Operator = {
  name: 'slice',
  summary: 'part of a tensor, in steps along every axis (also each part of a split)',
  onnx: [
    { type: 'Slice', read: readSlice },
    { type: 'Split', read: readSplit },
  ],
  outputShape(inputShapes, attributes) {
    const [starts, steps, counts] = ['starts', 'steps', 'counts'].map((name) => numbersOf(attributes, name));
    inputShapes[0]!.forEach((dim, axis) => {
      const [first, count] = [starts![axis]!, counts![axis]!];
      const last = first + (count - 1) * steps![axis]!;
      const inside = count === 0 || (first >= 0 && first < dim && last >= 0 && last < dim);
      if (!(count >= 0) || !inside) throw new Fault(`slice runs outside axis ${axis} of ${dim}`);
    });
    return counts!;
  },
  stream: (layer) => realAxes(layer.outputShape, inputStream(layer, 0)),
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate(layer, inputs, output) {
    const strides = rowMajorStrides(layer.inputShapes[0]!);
    const starts = numbersOf(layer.attributes, 'starts');
    const steps = numbersOf(layer.attributes, 'steps');
    const base = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
    copyStrided(
      layer.outputShape,
      inputs[0]!,
      base,
      steps.map((step, axis) => step * strides[axis]!),
      output,
    );
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...streaming(layer, slice.stream(layer), () => {
      const starts = numbersOf(layer.attributes, 'starts');
      const steps = numbersOf(layer.attributes, 'steps');
      return starts.map((start, axis) => only(axis, (coordinate) => start + coordinate * steps[axis]!));
    }),
  }),
};

/** Bounds are attributes before operator set 10 and operands since; they are clamped as NumPy does. */
function readSlice(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const shape = node.shapeOf(input);
  const from = node.integers('starts') ?? node.numbers(1);
  const to = node.integers('ends') ?? node.numbers(2);
  const axes = node.integers('axes') ?? (node.has(3) ? node.numbers(3) : from.map((_, axis) => axis));
  const stride = node.has(4) ? node.numbers(4) : from.map(() => 1);
  if (to.length !== from.length || axes.length !== from.length || stride.length !== from.length) {
    throw node.fault('starts, ends, axes and steps differ in length');
  }
  const starts = shape.map(() => 0);
  const steps = shape.map(() => 1);
  const counts = [...shape];
  axes.forEach((given, i) => {
    const axis = axisOf(given, shape.length);
    const [dim, step] = [shape[axis]!, stride[i]!];
    if (step === 0) throw node.fault('a slice step of 0');
    const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
    const clamp = (bound: number) => Math.min(Math.max(bound < 0 ? bound + dim : bound, low), high);
    const start = Math.max(0, clamp(from[i]!));
    const end = clamp(to[i]!);
    starts[axis] = start;
    steps[axis] = step;
    counts[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return node.add('slice', { starts, steps, counts }, [input]);
}

/** Part sizes are an attribute before operator set 13, then an operand; absent, the parts are equal. */
function readSplit(node: OnnxNode): readonly OnnxValue[] {
  const input = node.input(0);
  const shape = node.shapeOf(input);
  const axis = axisOf(node.integer('axis') ?? 0, shape.length);
  const parts = node.integer('num_outputs') ?? node.outputs;
  const size = Math.ceil(shape[axis]! / parts);
  const equal = Array.from({ length: node.outputs }, (_, i) =>
    Math.max(0, Math.min(size, shape[axis]! - i * size)),
  );
  const sizes = node.integers('split') ?? (node.has(1) ? node.numbers(1) : equal);
  if (sizes.length !== node.outputs || sizes.reduce((a, b) => a + b, 0) !== shape[axis]) {
    throw node.fault(`parts of ${sizes.join(', ')} do not make up axis ${axis} of ${shape[axis]}`);
  }
  let start = 0;
  return sizes.map((count) => {
    const starts = shape.map((_, i) => (i === axis ? start : 0));
    const counts = shape.map((dim, i) => (i === axis ? count : dim));
    start += count;
    return node.add('slice', { starts, steps: shape.map(() => 1), counts }, [input]);
  });
}
