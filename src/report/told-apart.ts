import { abridged } from './html.ts';
import type { ServedScenario } from './serving.ts';

/**
 * How sure it is that the policy with the most right answers in time is the best: from which others its runs do not tell it apart,
 * as the 95 % interval of their paired difference includes zero. Blank where it is told apart from all, or alone.
 */
export function apartText({ policies, replications }: ServedScenario): string {
  if (policies.length < 2) return '';
  if (replications === 1) return 'of one run, which tells no policies apart';
  const score = ({ figures }: ServedScenario['policies'][number]) => figures.accuracyGoodput?.mean ?? -1;
  const best = policies.find((one) => score(one) === Math.max(...policies.map(score)));
  const alike = policies.filter(({ againstBest }) => {
    if (againstBest === null || againstBest.interval95 === null) return false;
    return Math.abs(againstBest.mean) <= againstBest.interval95;
  });
  const names = alike.filter((one) => one !== best).map(({ name }) => name);
  if (names.length === 0) return '';
  return `not told apart from ${abridged(names.join(', '), 300)} (95 % interval of the paired difference)`;
}
