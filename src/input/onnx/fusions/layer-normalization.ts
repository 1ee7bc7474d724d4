import { numberOf, numbersOf } from '../../../network/attributes.ts';
import { broadcastShape } from '../../../network/broadcast.ts';
import type { OnnxConstant, OnnxValue } from '../../../network/onnx-node.ts';
import type { Draft, DraftLayer } from '../draft.ts';
import { constantTensor, Pattern } from './pattern.ts';

/**
 * Turns a layer normalization that an exporter took apart back into one layer: (x − mean) over (or times the
 * reciprocal of) √(mean of squares + epsilon), and the form x·s + (shift − mean·s) that TensorFlow writes; then
 * takes in the scale and shift that follow.
 */
export function fuseLayerNormalization(draft: Draft, output: OnnxValue): void {
  const pattern = new Pattern(draft, output);
  for (const layer of draft.layers) {
    const found = normalised(pattern, layer) ?? affineForm(pattern, layer);
    if (found !== undefined && fits(draft, found, layer)) become(draft, layer, found);
  }
  for (const layer of draft.layers) takeIn(pattern, layer);
}

interface Normalisation {
  readonly x: OnnxValue;
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly scale?: OnnxConstant | undefined;
  readonly shift?: OnnxConstant | undefined;
}

/** d / √(…) or d · (1/√(…)) [· scale], with d = x − mean. */
function normalised(pattern: Pattern, layer: DraftLayer): Normalisation | undefined {
  if (layer.operator === 'div') {
    const found = deviation(pattern, layer.inputs[1]!);
    return found !== undefined && found.difference === layer.inputs[0] ? found : undefined;
  }
  if (layer.operator !== 'mul') return undefined;
  for (const [difference, factor] of pattern.bothOrders(layer)) {
    const found = reciprocalDeviation(pattern, factor);
    if (found?.difference === difference) return found;
  }
  return undefined;
}

/** x · s + (shift − mean · s), with s = (1/√(…)) [· scale]. */
function affineForm(pattern: Pattern, layer: DraftLayer): Normalisation | undefined {
  if (layer.operator !== 'add') return undefined;
  for (const [scaled, offset] of pattern.bothOrders(layer)) {
    const product = pattern.by('mul', scaled);
    const rest = pattern.by('sub', offset);
    const centre = pattern.by('mul', rest?.inputs[1]);
    if (product === undefined || rest === undefined || centre === undefined) continue;
    const shift = rest.inputs[0]!;
    if (typeof shift === 'number') continue;
    for (const [x, factor] of pattern.bothOrders(product)) {
      const found = reciprocalDeviation(pattern, factor);
      if (found === undefined || found.x !== x) continue;
      const matches = pattern
        .bothOrders(centre)
        .some(([mean, same]) => mean === found.mean && same === factor);
      if (matches) return { ...found, shift };
    }
  }
  return undefined;
}

interface Deviation extends Normalisation {
  readonly mean: OnnxValue;
  readonly difference: OnnxValue;
}

/** 1/√(…), alone or times a constant scale. */
function reciprocalDeviation(pattern: Pattern, value: OnnxValue): Deviation | undefined {
  const reciprocal = pattern.by('reciprocal', value);
  if (reciprocal !== undefined) return deviation(pattern, reciprocal.inputs[0]!);
  const inverse = pattern.by('div', value);
  if (inverse !== undefined && pattern.number(inverse.inputs[0]) === 1)
    return deviation(pattern, inverse.inputs[1]!);
  const power = pattern.by('pow', value);
  if (power !== undefined && pattern.number(power.inputs[1]) === -0.5)
    return variance(pattern, power.inputs[0]!);
  const product = pattern.by('mul', value);
  for (const [factor, scale] of product === undefined ? [] : pattern.bothOrders(product)) {
    if (typeof scale === 'number' || pattern.by('mul', factor) !== undefined) continue;
    const found = reciprocalDeviation(pattern, factor);
    if (found !== undefined) return { ...found, scale };
  }
  return undefined;
}

/** √(variance + epsilon) */
function deviation(pattern: Pattern, value: OnnxValue): Deviation | undefined {
  const root = pattern.by('sqrt', value);
  if (root !== undefined) return variance(pattern, root.inputs[0]!);
  const power = pattern.by('pow', value);
  return power !== undefined && pattern.number(power.inputs[1]) === 0.5
    ? variance(pattern, power.inputs[0]!)
    : undefined;
}

/** mean((x − mean(x))²) + epsilon */
function variance(pattern: Pattern, value: OnnxValue): Deviation | undefined {
  const [spread, epsilon] = pattern.plusNumber(value) ?? [];
  const outer = pattern.by('reduce-mean', spread);
  const difference = pattern.squareRootOf(outer?.inputs[0]);
  const subtraction = pattern.by('sub', difference);
  if (epsilon === undefined || outer === undefined || difference === undefined || subtraction === undefined) {
    return undefined;
  }
  const [x, mean] = [subtraction.inputs[0]!, subtraction.inputs[1]!];
  const inner = pattern.by('reduce-mean', mean);
  if (inner === undefined || inner.inputs[0] !== x) return undefined;
  const axes = numbersOf(outer.attributes, 'axes');
  const alike = axes.join() === numbersOf(inner.attributes, 'axes').join();
  const kept = numberOf(outer.attributes, 'keepDims') !== 0 && numberOf(inner.attributes, 'keepDims') !== 0;
  return alike && kept ? { x, axes, epsilon, mean, difference } : undefined;
}

/** Whether the axes are the last ones and the constants do not enlarge the result. */
function fits(draft: Draft, found: Normalisation, layer: DraftLayer): boolean {
  const shape = draft.shapeOf(found.x);
  const trailing = found.axes.every((axis, i) => axis === shape.length - found.axes.length + i);
  return (
    trailing &&
    found.epsilon > 0 &&
    shape.join() === layer.shape.join() &&
    [found.scale, found.shift].every((constant) => constant === undefined || within(constant, shape))
  );
}

function become(draft: Draft, layer: DraftLayer, found: Normalisation): void {
  const { x, axes, epsilon, shift } = found;
  const axis = axes[0]!;
  const scale = found.scale ?? (shift === undefined ? undefined : ones(draft.shapeOf(x).at(-1)!));
  layer.operator = 'layer-normalization';
  layer.attributes = { axis, epsilon };
  layer.inputs = [x, ...[scale, shift].filter((constant) => constant !== undefined)];
}

/** A product (then a sum) with a constant behind a normalization joins it, when nothing else uses the value. */
function takeIn(pattern: Pattern, layer: DraftLayer): void {
  if (layer.operator !== 'mul' && layer.operator !== 'add') return;
  for (const [value, constant] of pattern.bothOrders(layer)) {
    const before = pattern.by('layer-normalization', value);
    if (before === undefined || typeof constant === 'number' || !pattern.usedOnce(value)) continue;
    if (!within(constant, before.shape)) continue;
    const [x, scale, shift] = before.inputs;
    if (shift !== undefined || (layer.operator === 'mul' && scale !== undefined)) continue;
    layer.inputs =
      layer.operator === 'mul' ? [x!, constant] : [x!, scale ?? ones(before.shape.at(-1)!), constant];
    layer.attributes = before.attributes;
    layer.name = before.name;
    layer.operator = 'layer-normalization';
    return;
  }
}

function within(constant: OnnxConstant, shape: readonly number[]): boolean {
  try {
    return broadcastShape([constant.dims, shape]).join() === shape.join();
  } catch {
    return false;
  }
}

function ones(length: number): OnnxConstant {
  return constantTensor([length], new Float32Array(length).fill(1));
}
