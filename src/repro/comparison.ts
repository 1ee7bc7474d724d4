import { confidence95 } from '../base/statistics.ts';
import type { Comparison } from '../report/study.ts';
import type { Design } from './design.ts';
import type { Measured, Results } from './run-points.ts';

/** A value with its 95 % interval; infinite limits are open. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type Outcome = Comparison['outcome'];

/** What a claim says of an estimate: whether it holds for all, none or some of its interval. */
export type Rule = (estimate: Estimate) => Outcome;

/** Differences of less than one percentage point are none worth a claim. */
const EQUAL = 0.01;

/** Larger than 0: the whole interval above. Contradicted where it lies below, or is no difference to speak of. */
export const above: Rule = ({ low, high }) => {
  if (low > 0) return 'yes';
  return high < 0 || (low >= -EQUAL && high <= EQUAL) ? 'no' : 'open';
};

/** At least so much: the whole interval at or above, contradicted where all of it lies below. */
export function atLeast(limit: number): Rule {
  return ({ low, high }) => {
    if (low >= limit) return 'yes';
    return high < limit ? 'no' : 'open';
  };
}

/** Between two limits: the whole interval inside, contradicted where all of it lies outside. */
export function between(least: number, most: number): Rule {
  return ({ low, high }) => {
    if (low >= least && high <= most) return 'yes';
    return high < least || low > most ? 'no' : 'open';
  };
}

/**
 * A sum of accuracies with signs, Σ weight · accuracy, such as a difference or a difference of losses. Its interval
 * joins two causes. Chips: Student's t of the sum chip by chip, since a chip's errors follow from its number wherever
 * two designs have the cell in common (n − 1 degrees); points without chance are the same on all. Images: all points
 * judge the same ones, so at least |value| of them are answered differently; McNemar's variance of so many discordant
 * pairs, one image at least.
 */
export function contrast(terms: readonly (readonly [weight: number, point: Measured])[]): Estimate {
  const value = terms.reduce((sum, [weight, { mean }]) => sum + weight * mean, 0);
  const numbers = terms.flatMap(([, { chance, perChip }]) => (chance ? [perChip.length] : []));
  const count = Math.min(...numbers);
  let chips = 0;
  if (numbers.length > 0 && count > 1) {
    const sums = Array.from({ length: count }, (_, chip) =>
      terms.reduce((sum, [weight, { perChip }]) => sum + weight * (perChip[chip] ?? perChip[0]!), 0),
    );
    chips = confidence95(sums)!;
  }
  const { images } = terms[0]![1];
  const half = Math.hypot(chips, NORMAL975 * Math.sqrt(Math.max(Math.abs(value), 1 / images) / images));
  return { value, low: value - half, high: value + half };
}

/** The 97.5 % quantile of the normal distribution. */
const NORMAL975 = 1.959964;

/** Something is lost against the int8 network, and not everything: only then can designs be told apart. */
export function tells(results: Results, designs: readonly Design[]): boolean {
  const points = designs.map((one) => results.at(one));
  const means = points.map(({ mean }) => mean);
  const lost = points[0]!.digital - Math.min(...means);
  return lost >= LOST && Math.max(...means) >= 2 / results.subject.classes;
}

/** Whether a change costs enough accuracy for its cost to be compared with another's. */
export function costs(results: Results, before: Design, after: Design): boolean {
  return results.at(before).mean - results.at(after).mean >= LOST;
}

/** Loss from which on designs can be compared. */
const LOST = 0.02;

/** A comparison of accuracies under a rule, in percentage points; `when` false: nothing can be told. */
export function compare(
  results: Results,
  what: string,
  terms: readonly (readonly [weight: number, design: Design])[],
  rule: Rule,
  when = tells(
    results,
    terms.map(([, one]) => one),
  ),
): Comparison {
  const estimate = contrast(terms.map(([weight, one]) => [weight, results.at(one)] as const));
  return comparison(results, what, 'points', scaled(estimate, 100), when ? rule(estimate) : 'untold');
}

/** A comparison as a report holds it: infinite numbers become null. */
export function comparison(
  { subject }: Results,
  what: string,
  unit: Comparison['unit'],
  { value, low, high }: Estimate,
  outcome: Outcome,
): Comparison {
  const finite = (number: number) => (Number.isFinite(number) ? number : null);
  return {
    network: subject.name,
    what,
    unit,
    value: finite(value),
    low: finite(low),
    high: finite(high),
    outcome,
  };
}

function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  return { value: value * factor, low: low * factor, high: high * factor };
}
