import type { Comparison, StatementReport, Verdict } from '../report/study.ts';
import type { Plot } from '../report/plot.ts';
import type { Design } from './design.ts';
import type { Results } from './run-points.ts';

/** A part of a study: designs to measure, what they show, and the claims that they judge. */
export interface Question {
  readonly name: string;
  /** What is asked, for a reader. */
  readonly asks: string;
  readonly designs: readonly Design[];
  plots(results: Results): readonly Plot[];
  readonly statements: readonly Statement[];
}

/** A claim of a paper, and the comparisons that decide it. */
export interface Statement {
  readonly id: string;
  /** In our words. */
  readonly claim: string;
  /** What is compared; how comparisons become a verdict is the same for all, see `verdictOf`. */
  readonly rule: string;
  comparisons(results: Results): readonly Comparison[];
}

/** How comparisons become a verdict, for a reader. */
export const VERDICT_RULE =
  'Each comparison says yes, no or, where its 95 % interval leaves it, open. Supported: at least half of those that can tell say yes and at most one in ten says no. Not supported: at least half say no. Inconclusive: everything else.';

/** The verdict of comparisons: see `VERDICT_RULE`. */
export function verdictOf(comparisons: readonly Comparison[]): Verdict {
  const count = (wanted: Comparison['outcome']) =>
    comparisons.filter(({ outcome }) => outcome === wanted).length;
  const [yes, no] = [count('yes'), count('no')];
  const telling = yes + no + count('open');
  if (telling === 0) return 'inconclusive';
  if (2 * yes >= telling && 10 * no <= telling) return 'supported';
  return 2 * no >= telling ? 'not supported' : 'inconclusive';
}

/** A statement judged by all networks together. */
export function judge(statement: Statement, results: readonly Results[]): StatementReport {
  const comparisons = results.flatMap((one) => statement.comparisons(one));
  const { id, claim, rule } = statement;
  return {
    id,
    claim,
    rule,
    verdict: verdictOf(comparisons),
    measured: measuredText(comparisons),
    comparisons,
  };
}

/** Counts of outcomes, and the range of what was measured in each network. */
function measuredText(comparisons: readonly Comparison[]): string {
  const telling = comparisons.filter(({ outcome }) => outcome !== 'untold');
  const count = (wanted: string) => telling.filter(({ outcome }) => outcome === wanted).length;
  const networks = [...new Set(telling.map(({ network }) => network))];
  if (telling.length === 0) return `none of ${comparisons.length} comparisons can tell`;
  const parts = networks.map((network) => {
    const values = telling.filter((one) => one.network === network);
    return `${network} ${valuesText(values)}`;
  });
  const none = comparisons.length - telling.length;
  const tail = none > 0 ? `, ${none} cannot tell` : '';
  return `${parts.join('; ')}: ${count('yes')} yes, ${count('no')} no, ${count('open')} open${tail}`;
}

function valuesText(comparisons: readonly Comparison[]): string {
  const units = [...new Set(comparisons.map(({ unit }) => unit))];
  return units
    .map((unit) => {
      const values = comparisons
        .filter((one) => one.unit === unit && one.value !== null)
        .map(({ value }) => value!)
        .sort((a, b) => a - b);
      if (values.length === 0) return 'beyond the sweep';
      const [least, most] = [values[0]!, values.at(-1)!];
      const middle = (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
      if (values.length === 1) return `${signed(least, unit)} ${unit}`;
      return `${signed(middle, unit)} ${unit} (${signed(least, unit)} … ${signed(most, unit)})`;
    })
    .join(' and ');
}

function signed(value: number, unit: Comparison['unit']): string {
  const text = value.toFixed(1);
  return value > 0 && ['points', 'bits', 'decades'].includes(unit) ? `+${text}` : text;
}
