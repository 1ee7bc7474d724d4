import { Fault } from '../base/fault.ts';
import type { AdcBehaviour } from '../hardware/adc/adc.ts';

/** The codes of a converter and the currents they stand for, in level units (one cell one level up, input digit 1). */
export interface AdcRange {
  readonly low: number;
  readonly high: number;
  /** Step between codes, a float32 number. */
  readonly lsb: number;
  /** The current that code 0 stands for. */
  readonly zero: number;
}

/**
 * Codes of a converter of symmetric or one-sided range: 0 … levels − 1 where partial sums cannot be negative, else
 * symmetric about a code for zero (mid-tread), ±(levels/2 − 1).
 */
export function adcCodes(
  { levels }: Pick<AdcBehaviour, 'levels'>,
  signed: boolean,
): { readonly low: number; readonly high: number } {
  const high = signed ? Math.ceil(levels / 2) - 1 : levels - 1;
  if (high < 1 && levels > 0) {
    throw new Fault(`a converter of ${levels} levels cannot tell the sign of a partial sum`, {
      cure: 'set analogCore.adcBank.adc.bits to at least 2',
    });
  }
  return { low: signed ? -high : 0, high };
}

/**
 * The range from `low` to `high`. Ideal steps: the outermost codes stand for the limits; symmetric limits take an odd
 * number of codes, so that one stands for 0, and so do limits that are symmetric but for less than a step. Circuit
 * models: codes stand for the middles of `levels` steps. `finest` bounds the step from below: sums that are whole
 * numbers gain nothing from less than 1.
 */
export function adcRange(
  adc: Pick<AdcBehaviour, 'levels' | 'grid'>,
  low: number,
  high: number,
  finest = 0,
): AdcRange {
  const { levels, grid } = adc;
  const step = (width: number, steps: number) => Math.max(finest, Math.fround(width / steps)) || 1;
  if (grid === 'centres') {
    const lsb = step(high - low, levels);
    const middle = (low + high) / 2;
    return { low: 0, high: levels - 1, lsb, zero: middle - ((levels - 1) / 2) * lsb };
  }
  const symmetric = low < 0 && Math.abs(low + high) / 2 < (high - low) / levels;
  if (symmetric) {
    const codes = adcCodes(adc, true);
    return { ...codes, lsb: step(Math.max(high, -low), codes.high), zero: 0 };
  }
  return { low: 0, high: levels - 1, lsb: step(high - low, levels - 1), zero: low };
}

/** A full scale as limits: of both signs where sums have both. */
export function limits(fullScale: number, signed: boolean): readonly [number, number] {
  return [signed ? -fullScale : 0, fullScale];
}
