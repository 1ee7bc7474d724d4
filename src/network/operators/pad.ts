import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numberOf, numbersOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import { rowMajorStrides } from '../broadcast.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { inputStream, only, realAxes, streaming } from '../stream.ts';

/**
 * A tensor with a border of `before` and `after` elements along every axis (negative: cropped). `mode`:
 * `constant` (filled with `value`), `edge` (the nearest element), `reflect` (mirrored without the edge).
 */
export const pad: Operator = {
  name: 'pad',
  summary: 'a border of a constant, the edge or the mirrored map along every axis',
  onnx: [{ type: 'Pad', read }],
  outputShape(inputShapes, attributes) {
    const shape = inputShapes[0]!;
    const [before, after] = [numbersOf(attributes, 'before'), numbersOf(attributes, 'after')];
    if (before.length !== shape.length || after.length !== shape.length) {
      throw new Fault(`pads for ${before.length} axes on a tensor of ${shape.length}`);
    }
    return shape.map((dim, axis) => {
      const padded = dim + before[axis]! + after[axis]!;
      const reflects = attributes.mode === 'reflect' && Math.max(before[axis]!, after[axis]!) >= dim;
      if (!Number.isInteger(padded) || padded < 1 || reflects) {
        throw new Fault(`pads ${before[axis]} and ${after[axis]} do not fit axis ${axis} of ${dim}`);
      }
      return padded;
    });
  },
  stream: (layer) => realAxes(layer.outputShape, inputStream(layer, 0)),
  nonNegative: (layer, operands) => operands[0]! && numberOf(layer.attributes, 'value') >= 0,
  evaluate: (layer, inputs, output) => fill(layer, inputs[0]!, output),
  lower: (layer) => ({
    kind: 'vector',
    operations: elementCount(layer.outputShape),
    ...streaming(layer, pad.stream(layer), () =>
      sources(layer).map((source, axis) => only(axis, (coordinate) => source[coordinate]!)),
    ),
  }),
};

function fill(layer: Layer, input: NumberArray, output: NumberArray): void {
  const value = numberOf(layer.attributes, 'value');
  const strides = rowMajorStrides(layer.inputShapes[0]!);
  const source = sources(layer);
  const shape = layer.outputShape;
  const coordinates = shape.map(() => 0);
  for (let to = 0; to < output.length; to++) {
    let from = 0;
    for (let axis = 0; axis < shape.length && from >= 0; axis++) {
      const coordinate = source[axis]![coordinates[axis]!]!;
      from = coordinate < 0 ? -1 : from + coordinate * strides[axis]!;
    }
    output[to] = from < 0 ? value : input[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++coordinates[axis]! < shape[axis]!) break;
      coordinates[axis] = 0;
    }
  }
}

/** For every axis the input coordinate of each output coordinate; -1 in a constant border. */
function sources(layer: Layer): readonly Int32Array[] {
  const { mode } = layer.attributes;
  const before = numbersOf(layer.attributes, 'before');
  return layer.outputShape.map((length, axis) => {
    const dim = layer.inputShapes[0]![axis]!;
    return Int32Array.from({ length }, (_, coordinate) => {
      const at = coordinate - before[axis]!;
      if (at >= 0 && at < dim) return at;
      if (mode === 'edge') return Math.min(Math.max(at, 0), dim - 1);
      if (mode === 'reflect') return at < 0 ? -at : 2 * (dim - 1) - at;
      return -1;
    });
  });
}

/** Pads are an attribute before operator set 11 and an operand since; axes may be named since 18. */
function read(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const rank = node.shapeOf(input).length;
  const mode = node.text('mode') ?? 'constant';
  if (mode !== 'constant' && mode !== 'edge' && mode !== 'reflect') {
    throw node.fault(`pad mode ${JSON.stringify(mode)} is not supported`, 'known: constant, edge, reflect');
  }
  const pads = node.integers('pads') ?? node.numbers(1);
  const value = node.float('value') ?? (node.has(2) ? node.numbers(2)[0] : undefined) ?? 0;
  const axes = node.has(3) ? node.numbers(3) : Array.from({ length: rank }, (_, axis) => axis);
  if (pads.length !== 2 * axes.length) throw node.fault(`${pads.length} pads for ${axes.length} axes`);
  const before: number[] = new Array(rank).fill(0);
  const after: number[] = new Array(rank).fill(0);
  axes.forEach((given, i) => {
    const axis = axisOf(given, rank);
    before[axis] = pads[i]!;
    after[axis] = pads[i + axes.length]!;
  });
  return node.add('pad', { mode, value, before, after }, [input]);
}
