import { z } from 'zod';
import { quantity, real } from '../../base/quantity.ts';

/** Supply and period that somebody measured together. */
const clockPointSchema = z.strictObject({
  supply: quantity('V', { above: 0, max: 5 }),
  period: quantity('s', { min: 1e-12, max: 1e-3, example: '5.5 ns' }),
});

/** How fast a macro runs at which supply. */
export const macroClockSchema = z.strictObject({
  points: z.array(clockPointSchema).min(1).max(16).describe('published; the law continues the first one'),
  threshold: quantity('V', { min: 0, max: 1 }).describe('threshold voltage in saturation'),
  exponent: real({ min: 1, max: 2 }).default(1.3).describe('velocity saturation: 2 none, 1 full'),
});

export type MacroClockSpec = z.output<typeof macroClockSchema>;

/** s of the first published point: the period that the area of converters is for. */
export function designPeriod({ points }: MacroClockSpec): number {
  return points[0]!.period;
}

/**
 * Period in s by the alpha-power law, continued from the first published point: t ∝ V / (V − V_T)^α. α = 1.3 is the
 * short-channel value of Sakurai and Newton, IEEE JSSC 25(2), 1990. Infinite at or below the threshold.
 */
export function lawPeriod({ points, threshold, exponent }: MacroClockSpec, supply: number): number {
  const delay = (volt: number) =>
    volt > threshold ? volt / (volt - threshold) ** exponent : Number.POSITIVE_INFINITY;
  const [first] = points;
  return (first!.period * delay(supply)) / delay(first!.supply);
}

/**
 * Period in s at a supply: what was published where it was, the law elsewhere, bent to go through every published point
 * (the ratio of both is linear in the supply between points and constant beyond them).
 */
export function clockPeriod(clock: MacroClockSpec, supply: number): number {
  const known = [...clock.points].sort((a, b) => a.supply - b.supply);
  const ratio = (index: number) => known[index]!.period / lawPeriod(clock, known[index]!.supply);
  const above = known.findIndex((point) => point.supply >= supply);
  if (above < 0) return lawPeriod(clock, supply) * ratio(known.length - 1);
  if (above === 0 || known[above]!.supply === supply) return lawPeriod(clock, supply) * ratio(above);
  const low = known[above - 1]!.supply;
  const share = (supply - low) / (known[above]!.supply - low);
  return lawPeriod(clock, supply) * (ratio(above - 1) * (1 - share) + ratio(above) * share);
}
