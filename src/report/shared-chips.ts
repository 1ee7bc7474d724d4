import type { ServedScenario } from './serving.ts';

/** A sentence where runs share simulated chips, with a space before it; nothing where each has its own. */
export function sharedChips({ independent, replications }: ServedScenario): string {
  if (independent >= replications) return '';
  const observations = independent === 1 ? 'observation, which gives no interval' : 'observations';
  return ` Runs share simulated chips (chips), so for what depends on answers they are ${independent} ${observations}.`;
}
