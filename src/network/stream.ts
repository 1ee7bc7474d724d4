import type { Layer } from './network.ts';
import type { Streaming } from './operator.ts';

/**
 * Stream axes of a tensor: the axes, ascending and without those of length 1, whose coordinates number its
 * positions row by row. A position holds everything along the other axes: the channels of a pixel, the
 * features of a token. This is the convention by rank: [1,D] one position, [1,T,D] T tokens, [1,C,H,W] H·W
 * pixels. Layers carry theirs on, so that a transposed or reshaped map keeps its order.
 */
export function streamByRank(shape: readonly number[]): readonly number[] {
  if (shape.length <= 2) return realAxes(shape, shape.length === 2 ? [0] : []);
  if (shape.length === 3) return realAxes(shape, [1]);
  return realAxes(shape, shape.map((_, axis) => axis).slice(2));
}

/**
 * Stream axes of a network's input: by rank, but for images with the channels last ([1,H,W,C] of at least
 * 8 × 8 pixels and at most 4 channels), which stream their pixels.
 */
export function networkInputStream(shape: readonly number[]): readonly number[] {
  const channelsLast = shape.length === 4 && shape[3]! <= 4 && Math.min(shape[1]!, shape[2]!) >= 8;
  return channelsLast ? realAxes(shape, [1, 2]) : streamByRank(shape);
}

/** Stream axes of operand `input` of a layer. */
export function inputStream(layer: Layer, input: number): readonly number[] {
  return layer.inputStreams?.[input] ?? streamByRank(layer.inputShapes[input]!);
}

/** The given axes in ascending order, without those of length 1. */
export function realAxes(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return axes.filter((axis) => shape[axis]! > 1).sort((a, b) => a - b);
}

/** Number of positions that the axes span. */
export function positionsAlong(shape: readonly number[], axes: readonly number[]): number {
  let positions = 1;
  for (const axis of axes) positions *= shape[axis]!;
  return positions;
}

/**
 * What one axis of an operand must provide: all of it, always up to one coordinate, or from coordinate `first` (0 where
 * left out) up to `last` of a coordinate of one output axis (negative: nothing, as for a window that lies wholly in the
 * padding).
 */
export type AxisNeed =
  | 'all'
  | number
  | { readonly axis: number; last(coordinate: number): number; first?(coordinate: number): number };

/** The need of an axis that is walked in step with an output axis. */
export function same(axis: number): AxisNeed {
  return only(axis, identity);
}

/** The need of one coordinate for each coordinate of an output axis. */
export function only(axis: number, coordinate: (output: number) => number): AxisNeed {
  return { axis, last: coordinate, first: coordinate };
}

/** Positions and dependences of a layer from what its outputs need along each axis of each operand. */
export function streaming(
  layer: Layer,
  stream: readonly number[],
  needs: (input: number) => readonly AxisNeed[],
): Streaming {
  const tables: Int32Array[] = [];
  const oldest: Int32Array[] = [];
  return {
    positions: positionsAlong(layer.outputShape, stream),
    required(input, position, inputPositions) {
      const shape = layer.inputShapes[input]!;
      const axes = inputStream(layer, input);
      if (positionsAlong(shape, axes) !== inputPositions) return inputPositions - 1;
      const table = (tables[input] ??= requirements(layer.outputShape, stream, shape, axes, needs(input)));
      return table[position]!;
    },
    oldest(input, position, inputPositions) {
      const shape = layer.inputShapes[input]!;
      const axes = inputStream(layer, input);
      if (positionsAlong(shape, axes) !== inputPositions) return 0;
      const table = (oldest[input] ??= oldestNeeded(layer.outputShape, stream, shape, axes, needs(input)));
      return table[position]!;
    },
  };
}

/** Positions of a layer whose every output needs all of every operand. */
export function waitingForAll(layer: Layer, stream: readonly number[]): Streaming {
  return {
    positions: positionsAlong(layer.outputShape, stream),
    required: (_input, _position, inputPositions) => inputPositions - 1,
  };
}

