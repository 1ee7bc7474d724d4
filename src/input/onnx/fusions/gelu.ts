import type { OnnxValue } from '../../../network/onnx-node.ts';
import type { Draft } from '../draft.ts';
import { Pattern } from './pattern.ts';

/**
 * Turns the products that exporters write for GELU back into one layer: x · ½ · (1 + erf(x / √2)), and
 * x · ½ · (1 + tanh(√(2/π) · (x + 0.044715 x³))), factors in any order and nesting.
 */
export function fuseGelu(draft: Draft, output: OnnxValue): void {
  const pattern = new Pattern(draft, output);
  draft.layers.forEach((layer, index) => {
    if (layer.operator !== 'mul' && layer.operator !== 'div') return;
    const { number, rest } = pattern.factors(index);
    if (rest.length !== 2 || !near(number, 0.5)) return;
    for (const [x, gate] of [rest, [rest[1], rest[0]]]) {
      const approximate = gateOf(pattern, x!, gate!);
      if (approximate === undefined || draft.shapeOf(x!).join() !== layer.shape.join()) continue;
      layer.operator = 'gelu';
      layer.attributes = { approximate };
      layer.inputs = [x!];
      return;
    }
  });
}

/** Which GELU the value 1 + f(x) belongs to, if any. */
function gateOf(pattern: Pattern, x: OnnxValue, gate: OnnxValue): 'none' | 'tanh' | undefined {
  const [inner, one] = pattern.plusNumber(gate) ?? [];
  if (one !== 1) return undefined;
  const error = pattern.by('erf', inner);
  if (error !== undefined) {
    const { number, rest } = pattern.factors(error.inputs[0]!);
    return near(number, Math.SQRT1_2) && rest.length === 1 && rest[0] === x ? 'none' : undefined;
  }
  const tangent = pattern.by('tanh', inner);
  if (tangent === undefined) return undefined;
  const { number, rest } = pattern.factors(tangent.inputs[0]!);
  if (!near(number, Math.sqrt(2 / Math.PI))) return undefined;
  const cubic = rest.length === 1 ? isCubic(pattern, rest[0]!, x) : isScaledQuadratic(pattern, rest, x);
  return cubic ? 'tanh' : undefined;
}

/** x + 0.044715 x³ */
function isCubic(pattern: Pattern, value: OnnxValue, x: OnnxValue): boolean {
  const sum = pattern.by('add', value);
  if (sum === undefined) return false;
  return pattern.bothOrders(sum).some(([linear, cubic]) => linear === x && isPower(pattern, cubic, x, 3));
}

/** x · (1 + 0.044715 x²) */
function isScaledQuadratic(pattern: Pattern, factors: readonly OnnxValue[], x: OnnxValue): boolean {
  if (factors.length !== 2 || !factors.includes(x)) return false;
  const [quadratic, one] = pattern.plusNumber(factors[0] === x ? factors[1] : factors[0]) ?? [];
  return one === 1 && quadratic !== undefined && isPower(pattern, quadratic, x, 2);
}

/** 0.044715 · x^degree, the power written out as a product or not. */
function isPower(pattern: Pattern, value: OnnxValue, x: OnnxValue, degree: number): boolean {
  const { number, rest } = pattern.factors(value);
  let found = 0;
  for (const factor of rest) {
    const power = pattern.by('pow', factor);
    if (factor === x) found += 1;
    else if (power !== undefined && power.inputs[0] === x) found += pattern.number(power.inputs[1]) ?? NaN;
    else return false;
  }
  return found === degree && near(number, 0.044715);
}

/** Equal but for the rounding of constants to float32 or to a few printed digits. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-4 * Math.abs(b);
}
