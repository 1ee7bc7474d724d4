import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numbersOf } from '../attributes.ts';
import { axisOf } from '../axis.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode } from '../onnx-node.ts';
import { operationCost as cost } from '../operation-cost.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { inputStream, same, streaming } from '../stream.ts';

/**
 * exp(x − max) normalised over `axes`, which lie side by side (one axis since operator set 13; all from an axis
 * on before it).
 */
export const softmax: Operator = normaliser(
  'softmax',
  'Softmax',
  'exponentials normalised to a sum of 1',
  false,
);

/** The logarithm of softmax. */
export const logSoftmax: Operator = normaliser('log-softmax', 'LogSoftmax', 'logarithm of softmax', true);

function normaliser(name: string, type: string, summary: string, logarithm: boolean): Operator {
  return {
    name,
    summary,
    onnx: [{ type, read: (node) => read(node, name) }],
    outputShape(inputShapes, attributes) {
      const axes = numbersOf(attributes, 'axes');
      axes.forEach((axis, i) => {
        if (axis !== axes[0]! + i) throw new Fault(`${name} needs adjacent axes, got ${axes.join(', ')}`);
      });
      return inputShapes[0]!;
    },
    stream: (layer) => inputStream(layer, 0),
    nonNegative: () => !logarithm,
    evaluate: (layer, inputs, output) => fill(layer, inputs[0]!, output, logarithm),
    lower(layer) {
      const axes = numbersOf(layer.attributes, 'axes');
      const elements = elementCount(layer.outputShape);
      const vectors = elements / elementCount(axes.map((axis) => layer.outputShape[axis]!));
      // Per element: compare for the maximum, subtract, exponential, add to the sum, scale; per vector 1 / sum.
      const perElement = cost.exponential + 4;
      const perVector = logarithm ? cost.logarithm : cost.reciprocal;
      return {
        kind: 'vector',
        operations: elements * perElement + vectors * perVector,
        ...streaming(layer, inputStream(layer, 0), () =>
          layer.outputShape.map((_, axis) => (axes.includes(axis) ? 'all' : same(axis))),
        ),
      };
    },
  };
}

function fill(layer: Layer, input: NumberArray, output: NumberArray, logarithm: boolean): void {
  const axes = numbersOf(layer.attributes, 'axes');
  const shape = layer.outputShape;
  const length = elementCount(axes.map((axis) => shape[axis]!));
  const inner = elementCount(shape.slice(axes.at(-1)! + 1));
  const vectors = output.length / length;
  for (let vector = 0; vector < vectors; vector++) {
    const first = Math.floor(vector / inner) * length * inner + (vector % inner);
    let largest = -Infinity;
    for (let i = 0, at = first; i < length; i++, at += inner) largest = Math.max(largest, input[at]!);
    let sum = 0;
    for (let i = 0, at = first; i < length; i++, at += inner) sum += Math.exp(input[at]! - largest);
    const shift = largest + Math.log(sum);
    for (let i = 0, at = first; i < length; i++, at += inner) {
      output[at] = logarithm ? input[at]! - shift : Math.exp(input[at]! - largest) / sum;
    }
  }
}

function read(node: OnnxNode, operator: string) {
  const input = node.input(0);
  const rank = node.shapeOf(input).length;
  const joint = node.opset < 13;
  const axis = axisOf(node.integer('axis') ?? (joint ? 1 : -1), rank);
  const axes = joint ? Array.from({ length: rank - axis }, (_, i) => axis + i) : [axis];
  return node.add(operator, { axes }, [input]);
}