function requirements(
  outputShape: readonly number[],
  stream: readonly number[],
  inputShape: readonly number[],
  inputAxes: readonly number[],
  needs: readonly AxisNeed[],
): Int32Array {
  const table = new Int32Array(positionsAlong(outputShape, stream));
  let latest = 0;
  eachNeed(outputShape, stream, inputShape, inputAxes, needs, lastByCoordinate, (position, needed) => {
    latest = Math.max(latest, needed);
    table[position] = latest;
  });
  return table;
}

/** For each output position the first operand position that it or a later one needs. */
function oldestNeeded(
  outputShape: readonly number[],
  stream: readonly number[],
  inputShape: readonly number[],
  inputAxes: readonly number[],
  needs: readonly AxisNeed[],
): Int32Array {
  const all = positionsAlong(inputShape, inputAxes);
  const table = new Int32Array(positionsAlong(outputShape, stream));
  eachNeed(outputShape, stream, inputShape, inputAxes, needs, firstByCoordinate, (position, needed) => {
    table[position] = needed < 0 ? all : needed;
  });
  for (let position = table.length - 2; position >= 0; position--) {
    table[position] = Math.min(table[position]!, table[position + 1]!);
  }
  return table;
}

/** Visits the operand position at the corner of each output position's needs; -1 where it needs nothing. */
function eachNeed(
  outputShape: readonly number[],
  stream: readonly number[],
  inputShape: readonly number[],
  inputAxes: readonly number[],
  needs: readonly AxisNeed[],
  corner: typeof lastByCoordinate,
  visit: (position: number, needed: number) => void,
): void {
  // An axis of length 1 numbers nothing, but a window may miss it.
  const walked = inputShape
    .map((_, axis) => axis)
    .filter((axis) => inputShape[axis] === 1 || inputAxes.includes(axis));
  const perAxis = walked.map((axis) => corner(needs[axis]!, inputShape[axis]!, outputShape, stream));
  const positions = positionsAlong(outputShape, stream);
  const coordinates = outputShape.map(() => 0);
  for (let position = 0; position < positions; position++) {
    let needed = 0;
    for (let i = 0; i < walked.length; i++) {
      const { axis, last } = perAxis[i]!;
      const coordinate = last[axis < 0 ? 0 : coordinates[axis]!]!;
      if (coordinate < 0) {
        needed = -1;
        break;
      }
      needed = needed * inputShape[walked[i]!]! + coordinate;
    }
    visit(position, needed);
    for (let i = stream.length - 1; i >= 0; i--) {
      const axis = stream[i]!;
      if (++coordinates[axis]! < outputShape[axis]!) break;
      coordinates[axis] = 0;
    }
  }
}

/** The last coordinate needed per coordinate of the output axis; axis -1 where it is the same for all positions. */
function lastByCoordinate(
  need: AxisNeed,
  length: number,
  outputShape: readonly number[],
  stream: readonly number[],
): { axis: number; last: readonly number[] } {
  if (need === 'all') return { axis: -1, last: [length - 1] };
  if (typeof need === 'number') return { axis: -1, last: [need] };
  const last = Array.from({ length: outputShape[need.axis]! }, (_, c) => Math.min(length - 1, need.last(c)));
  if (stream.includes(need.axis)) return { axis: need.axis, last };
  return { axis: -1, last: [last.reduce((a, b) => Math.max(a, b), -1)] };
}

/** The first coordinate needed likewise; -1 where nothing is. */
function firstByCoordinate(
  need: AxisNeed,
  length: number,
  outputShape: readonly number[],
  stream: readonly number[],
): { axis: number; last: readonly number[] } {
  if (need === 'all' || typeof need === 'number') return { axis: -1, last: [0] };
  const first = Array.from({ length: outputShape[need.axis]! }, (_, c) => {
    const from = need.first?.(c) ?? 0;
    // An axis of length 1 may be repeated along the output's.
    if (need.last(c) < 0 || (from >= length && length > 1)) return -1;
    return Math.min(Math.max(0, from), length - 1);
  });
  if (stream.includes(need.axis)) return { axis: need.axis, last: first };
  const needed = first.filter((coordinate) => coordinate >= 0);
  return { axis: -1, last: [needed.length === 0 ? -1 : needed.reduce((a, b) => Math.min(a, b))] };
}

function identity(coordinate: number): number {
  return coordinate;
}
