import { z } from 'zod';
import { real } from '../../base/quantity.ts';

/** The one factor of a macro, and the breakdown of its publication where that is an input. */
export interface CalibrationSpec {
  /** Multiplies every energy. */
  readonly factor: number;
  /** Shares of the energy at `at`, by part. Parts that it does not name share the rest as the model has them. */
  readonly split?: Readonly<Record<string, number | undefined>> | undefined;
  /** The point at which the split was published: keys of `point` that differ there. */
  readonly at?: object | undefined;
}

/** The schema of a calibration of these parts, published at a point of this schema. */
export function calibrationSchema<Point extends z.ZodRawShape>(parts: readonly string[], at: Point) {
  const share = () => real({ min: 0, max: 1 }).optional();
  return z
    .strictObject({
      factor: real({ min: 1e-3, max: 1e3 })
        .default(1)
        .describe('multiplies every energy; how it was found stands beside it'),
      split: z
        .strictObject(Object.fromEntries(parts.map((part) => [part, share()])))
        .optional()
        .describe(
          'published shares of the energy, taken as given; parts left out share the rest as modelled',
        ),
      at: z.strictObject(at).partial().optional().describe('where the split was published, unlike `point`'),
    })
    .prefault({});
}

/**
 * Energies of the parts after calibration. With a split, the total at the reference point is shared out as published
 * there, and each part goes from there as the model has it; a part that the model leaves out goes with the sum of the others. One
 * factor multiplies all.
 */
export function calibratedEnergies(
  { factor, split }: CalibrationSpec,
  here: Energies,
  reference: Energies,
): Energies {
  if (split === undefined) return mapped(here, (energy) => energy * factor);
  const total = sum(reference);
  const overall = sum(here) / total;
  const named = sum(split);
  const rest = sum(mapped(reference, (energy, part) => (split[part] === undefined ? energy : 0)));
  return mapped(here, (energy, part) => {
    const before = reference[part]!;
    const share = split[part] ?? (rest > 0 ? ((1 - named) * before) / rest : 0);
    return factor * total * share * (before > 0 ? energy / before : overall);
  });
}

type Energies = Readonly<Record<string, number>>;

function mapped(energies: Energies, value: (energy: number, part: string) => number): Energies {
  return Object.fromEntries(Object.entries(energies).map(([part, energy]) => [part, value(energy, part)]));
}

function sum(values: Readonly<Record<string, number | undefined>>): number {
  return Object.values(values).reduce<number>((total, value) => total + (value ?? 0), 0);
}
