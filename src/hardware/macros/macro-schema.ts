import { z } from 'zod';
import { integer, quantity, text } from '../../base/quantity.ts';
import { calibrationSchema } from './calibration.ts';
import { macroClockSchema } from './clock.ts';

/**
 * The schema of a macro: what all have, the model's own sections, and the point at which it works. `parts` name what
 * energies and areas are of.
 */
export function macroSchema<
  Name extends string,
  Own extends z.ZodRawShape,
  Point extends z.ZodRawShape & { supply: z.ZodType<number> },
>(macro: Name, parts: readonly string[], own: Own, point: Point) {
  const area = () => quantity('m^2', { min: 0, max: 1e-3 }).optional();
  return z.strictObject({
    macro: z.literal(macro),
    name: text().describe('shown by kirchhoff show'),
    source: text().describe('the publication'),
    technology: quantity('m', { min: 1e-9, max: 1e-6, example: '22 nm' }),
    copies: integer({ min: 1, max: 4096 })
      .default(1)
      .describe('macros on the chip whose throughput is meant'),
    ...own,
    clock: macroClockSchema,
    point: z.strictObject(point).describe('where it works: what a sweep changes'),
    areas: z
      .strictObject(Object.fromEntries(parts.map((part) => [part, area()])))
      .prefault({})
      .describe('of one macro, as published; parts left out are modelled where the model can'),
    calibration: calibrationSchema(parts, point),
  });
}

/** The supply, which every point has. */
export const supplyKey = {
  supply: quantity('V', { above: 0, max: 5 }).describe('of logic and arrays'),
};
