import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numberOf, numbersOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { type AxisNeed, inputStream, only, realAxes, same, streaming } from '../stream.ts';

/**
 * The elements at constant `indices` along `axis`, which is replaced by the axes of `indexShape` (none for a
 * single index); one move per element.
 */
export const gather: Operator = {
  name: 'gather',
  summary: 'elements at constant indices along an axis',
  onnx: [{ type: 'Gather', read }],
  outputShape(inputShapes, attributes) {
    const shape = inputShapes[0]!;
    const axis = axisOf(numberOf(attributes, 'axis'), shape.length);
    const indices = numbersOf(attributes, 'indices');
    const indexShape = numbersOf(attributes, 'indexShape');
    if (elementCount(indexShape) !== indices.length)
      throw new Fault('gather indices do not fill their shape');
    for (const index of indices) {
      if (!Number.isInteger(index) || index < 0 || index >= shape[axis]!) {
        throw new Fault(`index ${index} is outside axis ${axis} of ${shape[axis]}`);
      }
    }
    return [...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)];
  },
  stream(layer) {
    const map = outputAxes(layer);
    const axes = inputStream(layer, 0).flatMap((axis) => map[axis] ?? []);
    return realAxes(layer.outputShape, axes);
  },
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate(layer, inputs, output) {
    const axis = numberOf(layer.attributes, 'axis');
    const indices = numbersOf(layer.attributes, 'indices');
    copyRows(inputs[0]!, layer.inputShapes[0]!, axis, indices, output);
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...streaming(layer, gather.stream(layer), () => {
      const gathered = numberOf(layer.attributes, 'axis');
      const indices = numbersOf(layer.attributes, 'indices');
      return outputAxes(layer).map((axis, own): AxisNeed => {
        if (axis === undefined) return indices.reduce((a, b) => Math.max(a, b), 0);
        return own === gathered ? only(axis, (coordinate) => indices[coordinate]!) : same(axis);
      });
    }),
  }),
};

/** For each input axis the output axis that walks it; undefined for the gathered one unless its indices are a list. */
function outputAxes(layer: Layer): readonly (number | undefined)[] {
  const gathered = numberOf(layer.attributes, 'axis');
  const inserted = numbersOf(layer.attributes, 'indexShape').length;
  return layer.inputShapes[0]!.map((_, axis) => {
    if (axis === gathered) return inserted === 1 ? axis : undefined;
    return axis < gathered ? axis : axis - 1 + inserted;
  });
}

/** Copies the rows at `indices` of an axis, for every index of the axes before it. */
function copyRows(
  input: NumberArray,
  shape: readonly number[],
  axis: number,
  indices: ArrayLike<number>,
  output: NumberArray,
): void {
  const outer = elementCount(shape.slice(0, axis));
  const inner = elementCount(shape.slice(axis + 1));
  const length = shape[axis]!;
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++) {
      const from = (o * length + indices[i]!) * inner;
      for (let j = 0; j < inner; j++) output[to++] = input[from + j]!;
    }
  }
}

/**
 * Rows of a constant table [entries, …features] chosen by an activation of whole numbers: the embedding of a
 * token. A negative index counts from the end; one outside the table takes its nearest entry.
 */
export const embedding: Operator = {
  name: 'embedding',
  summary: 'rows of a constant table chosen by an activation',
  onnx: [],
  outputShape: (inputShapes) => [...inputShapes[1]!, ...inputShapes[0]!.slice(1)],
  stream(layer) {
    const rank = layer.inputShapes[1]!.length;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    return realAxes(layer.outputShape, axes);
  },
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate(layer, inputs, output) {
    const [table, tokens] = inputs;
    const entries = layer.inputShapes[0]![0]!;
    const rows = Int32Array.from(tokens!, (token) => {
      const index = Math.round(token < 0 ? token + entries : token);
      return Math.min(Math.max(index, 0), entries - 1);
    });
    copyRows(table!, layer.inputShapes[0]!, 0, rows, output);
  },
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...streaming(layer, embedding.stream(layer), (input) =>
      layer.inputShapes[input]!.map((_, axis) => (input === 0 ? 'all' : same(axis))),
    ),
  }),
};

function read(node: OnnxNode): OnnxValue {
  const [data, indices] = [node.input(0), node.input(1)];
  const shape = node.shapeOf(data);
  const axis = axisOf(node.integer('axis') ?? 0, shape.length);
  if (typeof indices === 'number') {
    if (typeof data !== 'number' && axis === 0) return node.add('embedding', {}, [data, indices]);
    throw node.fault('gathering with computed indices is supported for rows of a constant table only');
  }
  const dim = shape[axis]!;
  const list = node.numbers(1).map((index) => (index < 0 ? index + dim : index));
  return node.add('gather', { axis, indices: list, indexShape: indices.dims }, [data]);
}
