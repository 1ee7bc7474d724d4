import { Fault } from '../../base/fault.ts';
import { elementCount, isShapeOnly } from '../../base/tensor.ts';
import { numberOf } from '../attributes.ts';
import { evaluateMvm } from '../mvm.ts';
import { type Attributes, isConstant, type Layer } from '../network.ts';
import type { OnnxConstant, OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { MvmLowering, Operator } from '../operator.ts';
import { realAxes, same, streaming } from '../stream.ts';

/**
 * alpha · op(A) · op(B) + beta · bias, one of the matrices constant; op transposes when `transA` (`transB`) is
 * 1. The bias has one element per column of the crossbar: per column of op(B) when B is constant, else per row
 * of op(A).
 */
export const gemm: Operator = {
  name: 'gemm',
  summary: 'matrix times constant matrix plus bias (a dense layer), with scaling and transposition',
  onnx: [{ type: 'Gemm', read }],
  outputShape,
  stream: (layer) => realAxes(layer.outputShape, [isConstant(layer.inputs[1]!) ? 0 : 1]),
  evaluate: (layer, inputs, output) => evaluateMvm(layer, lower, inputs, output),
  lower,
};

function outputShape(inputShapes: readonly (readonly number[])[], attributes: Attributes): readonly number[] {
  const [a, b] = inputShapes;
  if (a?.length !== 2 || b?.length !== 2) {
    throw new Fault(`gemm takes two matrices, got [${a?.join(', ')}] and [${b?.join(', ')}]`);
  }
  const [m, k] = numberOf(attributes, 'transA') === 0 ? a : [a[1]!, a[0]!];
  const [kept, n] = numberOf(attributes, 'transB') === 0 ? b : [b[1]!, b[0]!];
  if (k !== kept) throw new Fault(`gemm cannot multiply [${m}, ${k}] by [${kept}, ${n}]`);
  return [m!, n!];
}

function lower(layer: Layer): MvmLowering {
  const [a, b, c] = layer.inputs;
  const rightConstant = isConstant(b!);
  const constant = rightConstant ? b : a!;
  if (!isConstant(constant)) throw new Fault(`${layer.name}: gemm needs a constant matrix`);
  const alpha = numberOf(layer.attributes, 'alpha');
  const beta = numberOf(layer.attributes, 'beta');
  const transA = numberOf(layer.attributes, 'transA') !== 0;
  const transB = numberOf(layer.attributes, 'transB') !== 0;
  const [m, n] = [layer.outputShape[0]!, layer.outputShape[1]!];
  const k = layer.inputShapes[0]![transA ? 0 : 1]!;
  const [positions, columns] = rightConstant ? [m, n] : [n, m];
  // The activation's element of (position, row) stands at position · step + row · stride.
  const alongRows = rightConstant ? !transA : transB;
  const [step, stride] = alongRows ? [k, 1] : [1, positions];
  const columnsFirst = rightConstant ? transB : !transA;
  return {
    kind: 'mvm',
    activation: rightConstant ? 0 : 1,
    groups: 1,
    rows: k,
    columns,
    weights: scaled(columnsFirst ? constant.data : transposed(constant.data, k, columns), alpha),
    bias: c !== undefined && isConstant(c) ? scaled(c.data, beta) : undefined,
    padding: undefined,
    groupStride: 0,
    positionBase: Int32Array.from({ length: positions }, (_, position) => position * step),
    rowOffset: Int32Array.from({ length: k }, (_, row) => row * stride),
    outputLayout: rightConstant ? 'channelsLast' : 'channelsFirst',
    ...streaming(layer, gemm.stream(layer), () => {
      const walked = same(rightConstant ? 0 : 1);
      const firstAxis = rightConstant ? !transA : transB;
      return firstAxis ? [walked, 'all'] : ['all', walked];
    }),
  };
}

/** A [rows][columns] matrix as [columns][rows]. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  // Weights of which only the shape is known.
  if (matrix.length === 0) return matrix;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}

function read(node: OnnxNode): OnnxValue {
  const [a, b] = [node.input(0), node.input(1)];
  const attributes = {
    alpha: node.float('alpha') ?? 1,
    beta: node.float('beta') ?? 1,
    transA: node.integer('transA') ?? 0,
    transB: node.integer('transB') ?? 0,
  };
  const c = node.has(2) ? node.input(2) : undefined;
  if (typeof a === 'number' && typeof b === 'number') return decomposed(node, a, b, c, attributes);
  const shape = gemm.outputShape([node.shapeOf(a), node.shapeOf(b)], attributes);
  if (c === undefined) return node.add('gemm', attributes, [a, b]);
  const columns = typeof b === 'number' ? shape[0]! : shape[1]!;
  const bias = columnBias(node, c, shape, typeof b === 'number' ? 0 : 1, columns);
  if (bias !== undefined) return node.add('gemm', attributes, [a, b, bias]);
  const product = node.add('gemm', attributes, [a, b]);
  return node.add('add', {}, [product, scaledOperand(node, c, attributes.beta)]);
}

/** The bias as [columns], when it is constant and does not vary along the positions. */
function columnBias(
  node: OnnxNode,
  c: OnnxValue,
  shape: readonly number[],
  axis: number,
  columns: number,
): OnnxConstant | undefined {
  if (typeof c === 'number') return undefined;
  const dims = [...shape.map(() => 1).slice(c.dims.length), ...c.dims];
  const fits = dims.length === 2 && dims[1 - axis] === 1 && (dims[axis] === columns || dims[axis] === 1);
  if (!fits) return undefined;
  if (isShapeOnly(c)) return node.constant([columns], new Float32Array(0));
  const repeated = elementCount(c.dims) === 1;
  return node.constant(
    [columns],
    Float32Array.from({ length: columns }, (_, i) => c.data[repeated ? 0 : i]!),
  );
}

function decomposed(
  node: OnnxNode,
  a: OnnxValue,
  b: OnnxValue,
  c: OnnxValue | undefined,
  attributes: { alpha: number; beta: number; transA: number; transB: number },
): OnnxValue {
  const left = attributes.transA === 0 ? a : node.add('transpose', { perm: [1, 0] }, [a]);
  const right = attributes.transB === 0 ? b : node.add('transpose', { perm: [1, 0] }, [b]);
  const product = scaledOperand(node, node.add('matmul', {}, [left, right]), attributes.alpha);
  return c === undefined ? product : node.add('add', {}, [product, scaledOperand(node, c, attributes.beta)]);
}

function scaledOperand(node: OnnxNode, value: OnnxValue, factor: number): OnnxValue {
  return factor === 1 ? value : node.add('mul', {}, [value, node.constant([], Float32Array.of(factor))]);
}
