import type { OnnxConstant, OnnxValue } from '../../../network/onnx-node.ts';
import type { Draft, DraftLayer } from '../draft.ts';

/** Questions that the fusions ask of a draft: who computes a value, who uses it, is it a known number. */
export class Pattern {
  readonly #draft: Draft;
  readonly #uses: readonly number[];

  /** Counts the uses at this moment; `output` counts as one. */
  constructor(draft: Draft, output: OnnxValue) {
    const uses = draft.layers.map(() => 0);
    const reached = reachable(draft, output);
    draft.layers.forEach((layer, index) => {
      if (!reached[index]) return;
      for (const value of layer.inputs) if (typeof value === 'number' && value >= 0) uses[value]! += 1;
    });
    if (typeof output === 'number' && output >= 0) uses[output]! += 1;
    this.#draft = draft;
    this.#uses = uses;
  }

  /** The layer that computes the value by that operator, if one does. */
  by(operator: string, value: OnnxValue | undefined): DraftLayer | undefined {
    if (typeof value !== 'number' || value < 0) return undefined;
    const layer = this.#draft.layers[value]!;
    return layer.operator === operator ? layer : undefined;
  }

  /** Whether exactly one layer uses the value. */
  usedOnce(value: OnnxValue): boolean {
    return typeof value === 'number' && value >= 0 && this.#uses[value] === 1;
  }

  /** The number that a constant of one element holds. */
  number(value: OnnxValue | undefined): number | undefined {
    return typeof value === 'object' && value.data.length === 1 ? value.data[0] : undefined;
  }

  /** The operands of a commutative layer in both orders. */
  bothOrders(layer: DraftLayer): readonly (readonly [OnnxValue, OnnxValue])[] {
    const [a, b] = layer.inputs;
    return [
      [a!, b!],
      [b!, a!],
    ];
  }

  /** A sum with a constant of one element: the other operand and the number. */
  plusNumber(value: OnnxValue | undefined): readonly [OnnxValue, number] | undefined {
    const sum = this.by('add', value);
    for (const [term, constant] of sum === undefined ? [] : this.bothOrders(sum)) {
      const number = this.number(constant);
      if (number !== undefined && typeof term === 'number') return [term, number];
    }
    return undefined;
  }

  /** The square of a value, as a power or a product with itself: the value. */
  squareRootOf(value: OnnxValue | undefined): OnnxValue | undefined {
    const power = this.by('pow', value);
    if (power !== undefined && this.number(power.inputs[1]) === 2) return power.inputs[0];
    const product = this.by('mul', value);
    return product !== undefined && product.inputs[0] === product.inputs[1] ? product.inputs[0] : undefined;
  }

  /**
   * The factors of a nested product, constants of one element multiplied into one number. Quotients by such
   * constants count as products.
   */
  factors(value: OnnxValue): { readonly number: number; readonly rest: readonly OnnxValue[] } {
    const rest: OnnxValue[] = [];
    let number = 1;
    const open: OnnxValue[] = [value];
    for (let steps = 0; open.length > 0; steps++) {
      const next = open.pop()!;
      const constant = this.number(next);
      const product = steps < MAX_FACTORS ? this.by('mul', next) : undefined;
      const quotient = this.by('div', next);
      const divisor = quotient === undefined ? undefined : this.number(quotient.inputs[1]);
      if (constant !== undefined) number *= constant;
      else if (product !== undefined) open.push(...product.inputs);
      else if (divisor !== undefined && steps < MAX_FACTORS) {
        number /= divisor;
        open.push(quotient!.inputs[0]!);
      } else rest.push(next);
    }
    return { number, rest };
  }
}

/** Nested products are followed this far; x·x·x inside a GELU takes 5 steps. */
const MAX_FACTORS = 16;

/** Which layers the output depends on. */
export function reachable(draft: Draft, output: OnnxValue): readonly boolean[] {
  const reached = draft.layers.map(() => false);
  if (typeof output === 'number' && output >= 0) reached[output] = true;
  // Operands come before their users, so one pass from the end suffices.
  for (let index = reached.length - 1; index >= 0; index--) {
    if (!reached[index]) continue;
    for (const value of draft.layers[index]!.inputs) {
      if (typeof value === 'number' && value >= 0) reached[value] = true;
    }
  }
  return reached;
}

/** A constant made by a fusion. */
export function constantTensor(dims: readonly number[], data: Float32Array): OnnxConstant {
  return { dims, data, integer: false };
}
