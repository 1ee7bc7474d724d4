import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { broadcastShape } from '../broadcast.ts';
import { evaluateMvm } from '../mvm.ts';
import { isConstant, type Layer } from '../network.ts';
import type { MvmLowering, NumberArray, Operator, ProductLowering } from '../operator.ts';
import { type AxisNeed, realAxes, same, streaming } from '../stream.ts';
import { transposed } from './gemm.ts';

/**
 * Matrix product over the last two axes, the leading ones broadcasting. With one constant [K,N] (or [M,K])
 * matrix it is an MVM per row (or column) of the other and takes an optional bias, one element per column of
 * the crossbar; of two activations it is a product for a digital core, as it is for a batch of constant
 * matrices.
 */
export const matmul: Operator = {
  name: 'matmul',
  summary: 'matrix product: of an activation with constant weights, or of two activations (attention)',
  onnx: [{ type: 'MatMul', read: (node) => node.add('matmul', {}, node.inputs) }],
  outputShape,
  stream(layer) {
    const rank = layer.outputShape.length;
    const axes = layer.outputShape.map((_, axis) => axis);
    const view = viewOf(layer);
    if (view === 'right') {
      const vectors = vectorLeft(layer) ? [] : axes.slice(0, vectorRight(layer) ? rank : -1);
      return realAxes(layer.outputShape, vectors);
    }
    if (view === 'left') return realAxes(layer.outputShape, vectorRight(layer) ? [] : [rank - 1]);
    return realAxes(layer.outputShape, vectorLeft(layer) ? [] : [vectorRight(layer) ? rank - 1 : rank - 2]);
  },
  evaluate(layer, inputs, output) {
    if (viewOf(layer) === 'product') multiply(productOf(layer), inputs[0]!, inputs[1]!, output);
    else evaluateMvm(layer, mvmOf, inputs, output);
  },
  lower: (layer) => (viewOf(layer) === 'product' ? productOf(layer) : mvmOf(layer)),
};

function outputShape(inputShapes: readonly (readonly number[])[]): readonly number[] {
  const [a, b] = inputShapes;
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) {
    throw new Fault('matmul needs two operands of at least one dimension');
  }
  const [left, right] = matrices(a, b);
  const k = left.at(-1)!;
  if (k !== right.at(-2)) throw new Fault(`matmul cannot multiply [${a.join(', ')}] by [${b.join(', ')}]`);
  const batch = broadcastShape([left.slice(0, -2), right.slice(0, -2)]);
  return [...batch, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])];
}

/** Which operand is a constant matrix that hardware can hold, or `product` when none is. */
function viewOf(layer: Layer): 'left' | 'right' | 'product' {
  const [a, b] = matrices(layer.inputShapes[0]!, layer.inputShapes[1]!);
  if (isConstant(layer.inputs[1]!) && elementCount(b.slice(0, -2)) === 1) return 'right';
  if (
    isConstant(layer.inputs[0]!) &&
    elementCount(a.slice(0, -2)) === 1 &&
    elementCount(b.slice(0, -2)) === 1
  ) {
    return 'left';
  }
  return 'product';
}

function mvmOf(layer: Layer): MvmLowering {
  const [a, b] = matrices(layer.inputShapes[0]!, layer.inputShapes[1]!);
  const rightConstant = viewOf(layer) === 'right';
  const constant = layer.inputs[rightConstant ? 1 : 0]!;
  const bias = layer.inputs[2];
  if (!isConstant(constant)) throw new Error(`${layer.name} has no constant matrix`);
  const k = a.at(-1)!;
  const columns = rightConstant ? b.at(-1)! : a.at(-2)!;
  const positions = rightConstant ? elementCount(a.slice(0, -1)) : b.at(-1)!;
  const [step, stride] = rightConstant ? [k, 1] : [1, positions];
  return {
    kind: 'mvm',
    activation: rightConstant ? 0 : 1,
    groups: 1,
    rows: k,
    columns,
    weights: rightConstant ? transposed(constant.data, k, columns) : constant.data,
    bias: bias !== undefined && isConstant(bias) ? bias.data : undefined,
    padding: undefined,
    groupStride: 0,
    positionBase: Int32Array.from({ length: positions }, (_, position) => position * step),
    rowOffset: Int32Array.from({ length: k }, (_, row) => row * stride),
    outputLayout: rightConstant ? 'channelsLast' : 'channelsFirst',
    ...streaming(layer, matmul.stream(layer), (input) => needsOf(layer, input)),
  };
}

function productOf(layer: Layer): ProductLowering {
  const [a, b] = matrices(layer.inputShapes[0]!, layer.inputShapes[1]!);
  const [m, k, n] = [a.at(-2)!, a.at(-1)!, b.at(-1)!];
  const batchShape = broadcastShape([a.slice(0, -2), b.slice(0, -2)]);
  return {
    kind: 'product',
    batch: elementCount(batchShape),
    m,
    k,
    n,
    leftBase: matrixOffsets(a.slice(0, -2), batchShape, m * k),
    rightBase: matrixOffsets(b.slice(0, -2), batchShape, k * n),
    ...streaming(layer, matmul.stream(layer), (input) => needsOf(layer, input)),
  };
}

function needsOf(layer: Layer, input: number): readonly AxisNeed[] {
  const rank = layer.outputShape.length;
  const shape = layer.inputShapes[input]!;
  const matrixAxes = (vectorLeft(layer) ? 0 : 1) + (vectorRight(layer) ? 0 : 1);
  const batchAxes = rank - matrixAxes;
  const own = Math.max(0, shape.length - 2);
  const batch = Array.from({ length: own }, (_, axis) => same(batchAxes - own + axis));
  if (shape.length === 1) return ['all'];
  const rowAxis = batchAxes;
  return input === 0 ? [...batch, same(rowAxis), 'all'] : [...batch, 'all', same(rank - 1)];
}

function multiply(
  product: ProductLowering,
  left: NumberArray,
  right: NumberArray,
  output: NumberArray,
): void {
  const { batch, m, k, n, leftBase, rightBase } = product;
  for (let i = 0, to = 0; i < batch; i++) {
    for (let row = 0; row < m; row++) {
      const from = leftBase[i]! + row * k;
      for (let column = 0; column < n; column++, to++) {
        let sum = 0;
        for (let x = 0, at = rightBase[i]! + column; x < k; x++, at += n) sum += left[from + x]! * right[at]!;
        output[to] = sum;
      }
    }
  }
}

function matrixOffsets(shape: readonly number[], batchShape: readonly number[], size: number): Int32Array {
  const shift = batchShape.length - shape.length;
  return Int32Array.from({ length: elementCount(batchShape) }, (_, index) => {
    let [rest, stride, offset] = [index, 1, 0];
    for (let axis = batchShape.length - 1; axis >= shift; axis--) {
      const coordinate = rest % batchShape[axis]!;
      const dim = shape[axis - shift]!;
      if (dim > 1) offset += coordinate * stride;
      stride *= dim;
      rest = Math.floor(rest / batchShape[axis]!);
    }
    return offset * size;
  });
}

/** Both operands as matrices: a vector on the left is a row, on the right a column. */
function matrices(a: readonly number[], b: readonly number[]): [readonly number[], readonly number[]] {
  return [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
}

function vectorLeft(layer: Layer): boolean {
  return layer.inputShapes[0]!.length === 1;
}

function vectorRight(layer: Layer): boolean {
  return layer.inputShapes[1]!.length === 1;
}
