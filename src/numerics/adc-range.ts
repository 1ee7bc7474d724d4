import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { adcFigures } from '../hardware/converter-banks.ts';

/** The codes of a converter and the step between them, in level units (one cell one level up, input 1). */
export interface AdcRange {
  readonly low: number;
  readonly high: number;
  /** A float32 number, at least 1: an ideal partial sum is a whole number, finer steps say nothing. */
  readonly lsb: number;
  /** The current that code 0 stands for. */
  readonly zero: number;
}

/**
 * Codes of a converter: 0 … levels − 1 where partial sums cannot be negative, else symmetric about a code for
 * zero (mid-tread), ±(levels/2 − 1).
 */
export function adcCodes(
  spec: ArchitectureSpec,
  signed: boolean,
): { readonly low: number; readonly high: number } {
  const { levels } = adcFigures(spec.analogCore!.adcBank, spec.technology);
  const high = signed ? Math.ceil(levels / 2) - 1 : levels - 1;
  if (high < 1) {
    throw new Fault(`a converter of ${levels} levels cannot tell the sign of a partial sum`, {
      cure: 'set analogCore.adcBank.adc.bits to at least 2',
    });
  }
  return { low: signed ? -high : 0, high };
}

/** The range whose outermost code stands for `fullScale`. */
export function adcRange(
  codes: { readonly low: number; readonly high: number },
  fullScale: number,
): AdcRange {
  return { ...codes, lsb: Math.max(1, Math.fround(fullScale / codes.high)), zero: 0 };
}

/**
 * Counts of magnitudes of partial sums: one bin for each whole number up to 65,535, wider bins beyond. Counting is
 * exact and order-free, so that the parts of a calibration set may be counted anywhere and added.
 */
export interface MagnitudeCounts {
  readonly counts: Uint32Array;
  /** Whole numbers in a bin. */
  readonly width: number;
}

/** Empty counts for magnitudes up to `largest`. */
export function magnitudeCounts(largest: number): MagnitudeCounts {
  const width = Math.max(1, Math.ceil((largest + 1) / MAX_BINS));
  return { counts: new Uint32Array(Math.ceil((largest + 1) / width)), width };
}

/** The smallest magnitude that `percent` of those counted do not exceed (0 when none were counted). */
export function magnitudePercentile({ counts, width }: MagnitudeCounts, percent: number): number {
  let total = 0;
  for (const count of counts) total += count;
  let rest = Math.ceil((total * percent) / 100);
  for (let bin = 0; bin < counts.length; bin++) {
    rest -= counts[bin]!;
    if (rest <= 0) return (bin + 1) * width - 1;
  }
  return 0;
}

const MAX_BINS = 65536;
