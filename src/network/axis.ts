import { Fault } from '../base/fault.ts';

/** An ONNX axis (negative: from the end) as a number from 0; a Fault when the tensor has no such axis. */
export function axisOf(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= rank) {
    throw new Fault(`axis ${axis} is outside a tensor of ${rank} dimensions`);
  }
  return resolved;
}

/** ONNX axes in ascending order from 0; a Fault when one is outside or named twice. */
export function axesOf(axes: readonly number[], rank: number): readonly number[] {
  const resolved = axes.map((axis) => axisOf(axis, rank)).sort((a, b) => a - b);
  resolved.forEach((axis, i) => {
    if (axis === resolved[i - 1]) throw new Fault(`axis ${axis} is named twice`);
  });
  return resolved;
}
