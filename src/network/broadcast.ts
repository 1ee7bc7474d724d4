import { Fault } from '../base/fault.ts';
import type { Layer } from './network.ts';
import type { NumberArray, Streaming } from './operator.ts';
import { type AxisNeed, inputStream, realAxes, same, streamByRank, streaming } from './stream.ts';

/** Shape of an element-wise result under NumPy's broadcasting rules; a Fault names the shapes that do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = new Array(rank).fill(1);
  for (const shape of shapes) {
    for (let axis = 0; axis < shape.length; axis++) {
      const dim = shape[axis]!;
      const at = rank - shape.length + axis;
      if (dim === 1 || dim === result[at]) continue;
      if (result[at] !== 1) {
        throw new Fault(`shapes ${shapes.map((s) => `[${s.join(', ')}]`).join(' and ')} do not broadcast`);
      }
      result[at] = dim;
    }
  }
  return result;
}

/** Stream axes of an element-wise result: those of the first operand that has the result's full extent. */
export function broadcastStream(layer: Layer): readonly number[] {
  const { outputShape, inputShapes, inputs } = layer;
  const size = extent(outputShape);
  for (let input = 0; input < inputs.length; input++) {
    if (typeof inputs[input] !== 'number' || extent(inputShapes[input]!) !== size) continue;
    const shift = outputShape.length - inputShapes[input]!.length;
    return realAxes(
      outputShape,
      inputStream(layer, input).map((axis) => axis + shift),
    );
  }
  return streamByRank(outputShape);
}

/** Positions and dependences of an element-wise layer. */
export function broadcastStreaming(layer: Layer): Streaming {
  return streaming(layer, broadcastStream(layer), (input) => broadcastNeeds(layer, input));
}

function broadcastNeeds(layer: Layer, input: number): readonly AxisNeed[] {
  const shape = layer.inputShapes[input]!;
  const shift = layer.outputShape.length - shape.length;
  return shape.map((_, axis) => same(axis + shift));
}

/** Strides of an operand over the axes of a broadcast result: 0 where the operand repeats. */
export function broadcastStrides(shape: readonly number[], result: readonly number[]): readonly number[] {
  const strides: number[] = new Array(result.length).fill(0);
  const shift = result.length - shape.length;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis + shift] = shape[axis] === 1 ? 0 : stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Row-major strides of a shape. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** output[index] = input[base + Σ coordinate · stride] for every index of `shape` in row-major order. */
export function copyStrided(
  shape: readonly number[],
  input: NumberArray,
  base: number,
  strides: readonly number[],
  output: NumberArray,
): void {
  const rank = shape.length;
  const inner = rank === 0 ? 1 : shape[rank - 1]!;
  const step = rank === 0 ? 0 : strides[rank - 1]!;
  const coordinates: number[] = new Array(rank).fill(0);
  let from = base;
  for (let at = 0; at < output.length; at += inner) {
    for (let i = 0, j = from; i < inner; i++, j += step) output[at + i] = input[j]!;
    for (let axis = rank - 2; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++coordinates[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      coordinates[axis] = 0;
    }
  }
}

function extent(shape: readonly number[]): number {
  let count = 1;
  for (const dim of shape) count *= dim;
  return count;
}
