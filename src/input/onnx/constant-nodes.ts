import type { OnnxForm, OnnxNode, OnnxValue } from '../../network/onnx-node.ts';

/** ONNX nodes that never become a layer, because their result is known at import: shapes and constants. */
export const constantForms: readonly OnnxForm[] = [
  { type: 'Constant', read: readConstant },
  { type: 'ConstantOfShape', read: readConstantOfShape },
  { type: 'Shape', read: readShape },
  { type: 'Size', read: (node) => whole([], [elements(node.shapeOf(node.input(0)))]) },
  { type: 'Range', read: readRange },
];

/** Longest list of constants made from nothing; larger ones are not shape arithmetic. */
const MAX_MADE = 2 ** 22;

function readConstant(node: OnnxNode): OnnxValue {
  const tensor = node.tensor('value');
  if (tensor !== undefined) return tensor;
  const float = node.float('value_float');
  if (float !== undefined) return node.constant([], Float32Array.of(float));
  const floats = node.floats('value_floats');
  if (floats !== undefined) return node.constant([floats.length], Float32Array.from(floats));
  const integer = node.integer('value_int');
  if (integer !== undefined) return whole([], [integer]);
  const integers = node.integers('value_ints');
  if (integers !== undefined) return whole([integers.length], integers);
  throw node.fault('holds no number or tensor');
}

function readConstantOfShape(node: OnnxNode): OnnxValue {
  const shape = node.numbers(0);
  const count = elements(shape);
  if (!(count >= 0 && count <= MAX_MADE))
    throw node.fault(`a constant of ${shape.join('×')} elements cannot be made`);
  const value = node.tensor('value');
  const filled = value?.integer ? new Float64Array(count) : new Float32Array(count);
  return node.constant(shape, filled.fill(value?.data[0] ?? 0));
}

function readShape(node: OnnxNode): OnnxValue {
  const shape = node.shapeOf(node.input(0));
  const part = shape.slice(node.integer('start') ?? 0, node.integer('end') ?? shape.length);
  return whole([part.length], part);
}

function readRange(node: OnnxNode): OnnxValue {
  const [start, limit, delta] = [0, 1, 2].map((slot) => node.numbers(slot)[0] ?? NaN);
  const count = Math.max(0, Math.ceil((limit! - start!) / delta!));
  if (!(count <= MAX_MADE)) throw node.fault(`a range of ${count} elements is too large`);
  const values = Array.from({ length: count }, (_, i) => start! + i * delta!);
  const first = node.input(0);
  const integer = typeof first !== 'number' && first.integer;
  return integer ? whole([count], values) : node.constant([count], Float32Array.from(values));
}

function whole(dims: readonly number[], values: readonly number[]): OnnxValue {
  return { dims, data: Float64Array.from(values), integer: true };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
