import type { Analysis } from './analysis.ts';

/**
 * What it means that a faster part costs time, where several digital cores share the work: a scheduling anomaly (Graham, SIAM J. Appl. Math. 17, 1969).
 * Undefined where no part does, as far as two digits show.
 */
export function anomalyText({ whatIf, utilisation }: Pick<Analysis, 'whatIf' | 'utilisation'>) {
  const cores = utilisation.groups.find(({ resource }) => resource === 'digitalCores')?.units ?? 0;
  if (cores < 2) return undefined;
  const slower = (gain: number) => gain < SHOWN_AS_LESS;
  if (!whatIf?.some((row) => slower(row.intervalGain) || slower(row.latencyGain))) return undefined;
  return `Gains below 1: with ${cores} digital cores a faster part may send a task to another core, which costs others time (a scheduling anomaly); and where inferences never repeat exactly, an interval is known to a per cent or two (more --inferences: more closely)`;
}

/** Less than 1 as far as two digits show: rounds to 0.99. */
const SHOWN_AS_LESS = 0.995;
