import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numberOf, numbersOf } from '../attributes.ts';
import type { Attributes, Layer } from '../network.ts';
import type { OnnxNode } from '../onnx-node.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { realAxes, streaming } from '../stream.ts';
import { type Window, windowAttributes, windowsOf } from '../window.ts';
import { spatialAxes, spatialNeeds } from './conv.ts';

/** Largest element of each window of [1,C,L] or [1,C,H,W]; padding never wins. */
export const maxPool: Operator = pool(
  'max-pool',
  'MaxPool',
  'largest element of each window',
  (area) => area - 1,
);

/** Mean of each window; the padding counts as zeros when `countIncludePad` is 1, else not at all. */
export const averagePool: Operator = pool(
  'average-pool',
  'AveragePool',
  'mean of each window',
  // area − 1 additions and one multiplication by the reciprocal of the count, known beforehand
  (area) => area,
);

function pool(name: string, type: string, summary: string, operations: (area: number) => number): Operator {
  const average = name === 'average-pool';
  const operator: Operator = {
    name,
    summary,
    onnx: [{ type, read: (node) => read(node, name) }],
    outputShape(inputShapes, attributes) {
      const input = inputShapes[0]!;
      if (input.length !== 3 && input.length !== 4) {
        throw new Fault(`${name} takes [1, C, L] or [1, C, H, W], got [${input.join(', ')}]`);
      }
      return [input[0]!, input[1]!, ...windows(input, attributes).map((window) => window.output)];
    },
    stream: (layer) => realAxes(layer.outputShape, spatialAxes(layer.outputShape)),
    nonNegative: (_layer, operands) => operands[0]!,
    evaluate: (layer, inputs, output) => fill(layer, inputs[0]!, output, average),
    lower(layer) {
      const area = elementCount(numbersOf(layer.attributes, 'kernel'));
      return {
        kind: 'vector',
        operations: elementCount(layer.outputShape) * Math.max(1, operations(area)),
        ...streaming(layer, operator.stream(layer), () =>
          spatialNeeds(windows(layer.inputShapes[0]!, layer.attributes)),
        ),
      };
    },
  };
  return operator;
}

/** Mean over all spatial axes of [1,C,…], which stay as axes of length 1. */
export const globalAveragePool: Operator = globalPool(
  'global-average-pool',
  'GlobalAveragePool',
  'mean of each channel',
);

/** Largest element of each channel of [1,C,…]. */
export const globalMaxPool: Operator = globalPool(
  'global-max-pool',
  'GlobalMaxPool',
  'largest element of each channel',
);

function globalPool(name: string, type: string, summary: string): Operator {
  const average = name === 'global-average-pool';
  return {
    name,
    summary,
    onnx: [{ type, read: (node) => node.add(name, {}, [node.input(0)]) }],
    outputShape(inputShapes) {
      const input = inputShapes[0]!;
      if (input.length < 3) throw new Fault(`${name} takes [1, C, …spatial], got [${input.join(', ')}]`);
      return input.map((dim, axis) => (axis < 2 ? dim : 1));
    },
    stream: () => [],
    nonNegative: (_layer, operands) => operands[0]!,
    evaluate(_layer, inputs, output) {
      const input = inputs[0]!;
      const area = input.length / output.length;
      for (let channel = 0, at = 0; channel < output.length; channel++) {
        let value = average ? 0 : -Infinity;
        for (let i = 0; i < area; i++, at++)
          value = average ? value + input[at]! : Math.max(value, input[at]!);
        output[channel] = average ? value / area : value;
      }
    },
    lower: (layer) => ({
      kind: 'vector',
      operations: elementCount(layer.inputShapes[0]!) + (average ? layer.outputShape[1]! : 0),
      ...streaming(layer, [], () => layer.inputShapes[0]!.map(() => 'all')),
    }),
  };
}

function windows(input: readonly number[], attributes: Attributes): readonly Window[] {
  const kernel = numbersOf(attributes, 'kernel');
  if (kernel.length !== input.length - 2) {
    throw new Fault(`kernel has ${kernel.length} entries, needs ${input.length - 2}`);
  }
  return windowsOf(input.slice(2), kernel, attributes, numberOf(attributes, 'ceilMode') !== 0);
}

function fill(layer: Layer, input: NumberArray, output: NumberArray, average: boolean): void {
  const shape = layer.inputShapes[0]!;
  const flat = windows(shape, layer.attributes);
  const [vertical, horizontal] = flat.length === 1 ? [LINE, flat[0]!] : [flat[0]!, flat[1]!];
  const includePad = average && numberOf(layer.attributes, 'countIncludePad') !== 0;
  const width = horizontal.input;
  for (let channel = 0, to = 0; channel < shape[0]! * shape[1]!; channel++) {
    const map = channel * vertical.input * width;
    for (let oy = 0; oy < vertical.output; oy++) {
      const top = oy * vertical.stride - vertical.before;
      for (let ox = 0; ox < horizontal.output; ox++, to++) {
        const left = ox * horizontal.stride - horizontal.before;
        let sum = 0;
        let largest = -Infinity;
        let inside = 0;
        for (let ky = 0; ky < vertical.kernel; ky++) {
          const y = top + ky * vertical.dilation;
          if (y < 0 || y >= vertical.input) continue;
          for (let kx = 0; kx < horizontal.kernel; kx++) {
            const x = left + kx * horizontal.dilation;
            if (x < 0 || x >= width) continue;
            const value = input[map + y * width + x]!;
            sum += value;
            if (value > largest) largest = value;
            inside += 1;
          }
        }
        const count = includePad ? tapsInFrame(vertical, top) * tapsInFrame(horizontal, left) : inside;
        output[to] = average ? (count === 0 ? 0 : sum / count) : largest;
      }
    }
  }
}

/** Taps of a window that lie on the map or its padding, not beyond (as the last one may with ceilMode). */
function tapsInFrame(window: Window, start: number): number {
  const free = window.input + window.after - start;
  return Math.min(window.kernel, Math.ceil(free / window.dilation));
}

const LINE: Window = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

function read(node: OnnxNode, operator: string) {
  const input = node.input(0);
  const kernel = node.integers('kernel_shape');
  if (kernel === undefined) throw node.fault('kernel_shape is missing');
  const attributes = {
    kernel,
    ...windowAttributes(node, node.shapeOf(input).slice(2), kernel),
    ceilMode: node.integer('ceil_mode') ?? 0,
    countIncludePad: node.integer('count_include_pad') ?? 0,
  };
  return node.add(operator, attributes, [input]);
}
