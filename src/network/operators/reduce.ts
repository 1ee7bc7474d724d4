import { elementCount } from '../../base/tensor.ts';
import { numberOf, numbersOf } from '../attributes.ts';
import { axesOf } from '../axis.ts';
import { rowMajorStrides } from '../broadcast.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode } from '../onnx-node.ts';
import { operationCost as cost } from '../operation-cost.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { type AxisNeed, inputStream, realAxes, same, streaming } from '../stream.ts';

/** A reduction over axes: the value it starts from, how an element joins, what is done at the end. */
interface Reduction {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly start: number;
  readonly join: (value: number, x: number) => number;
  readonly finish: (value: number, count: number) => number;
  /** Lane operations per element taken in, and per result. */
  readonly perElement: number;
  readonly perResult: number;
  /** Sums squares, so that no result is negative. */
  readonly squares?: true;
}

const add = (value: number, x: number): number => value + x;
const keep = (value: number): number => value;

const reductions: readonly Reduction[] = [
  {
    ...{ name: 'reduce-mean', type: 'ReduceMean', summary: 'mean along axes', start: 0, join: add },
    ...{ finish: (value, count) => value / count, perElement: 1, perResult: 1 },
  },
  {
    ...{ name: 'reduce-sum', type: 'ReduceSum', summary: 'sum along axes', start: 0, join: add },
    ...{ finish: keep, perElement: 1, perResult: 0 },
  },
  {
    ...{ name: 'reduce-max', type: 'ReduceMax', summary: 'largest along axes', start: -Infinity },
    ...{ join: Math.max, finish: keep, perElement: 1, perResult: 0 },
  },
  {
    ...{ name: 'reduce-min', type: 'ReduceMin', summary: 'smallest along axes', start: Infinity },
    ...{ join: Math.min, finish: keep, perElement: 1, perResult: 0 },
  },
  {
    ...{ name: 'reduce-product', type: 'ReduceProd', summary: 'product along axes', start: 1 },
    ...{ join: (value: number, x: number) => value * x, finish: keep, perElement: 1, perResult: 0 },
  },
  {
    ...{ name: 'reduce-l2', type: 'ReduceL2', summary: 'Euclidean norm along axes', start: 0 },
    ...{ join: (value: number, x: number) => value + x * x, finish: Math.sqrt },
    ...{ perElement: 2, perResult: cost.squareRoot, squares: true },
  },
  {
    ...{ name: 'reduce-sum-square', type: 'ReduceSumSquare', summary: 'sum of squares along axes', start: 0 },
    ...{ join: (value: number, x: number) => value + x * x, finish: keep, perElement: 2, perResult: 0 },
    squares: true,
  },
];

/** Reductions over `axes`, which stay as axes of length 1 when `keepDims` is 1. */
export const reduceOperators: readonly Operator[] = reductions.map(reduce);

function reduce(reduction: Reduction): Operator {
  const { name, type, summary, perElement, perResult } = reduction;
  const operator: Operator = {
    name,
    summary,
    onnx: [{ type, read: (node) => read(node, name) }],
    outputShape(inputShapes, attributes) {
      const axes = axesOf(numbersOf(attributes, 'axes'), inputShapes[0]!.length);
      if (numberOf(attributes, 'keepDims') !== 0) {
        return inputShapes[0]!.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
      }
      return inputShapes[0]!.filter((_, axis) => !axes.includes(axis));
    },
    stream(layer) {
      const kept = keptAxes(layer);
      const axes = inputStream(layer, 0).filter((axis) => kept[axis] !== undefined);
      return realAxes(
        layer.outputShape,
        axes.map((axis) => kept[axis]!),
      );
    },
    nonNegative: (_layer, operands) => operands[0]! || reduction.squares === true,
    evaluate: (layer, inputs, output) => fill(reduction, layer, inputs[0]!, output),
    lower(layer) {
      const results = elementCount(layer.outputShape);
      return {
        kind: 'vector',
        operations: elementCount(layer.inputShapes[0]!) * perElement + results * perResult,
        ...streaming(layer, operator.stream(layer), () =>
          keptAxes(layer).map((axis): AxisNeed => (axis === undefined ? 'all' : same(axis))),
        ),
      };
    },
  };
  return operator;
}

/** For each input axis the output axis it becomes; undefined where it is reduced. */
function keptAxes(layer: Layer): readonly (number | undefined)[] {
  const axes = numbersOf(layer.attributes, 'axes');
  const keepDims = numberOf(layer.attributes, 'keepDims') !== 0;
  let next = 0;
  return layer.inputShapes[0]!.map((_, axis) => {
    if (axes.includes(axis)) {
      if (keepDims) next += 1;
      return undefined;
    }
    return next++;
  });
}

function fill(reduction: Reduction, layer: Layer, input: NumberArray, output: NumberArray): void {
  const shape = layer.inputShapes[0]!;
  const strides = rowMajorStrides(shape);
  const axes = numbersOf(layer.attributes, 'axes');
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const starts = offsets(shape, strides, kept);
  const members = offsets(shape, strides, axes);
  for (let i = 0; i < output.length; i++) {
    let value = reduction.start;
    for (let j = 0; j < members.length; j++) value = reduction.join(value, input[starts[i]! + members[j]!]!);
    output[i] = reduction.finish(value, members.length);
  }
}

/** Element offsets of all coordinates along some axes, in row-major order. */
function offsets(shape: readonly number[], strides: readonly number[], axes: readonly number[]): Int32Array {
  const result = new Int32Array(elementCount(axes.map((axis) => shape[axis]!)));
  let filled = 1;
  for (const axis of axes) {
    const dim = shape[axis]!;
    for (let i = filled - 1; i >= 0; i--) {
      const offset = result[i]!;
      for (let c = dim - 1; c >= 0; c--) result[i * dim + c] = offset + c * strides[axis]!;
    }
    filled *= dim;
  }
  return result;
}

/** Axes are an attribute in older operator sets, an operand in newer ones; none at all means every axis. */
function read(node: OnnxNode, operator: string) {
  const input = node.input(0);
  const rank = node.shapeOf(input).length;
  const given = node.integers('axes') ?? (node.has(1) ? node.numbers(1) : []);
  if (given.length === 0 && node.integer('noop_with_empty_axes') === 1) return input;
  const axes = given.length === 0 ? Array.from({ length: rank }, (_, axis) => axis) : axesOf(given, rank);
  return node.add(operator, { axes, keepDims: node.integer('keepdims') ?? 1 }, [input]);
}
