import { elementCount } from '../../base/tensor.ts';
import { numberOf } from '../attributes.ts';
import { broadcastStreaming } from '../broadcast.ts';
import { erf } from '../error-function.ts';
import type { Attributes } from '../network.ts';
import type { OnnxForm, OnnxNode } from '../onnx-node.ts';
import { operationCost as cost } from '../operation-cost.ts';
import type { NumberArray, Operator } from '../operator.ts';
import { inputStream } from '../stream.ts';

/** One function applied to every element: its name, ONNX type, cost per element and value. */
interface UnaryMap {
  readonly name: string;
  readonly summary: string;
  /** ONNX types without attributes. */
  readonly types?: readonly string[];
  readonly onnx?: readonly OnnxForm[];
  /** Lane operations per element. */
  readonly operations: number | ((attributes: Attributes) => number);
  readonly map: (attributes: Attributes) => (x: number) => number;
  /** When the result cannot be negative; `operand` where not said. */
  readonly nonNegative?:
    'always' | 'operand' | 'never' | ((attributes: Attributes, operand: boolean) => boolean);
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const maps: readonly UnaryMap[] = [
  {
    name: 'relu',
    summary: 'max(x, 0)',
    types: ['Relu'],
    operations: 1,
    nonNegative: 'always',
    map: () => (x) => Math.max(x, 0),
  },
  {
    name: 'clip',
    summary: 'x limited to [min, max] (ReLU6 among others)',
    onnx: [{ type: 'Clip', read: readClip }],
    operations: 2,
    nonNegative: (attributes, operand) =>
      numberOf(attributes, 'max') >= 0 && (operand || numberOf(attributes, 'min') >= 0),
    map: (attributes) => {
      const [min, max] = [numberOf(attributes, 'min'), numberOf(attributes, 'max')];
      return (x) => Math.min(Math.max(x, min), max);
    },
  },
  {
    name: 'leaky-relu',
    summary: 'x where positive, else alpha · x',
    onnx: [{ type: 'LeakyRelu', read: (node) => withFloats(node, 'leaky-relu', { alpha: 0.01 }) }],
    operations: 2,
    map: (attributes) => {
      const alpha = numberOf(attributes, 'alpha');
      return (x) => (x < 0 ? alpha * x : x);
    },
  },
  {
    name: 'elu',
    summary: 'x where positive, else alpha · (exp(x) − 1)',
    onnx: [{ type: 'Elu', read: (node) => withFloats(node, 'elu', { alpha: 1 }) }],
    operations: cost.exponential + 3,
    map: (attributes) => {
      const alpha = numberOf(attributes, 'alpha');
      return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
    },
  },
  {
    name: 'selu',
    summary: 'gamma · (x where positive, else alpha · (exp(x) − 1))',
    onnx: [
      {
        type: 'Selu',
        // Defaults of the ONNX operator: the fixed point of Klambauer et al. 2017.
        read: (node) => withFloats(node, 'selu', { alpha: 1.6732632, gamma: 1.050701 }),
      },
    ],
    operations: cost.exponential + 4,
    nonNegative: (attributes, operand) => operand && numberOf(attributes, 'gamma') >= 0,
    map: (attributes) => {
      const [alpha, gamma] = [numberOf(attributes, 'alpha'), numberOf(attributes, 'gamma')];
      return (x) => gamma * (x < 0 ? alpha * Math.expm1(x) : x);
    },
  },
  {
    name: 'sigmoid',
    summary: '1 / (1 + exp(−x))',
    types: ['Sigmoid'],
    operations: cost.sigmoid,
    nonNegative: 'always',
    map: () => sigmoid,
  },
  {
    name: 'hard-sigmoid',
    summary: 'alpha · x + beta limited to [0, 1]',
    onnx: [
      { type: 'HardSigmoid', read: (node) => withFloats(node, 'hard-sigmoid', { alpha: 0.2, beta: 0.5 }) },
    ],
    operations: 4,
    nonNegative: 'always',
    map: (attributes) => {
      const [alpha, beta] = [numberOf(attributes, 'alpha'), numberOf(attributes, 'beta')];
      return (x) => Math.min(Math.max(alpha * x + beta, 0), 1);
    },
  },
  {
    name: 'hard-swish',
    summary: 'x · (x / 6 + 1/2 limited to [0, 1])',
    types: ['HardSwish'],
    operations: 5,
    map: () => (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  },
  {
    name: 'gelu',
    summary: 'Gaussian error linear unit, exact (erf) or by tanh',
    onnx: [
      {
        type: 'Gelu',
        read: (node) => node.add('gelu', { approximate: node.text('approximate') ?? 'none' }, node.inputs),
      },
    ],
    operations: (attributes) =>
      attributes.approximate === 'tanh' ? cost.hyperbolicTangent + 8 : cost.errorFunction + 4,
    map: (attributes) =>
      attributes.approximate === 'tanh'
        ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
        : (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  },
  {
    name: 'softplus',
    summary: 'log(1 + exp(x))',
    types: ['Softplus'],
    operations: cost.exponential + cost.logarithm + 1,
    nonNegative: 'always',
    map: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  },
  {
    name: 'softsign',
    summary: 'x / (1 + |x|)',
    types: ['Softsign'],
    operations: cost.divide + 2,
    map: () => (x) => x / (1 + Math.abs(x)),
  },
  plain('tanh', 'hyperbolic tangent', 'Tanh', cost.hyperbolicTangent, Math.tanh),
  plain('erf', 'Gauss error function', 'Erf', cost.errorFunction, erf),
  { ...plain('sqrt', 'square root', 'Sqrt', cost.squareRoot, Math.sqrt), nonNegative: 'always' },
  { ...plain('exp', 'exponential', 'Exp', cost.exponential, Math.exp), nonNegative: 'always' },
  { ...plain('log', 'natural logarithm', 'Log', cost.logarithm, Math.log), nonNegative: 'never' },
  { ...plain('neg', 'negation', 'Neg', 1, (x) => -x), nonNegative: 'never' },
  { ...plain('abs', 'magnitude', 'Abs', 1, Math.abs), nonNegative: 'always' },
  plain('reciprocal', '1 / x', 'Reciprocal', cost.reciprocal, (x) => 1 / x),
  plain('floor', 'largest whole number not above', 'Floor', 1, Math.floor),
  plain('ceil', 'smallest whole number not below', 'Ceil', 1, Math.ceil),
  plain('round', 'nearest whole number, halves to even', 'Round', 1, roundHalfEven),
  plain('sign', '−1, 0 or 1', 'Sign', 2, Math.sign),
  { ...plain('not', '1 where zero, else 0', 'Not', 1, (x) => (x === 0 ? 1 : 0)), nonNegative: 'always' },
  {
    name: 'truncate',
    summary: 'the whole part (a cast of an activation to an integer type)',
    operations: 1,
    map: () => Math.trunc,
  },
];

/** Element-wise functions of one operand. */
export const unaryOperators: readonly Operator[] = maps.map(unary);

function unary(definition: UnaryMap): Operator {
  const { name, operations, map } = definition;
  return {
    name,
    summary: definition.summary,
    onnx: [
      ...(definition.onnx ?? []),
      ...(definition.types ?? []).map((type) => ({
        type,
        read: (node: OnnxNode) => node.add(name, {}, [node.input(0)]),
      })),
    ],
    outputShape: (inputShapes) => inputShapes[0]!,
    stream: (layer) => inputStream(layer, 0),
    nonNegative: (layer, [operand]) => isNonNegative(definition, layer.attributes, operand!),
    evaluate: (layer, inputs, output) => fill(map(layer.attributes), inputs[0]!, output),
    lower: (layer) => ({
      kind: 'vector',
      operations:
        elementCount(layer.outputShape) *
        (typeof operations === 'number' ? operations : operations(layer.attributes)),
      ...broadcastStreaming(layer),
    }),
  };
}

function isNonNegative(definition: UnaryMap, attributes: Attributes, operand: boolean): boolean {
  const rule = definition.nonNegative ?? 'operand';
  if (typeof rule === 'function') return rule(attributes, operand);
  return rule === 'always' || (rule === 'operand' && operand);
}

function fill(map: (x: number) => number, input: NumberArray, output: NumberArray): void {
  for (let i = 0; i < output.length; i++) output[i] = map(input[i]!);
}

function plain(
  name: string,
  summary: string,
  type: string,
  operations: number,
  f: (x: number) => number,
): UnaryMap {
  return { name, summary, types: [type], operations, map: () => f };
}

function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function withFloats(node: OnnxNode, operator: string, defaults: Readonly<Record<string, number>>) {
  const attributes: Record<string, number> = {};
  for (const [name, value] of Object.entries(defaults)) attributes[name] = node.float(name) ?? value;
  return node.add(operator, attributes, [node.input(0)]);
}

/** Bounds are attributes before operator set 11 and scalar operands since. */
function readClip(node: OnnxNode) {
  const min = node.float('min') ?? (node.has(1) ? node.numbers(1)[0] : undefined) ?? -Number.MAX_VALUE;
  const max = node.float('max') ?? (node.has(2) ? node.numbers(2)[0] : undefined) ?? Number.MAX_VALUE;
  return node.add('clip', { min, max }, [node.input(0)]);
}
