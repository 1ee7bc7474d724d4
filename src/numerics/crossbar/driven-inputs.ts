import { Fault } from '../../base/fault.ts';
import { roundHalfEven } from '../../network/quantization.ts';
import { tailsRange } from './cells-of-weights.ts';
import type { CrossbarSettings } from './parameters.ts';

/** What word lines carry for one input vector. */
export interface DrivenInputs {
  /** The inputs as quantised, in full drives. */
  readonly values: Float64Array;
  /** Each slice, −1 … 1, lowest first, and what it counts. */
  readonly slices: readonly { readonly drive: Float64Array; readonly weight: number }[];
  /** Inputs are what they are multiplied by this. */
  readonly scale: number;
}

/**
 * Drivers: inputs scaled to full drives (signed: low … high onto a span of 2), clipped and rounded to the drivers'
 * codes, then cut into slices of their magnitude. Slice k of s bits carries digit / (2^s − 1), signed as the input,
 * and counts 2^(s k) (2^s − 1) / (2^m − 1), m the bits of the magnitude; the last slice may hold fewer bits.
 */
export function drivenInputs(input: ArrayLike<number>, { inputs }: CrossbarSettings): DrivenInputs {
  const { signed, bits, codes, sliceBits, percentile, headroom } = inputs;
  let [low, high] = [inputs.low, inputs.high];
  for (let i = 0; i < input.length; i++) {
    if (!Number.isFinite(input[i]!))
      throw new Fault(`input ${i} is ${input[i]}`, { cure: 'give finite numbers' });
  }
  if (percentile !== undefined) {
    high = headroom * rangeOfCall(input, percentile) || 1;
    low = signed ? -high : 0;
  }
  const scale = (signed ? 2 : 1) / (high - low);
  const values = Float64Array.from(input, (value) => value * scale);
  if (bits === 0) return { values, slices: [{ drive: values, weight: 1 }], scale };
  const [from, to] = codes === 'odd' ? [-1, 1] : [scale * low, scale * high];
  const steps = (codes === 'odd' ? 2 ** bits - 2 : 2 ** bits - 1) / (to - from);
  for (let i = 0; i < values.length; i++) {
    const clipped = Math.max(Math.min(values[i]!, to), from);
    values[i] = roundHalfEven((clipped - from) * steps) / steps + from;
  }
  if (sliceBits === 0) return { values, slices: [{ drive: values, weight: 1 }], scale };
  const magnitudeBits = signed ? bits - 1 : bits;
  const most = 2 ** magnitudeBits - 1;
  const digitMax = 2 ** sliceBits - 1;
  const integers = values.map((value) => roundHalfEven(Math.abs(value) * most));
  const slices = Array.from({ length: Math.ceil(magnitudeBits / sliceBits) }, (_, k) => {
    const place = 2 ** (sliceBits * k);
    const drive = integers.map((integer, i) => {
      return (Math.sign(values[i]!) * (Math.floor(integer / place) % 2 ** sliceBits)) / digitMax;
    });
    return { drive, weight: (place * digitMax) / most };
  });
  return { values, slices, scale };
}

/** A share of the largest magnitude; below 1 the percentile at both tails. */
function rangeOfCall(input: ArrayLike<number>, share: number): number {
  if (share < 1) return tailsRange(Float64Array.from(input), 100 * share);
  let largest = 0;
  for (let i = 0; i < input.length; i++) largest = Math.max(largest, Math.abs(input[i]!));
  return share * largest;
}
