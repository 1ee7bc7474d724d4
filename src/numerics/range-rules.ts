import type { AdcBankSpec } from '../hardware/converter-banks.ts';
import { adcBehaviour } from '../hardware/converter-banks.ts';
import type { AdcRange } from './adc-range.ts';
import { adcRange, limits } from './adc-range.ts';
import type { AnalogFormat } from './analog-format.ts';
import { largestDigit } from './input-rounds.ts';
import { magnitudePercentile, type SumCounts, sumPercentile } from './sum-counts.ts';

/** Sums that are whole numbers gain nothing from finer steps. */
function finestStep(format: AnalogFormat): number {
  return format.exact && format.adc.grid === 'endpoints' ? 1 : 0;
}

/** Whether ranges follow from the encoding alone, without looking at partial sums. */
export function isFixed(bank: AdcBankSpec): boolean {
  return bank.range !== 'calibrated' || adcBehaviour(bank).levels === 0;
}

/** Ranges of each weight slice that need no calibration: the largest possible sum, a level a step, or what is given. */
export function fixedRanges(bank: AdcBankSpec, format: AnalogFormat, rows: number): readonly AdcRange[] {
  const { adc, weights, units, rounds, signedSums } = format;
  if (adc.levels === 0) return [];
  const worst = worstCase(format, rows);
  return weights.map((_, slice) => {
    if (bank.range === 'given') {
      const [low, high] = bank.limits![bank.limits!.length === 1 ? 0 : slice]!;
      // From currents of a cell fully on, at full drive, to level units.
      const unit = units[slice]! * largestDigit(rounds);
      return adcRange(adc, low * unit, high * unit);
    }
    const codes = signedSums ? Math.ceil(adc.levels / 2) - 1 : adc.levels - 1;
    const fullScale = bank.range === 'granular' ? codes : worst[slice]!;
    return adcRange(
      adc,
      ...limits(fullScale, signedSums),
      bank.range === 'granular' ? 0 : finestStep(format),
    );
  });
}

/** The largest partial sum that any weights could give, for each weight slice. */
export function worstCase({ weights, pedestals, rounds }: AnalogFormat, rows: number): readonly number[] {
  return weights.map(({ levelMax }, slice) => rows * (levelMax + pedestals[slice]!) * largestDigit(rounds));
}

/** Ranges of each weight slice from the partial sums that calibration images gave, by the bank's rule. */
export function calibratedRanges(
  bank: AdcBankSpec,
  format: AnalogFormat,
  rows: number,
  counts: readonly SumCounts[],
): readonly AdcRange[] {
  const { adc } = format;
  const worst = worstCase(format, rows);
  return counts.map((seen, slice) => {
    let [low, high] = chosenLimits(bank, format, seen);
    if (bank.sliceRanges === 'powersOfTwo') {
      const full = Math.max(high, -low);
      const scale = full > 0 ? worst[slice]! / 2 ** Math.floor(Math.log2(worst[slice]! / full)) / full : 1;
      low *= scale;
      high *= scale;
    }
    return adcRange(adc, low, high, finestStep(format));
  });
}

function chosenLimits(bank: AdcBankSpec, format: AnalogFormat, seen: SumCounts): readonly [number, number] {
  const { signedSums } = format;
  const free = bank.shape === 'free';
  if (bank.rule === 'leastError') return leastErrorLimits(seen, format, free, bank.errorBits);
  if (!free) return limits(magnitudePercentile(seen, bank.percentile), signedSums);
  const outside = (100 - bank.percentile) / 2;
  return [sumPercentile(seen, outside, false), sumPercentile(seen, outside, true)];
}

/**
 * Limits of least mean absolute error of conversion, Σ |v − Q(clip(v))| over the counted sums: steps of 3 % from the
 * extremes inward, both limits in turn until neither moves. `errorBits` is the resolution that Q assumes.
 */
function leastErrorLimits(
  seen: SumCounts,
  { adc, signedSums }: AnalogFormat,
  free: boolean,
  errorBits: number | undefined,
): readonly [number, number] {
  const steps = (errorBits === undefined ? adc.levels : 2 ** errorBits) - 1;
  const bins = occupied(seen);
  if (bins.values.length === 0) return [signedSums ? -1 : 0, 1];
  const [least, most] = [bins.values[0]!, bins.values.at(-1)!];
  const error = (low: number, high: number) => conversionError(bins, low, high, steps);
  if (!free) {
    const extreme = Math.max(Math.abs(least), Math.abs(most)) || 1;
    const best = descend(extreme, (full) => error(...limits(full, signedSums)));
    return limits(best, signedSums);
  }
  let [low, high] = [least, most > least ? most : least + 1];
  for (let round = 0; round < 8; round++) {
    const [before, above] = [low, high];
    const middle = median(bins);
    high = middle + descend(most - middle || 1, (width) => error(low, middle + width));
    low = middle - descend(middle - least || 1, (width) => error(middle - width, high));
    if (low === before && high === above) break;
  }
  return [low, high];
}

/** The width of least error among most, 0.97 most, 0.97² most, … */
function descend(most: number, error: (width: number) => number): number {
  let best = most;
  let bestError = Infinity;
  for (let width = most; width > most / 4096; width *= 0.97) {
    const found = error(width);
    if (found < bestError) {
      bestError = found;
      best = width;
    }
  }
  return best;
}

interface Bins {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

function occupied({ counts, first, width }: SumCounts): Bins {
  const found: number[] = [];
  counts.forEach((count, bin) => {
    if (count > 0) found.push(bin);
  });
  return {
    values: Float64Array.from(found, (bin) => first + bin * width),
    counts: Float64Array.from(found, (bin) => counts[bin]!),
  };
}

function conversionError({ values, counts }: Bins, low: number, high: number, steps: number): number {
  const step = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    const code = Math.round((Math.min(Math.max(v, low), high) - low) / step);
    sum += counts[i]! * Math.abs(v - (low + code * step));
  }
  return sum;
}

function median({ values, counts }: Bins): number {
  let rest = counts.reduce((a, b) => a + b, 0) / 2;
  for (let i = 0; i < values.length; i++) {
    rest -= counts[i]!;
    if (rest <= 0) return values[i]!;
  }
  return 0;
}
