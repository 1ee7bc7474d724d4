import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numbersOf } from '../attributes.ts';
import { axesOf, axisOf } from '../axis.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { Operator, Streaming } from '../operator.ts';
import { inputStream, positionsAlong, realAxes, streamByRank, waitingForAll } from '../stream.ts';

/** The same numbers in the same order under another `shape` (fully known). */
export const reshape: Operator = {
  name: 'reshape',
  summary: 'the same numbers under another shape (also flatten, squeeze, unsqueeze)',
  onnx: [
    { type: 'Reshape', read: readReshape },
    { type: 'Flatten', read: readFlatten },
    { type: 'Squeeze', read: readSqueeze },
    { type: 'Unsqueeze', read: readUnsqueeze },
  ],
  outputShape(inputShapes, attributes) {
    const shape = numbersOf(attributes, 'shape');
    if (
      shape.some((dim) => !Number.isInteger(dim) || dim < 0) ||
      elementCount(shape) !== elementCount(inputShapes[0]!)
    ) {
      throw new Fault(`[${inputShapes[0]!.join(', ')}] cannot be reshaped to [${shape.join(', ')}]`);
    }
    return shape;
  },
  stream: (layer) => carriedAxes(layer) ?? streamByRank(layer.outputShape),
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate: (_layer, inputs, output) => output.set(inputs[0]!),
  lower: (layer) => ({ kind: 'view', ...viewStreaming(layer) }),
};

/** Without work, a reshape hands on each position as it comes if the stream axes survive it, else all at once. */
function viewStreaming(layer: Layer): Streaming {
  if (carriedAxes(layer) === undefined) return waitingForAll(layer, reshape.stream(layer));
  const positions = positionsAlong(layer.inputShapes[0]!, inputStream(layer, 0));
  return { positions, required: (_input, position) => position };
}

/**
 * The output axes that number the same positions in the same order as the input's stream axes do: a run of
 * axes with the same extent before, within and behind. Undefined when the reshape cuts across them.
 */
function carriedAxes(layer: Layer): readonly number[] | undefined {
  const [shape, result] = [layer.inputShapes[0]!, layer.outputShape];
  const axes = inputStream(layer, 0);
  const [first, last] = [axes[0], axes.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const within = elementCount(shape.slice(first, last + 1));
  if (within !== positionsAlong(shape, axes)) return undefined;
  const before = elementCount(shape.slice(0, first));
  for (let from = 0; from < result.length; from++) {
    if (elementCount(result.slice(0, from)) !== before || result[from] === 1) continue;
    for (let to = from + 1; to <= result.length; to++) {
      if (elementCount(result.slice(from, to)) !== within) continue;
      return realAxes(result, result.map((_, axis) => axis).slice(from, to));
    }
  }
  return undefined;
}

function readReshape(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const from = node.shapeOf(input);
  const wanted = node.integers('shape') ?? node.numbers(1);
  const keepZeros = node.integer('allowzero') === 1;
  const shape = wanted.map((dim, axis) => (dim === 0 && !keepZeros ? (from[axis] ?? 0) : dim));
  // A model exported with a fixed batch states it in its shapes; the batch is 1 here.
  if (node.exportedBatch !== undefined && from[0] === 1 && shape[0] === node.exportedBatch) shape[0] = 1;
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const rest = shape.reduce((product, dim, axis) => (axis === open ? product : product * dim), 1);
    shape[open] = rest === 0 ? 0 : elementCount(from) / rest;
  }
  return node.add('reshape', { shape }, [input]);
}

function readFlatten(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const shape = node.shapeOf(input);
  const given = node.integer('axis') ?? 1;
  const axis = given === shape.length ? given : axisOf(given, shape.length);
  const flat = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))];
  return node.add('reshape', { shape: flat }, [input]);
}

function readSqueeze(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const shape = node.shapeOf(input);
  const given = node.integers('axes') ?? (node.has(1) ? node.numbers(1) : undefined);
  const axes = given === undefined ? undefined : axesOf(given, shape.length);
  for (const axis of axes ?? []) {
    if (shape[axis] !== 1)
      throw node.fault(`axis ${axis} of [${shape.join(', ')}] is not 1 and cannot be squeezed`);
  }
  const squeezed = shape.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis)));
  return node.add('reshape', { shape: squeezed }, [input]);
}

function readUnsqueeze(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const rest = [...node.shapeOf(input)];
  const given = node.integers('axes') ?? node.numbers(1);
  const rank = rest.length + given.length;
  const axes = axesOf(given, rank);
  const shape = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!));
  return node.add('reshape', { shape }, [input]);
}
