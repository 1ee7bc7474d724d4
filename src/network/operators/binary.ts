import { elementCount } from '../../base/tensor.ts';
import { broadcastShape, broadcastStream, broadcastStreaming, broadcastStrides } from '../broadcast.ts';
import type { Layer } from '../network.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import { operationCost as cost } from '../operation-cost.ts';
import type { NumberArray, Operator } from '../operator.ts';

/** One function of two operands, element by element. */
interface BinaryMap {
  readonly name: string;
  readonly summary: string;
  readonly type: string;
  /** Lane operations per element. */
  readonly operations: number;
  readonly map: (a: number, b: number) => number;
  /** Whether the result cannot be negative, given which operands cannot; where not said, when neither can. */
  readonly nonNegative?: (a: boolean, b: boolean) => boolean;
  /** ONNX allows any number of operands: a chain of pairs. */
  readonly variadic?: boolean;
}

const truth = (value: boolean): number => (value ? 1 : 0);

const maps: readonly BinaryMap[] = [
  { name: 'add', summary: 'sum', type: 'Add', operations: 1, map: (a, b) => a + b },
  {
    name: 'sub',
    summary: 'difference',
    type: 'Sub',
    operations: 1,
    map: (a, b) => a - b,
    nonNegative: () => false,
  },
  { name: 'mul', summary: 'product, element by element', type: 'Mul', operations: 1, map: (a, b) => a * b },
  { name: 'div', summary: 'quotient', type: 'Div', operations: cost.divide, map: (a, b) => a / b },
  {
    name: 'pow',
    summary: 'power a^b',
    type: 'Pow',
    operations: cost.logarithm + 1 + cost.exponential,
    nonNegative: (base) => base,
    map: (a, b) => a ** b,
  },
  { name: 'min', summary: 'smaller of two', type: 'Min', operations: 1, map: Math.min, variadic: true },
  {
    name: 'max',
    summary: 'larger of two',
    type: 'Max',
    operations: 1,
    map: Math.max,
    variadic: true,
    nonNegative: (a, b) => a || b,
  },
  {
    name: 'prelu',
    summary: 'x where positive, else slope · x, the slope an operand',
    type: 'PRelu',
    operations: 2,
    nonNegative: (x) => x,
    map: (x, slope) => (x < 0 ? slope * x : x),
  },
  {
    name: 'mod',
    summary: "remainder with the divisor's sign",
    type: 'Mod',
    operations: cost.divide + 3,
    nonNegative: (_x, divisor) => divisor,
    map: floorMod,
  },
  { name: 'equal', summary: '1 where equal', type: 'Equal', operations: 1, map: (a, b) => truth(a === b) },
  {
    name: 'greater',
    summary: '1 where greater',
    type: 'Greater',
    operations: 1,
    map: (a, b) => truth(a > b),
  },
  {
    name: 'greater-or-equal',
    summary: '1 where not less',
    type: 'GreaterOrEqual',
    operations: 1,
    map: (a, b) => truth(a >= b),
  },
  { name: 'less', summary: '1 where less', type: 'Less', operations: 1, map: (a, b) => truth(a < b) },
  {
    name: 'less-or-equal',
    summary: '1 where not greater',
    type: 'LessOrEqual',
    operations: 1,
    map: (a, b) => truth(a <= b),
  },
  {
    name: 'and',
    summary: '1 where both are not 0',
    type: 'And',
    operations: 1,
    map: (a, b) => truth(a !== 0 && b !== 0),
  },
  {
    name: 'or',
    summary: '1 where either is not 0',
    type: 'Or',
    operations: 1,
    map: (a, b) => truth(a !== 0 || b !== 0),
  },
];

/** Operators whose result is a truth value (0 or 1) whatever their operands are. */
export const truthValued: ReadonlySet<string> = new Set([
  ...['equal', 'greater', 'greater-or-equal', 'less', 'less-or-equal', 'and', 'or', 'not'],
]);

/** Element-wise functions of two operands with NumPy broadcasting. */
export const binaryOperators: readonly Operator[] = maps.map(binary);

function binary({ name, summary, type, operations, map, variadic, nonNegative }: BinaryMap): Operator {
  const forms = [{ type, read: variadic ? chain(name) : (node: OnnxNode) => node.add(name, {}, pair(node)) }];
  if (name === 'add') forms.push({ type: 'Sum', read: chain('add') });
  return {
    name,
    summary,
    onnx: forms,
    outputShape: broadcastShape,
    stream: broadcastStream,
    nonNegative: (_layer, [a, b]) => truthValued.has(name) || (nonNegative?.(a!, b!) ?? (a! && b!)),
    evaluate: (layer, inputs, output) => fill(map, layer, inputs[0]!, inputs[1]!, output),
    lower: (layer) => ({
      kind: 'vector',
      operations: elementCount(layer.outputShape) * costOf(layer, operations),
      ...broadcastStreaming(layer),
    }),
  };
}

/** A square or cube is a product, a square root a root: no lane takes the general power for them. */
function costOf(layer: Layer, operations: number): number {
  const exponent = layer.inputs[1];
  if (layer.operator !== 'pow' || typeof exponent !== 'object' || exponent.data.length !== 1)
    return operations;
  const power = exponent.data[0]!;
  if (power === 0.5) return cost.squareRoot;
  return Number.isInteger(power) && power >= 1 && power <= 4 ? power - 1 : operations;
}

function fill(
  map: (a: number, b: number) => number,
  layer: Layer,
  a: NumberArray,
  b: NumberArray,
  output: NumberArray,
): void {
  const size = output.length;
  if (a.length === size && b.length === size) {
    for (let i = 0; i < size; i++) output[i] = map(a[i]!, b[i]!);
    return;
  }
  const shape = layer.outputShape;
  const rank = shape.length;
  const stridesA = broadcastStrides(layer.inputShapes[0]!, shape);
  const stridesB = broadcastStrides(layer.inputShapes[1]!, shape);
  const inner = rank === 0 ? 1 : shape[rank - 1]!;
  const stepA = stridesA[rank - 1] ?? 0;
  const stepB = stridesB[rank - 1] ?? 0;
  const coordinates: number[] = new Array(rank).fill(0);
  let fromA = 0;
  let fromB = 0;
  for (let at = 0; at < size; at += inner) {
    for (let i = 0; i < inner; i++) output[at + i] = map(a[fromA + i * stepA]!, b[fromB + i * stepB]!);
    for (let axis = rank - 2; axis >= 0; axis--) {
      fromA += stridesA[axis]!;
      fromB += stridesB[axis]!;
      if (++coordinates[axis]! < shape[axis]!) break;
      fromA -= stridesA[axis]! * shape[axis]!;
      fromB -= stridesB[axis]! * shape[axis]!;
      coordinates[axis] = 0;
    }
  }
}

function pair(node: OnnxNode): readonly OnnxValue[] {
  if (node.integer('fmod') === 1) throw node.fault('Mod with fmod = 1 is not supported');
  return [node.input(0), node.input(1)];
}

function chain(operator: string): (node: OnnxNode) => OnnxValue {
  return (node) => {
    let value = node.input(0);
    for (const operand of node.inputs.slice(1)) value = node.add(operator, {}, [value, operand]);
    return value;
  };
}

function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}
