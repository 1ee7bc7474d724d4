import { elementCount, isShapeOnly } from '../../../base/tensor.ts';
import { numberOf } from '../../../network/attributes.ts';
import type { OnnxConstant, OnnxValue } from '../../../network/onnx-node.ts';
import type { Draft, DraftLayer } from '../draft.ts';
import { constantTensor, Pattern } from './pattern.ts';

/**
 * Folds what follows a layer with constant weights and scales or shifts its columns by constants into its
 * weights and bias: batch normalization, the bias of a MatMul, a scalar factor. Only where nothing else uses
 * the value in between.
 */
export function foldAffine(draft: Draft, output: OnnxValue): void {
  const pattern = new Pattern(draft, output);
  for (const layer of draft.layers) {
    for (const [position, value] of layer.inputs.entries()) {
      const weighted = weightedLayer(pattern, value);
      if (weighted === undefined || !pattern.usedOnce(value)) continue;
      if (weighted.shape.join() !== layer.shape.join()) continue;
      const column = columnsOf(weighted);
      const affine = column === undefined ? undefined : affineOf(layer, position, column);
      if (column === undefined || affine === undefined || !draft.affords(weightCount(weighted))) continue;
      Object.assign(layer, folded(weighted, column, affine));
      break;
    }
  }
}

/** The columns of a layer's matrix: how many, and along which output axis they lie. */
interface Columns {
  readonly count: number;
  readonly axis: number;
  readonly rank: number;
}

/** y = scale[column] · x + shift[column]. */
interface Affine {
  /** Whether the numbers are; else only that it is so. */
  readonly known: boolean;
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

function weightedLayer(pattern: Pattern, value: OnnxValue): DraftLayer | undefined {
  return pattern.by('conv', value) ?? pattern.by('gemm', value) ?? pattern.by('matmul', value);
}

function columnsOf(layer: DraftLayer): Columns | undefined {
  const rank = layer.shape.length;
  const [first, second, bias] = layer.inputs;
  if (typeof bias === 'number') return undefined;
  if (layer.operator === 'conv') return { count: layer.shape[1]!, axis: 1, rank };
  // A matrix on the right has its columns along the last axis, one on the left along the axis before.
  if (typeof second === 'object' && second.dims.length === 2) {
    return { count: layer.shape[rank - 1]!, axis: rank - 1, rank };
  }
  if (typeof first === 'object' && first.dims.length === 2 && layer.operator === 'gemm') {
    return { count: layer.shape[0]!, axis: 0, rank };
  }
  return undefined;
}

function weightCount(layer: DraftLayer): number {
  return layer.inputs.reduce<number>(
    (sum, value) => sum + (typeof value === 'object' ? value.data.length : 0),
    0,
  );
}

/** The layer as scale and shift of the operand at `position`, when that is what it is. */
function affineOf(layer: DraftLayer, position: number, columns: Columns): Affine | undefined {
  const { count, axis, rank } = columns;
  const scale = new Float64Array(count).fill(1);
  const shift = new Float64Array(count);
  let known = true;
  const set = (target: Float64Array, constant: OnnxConstant, map: (value: number) => number): boolean => {
    if (isShapeOnly(constant)) known = false;
    const values = perColumn(constant, axis, rank, count);
    values?.forEach((value, column) => {
      target[column] = map(value);
    });
    return values !== undefined;
  };
  if (layer.operator === 'batch-normalization') {
    const [, factors, offsets] = layer.inputs;
    if (axis !== 1 || typeof factors !== 'object' || typeof offsets !== 'object') return undefined;
    scale.set(factors.data);
    shift.set(offsets.data);
    return { known: !isShapeOnly(factors) && !isShapeOnly(offsets), scale, shift };
  }
  const other = layer.inputs[1 - position];
  if (layer.inputs.length !== 2 || typeof other !== 'object') return undefined;
  const first = position === 0;
  switch (layer.operator) {
    case 'add':
      return set(shift, other, (value) => value) ? { known, scale, shift } : undefined;
    case 'sub':
      if (!first) scale.fill(-1);
      return set(shift, other, (value) => (first ? -value : value)) ? { known, scale, shift } : undefined;
    case 'mul':
      return set(scale, other, (value) => value) ? { known, scale, shift } : undefined;
    case 'div':
      return first && set(scale, other, (value) => 1 / value) ? { known, scale, shift } : undefined;
    default:
      return undefined;
  }
}

/** A constant that varies along the column axis only, as one value per column (zeros where only its shape is known). */
function perColumn(
  constant: OnnxConstant,
  axis: number,
  rank: number,
  count: number,
): Float64Array | undefined {
  const { dims, data } = constant;
  const own = axis - (rank - dims.length);
  if (dims.some((dim, i) => dim !== 1 && i !== own)) return undefined;
  const elements = elementCount(dims);
  if (isShapeOnly(constant))
    return elements === 1 || elements === count ? new Float64Array(count) : undefined;
  if (data.length === 1) return new Float64Array(count).fill(data[0]!);
  return data.length === count ? Float64Array.from(data) : undefined;
}

function folded(layer: DraftLayer, columns: Columns, affine: Affine): Partial<DraftLayer> {
  const { operator, name, attributes } = layer;
  const rightMatrix = typeof layer.inputs[1] === 'object';
  const weights = (rightMatrix ? layer.inputs[1] : layer.inputs[0]) as OnnxConstant;
  const old = layer.inputs[2];
  const known = affine.known && !isShapeOnly(weights) && !(typeof old === 'object' && isShapeOnly(old));
  const scaled = known
    ? constantTensor(weights.dims, scaledWeights(layer, weights, columns.count, affine.scale))
    : constantTensor(weights.dims, NONE);
  const bias = known ? biasOf(layer, columns.count, affine) : constantTensor([columns.count], NONE);
  const inputs = rightMatrix ? [layer.inputs[0]!, scaled, bias] : [scaled, layer.inputs[1]!, bias];
  // The old bias, already times beta, is part of the new one.
  return {
    operator,
    name,
    inputs,
    attributes: operator === 'gemm' ? { ...attributes, beta: 1 } : attributes,
  };
}

const NONE = new Float32Array(0);

function scaledWeights(
  layer: DraftLayer,
  weights: OnnxConstant,
  columns: number,
  scale: Float64Array,
): Float32Array {
  const size = weights.data.length / columns;
  const transposes = (name: string) => layer.operator === 'gemm' && numberOf(layer.attributes, name) !== 0;
  const left = typeof layer.inputs[0] === 'object';
  // Convolution kernels, a transposed right matrix and a left one hold the weights of a column side by side.
  const columnsFirst = layer.operator === 'conv' || (left ? !transposes('transA') : transposes('transB'));
  return Float32Array.from(weights.data, (weight, i) => {
    return weight * scale[columnsFirst ? Math.floor(i / size) : i % columns]!;
  });
}

function biasOf(layer: DraftLayer, columns: number, { scale, shift }: Affine): OnnxConstant {
  const old = layer.inputs[2];
  const beta = layer.operator === 'gemm' ? numberOf(layer.attributes, 'beta') : 1;
  const values = Float32Array.from(shift, (offset, column) => {
    const value = typeof old === 'object' ? old.data[column]! * beta : 0;
    return value * scale[column]! + offset;
  });
  return constantTensor([columns], values);
}
