import type { Load } from './analysis.ts';
import { engineering, percent } from './format.ts';

/**
 * Which resource works the longest for an inference, and for what share of the interval: in steady state, with the pipeline full; where
 * parts of the network take turns, a pipeline fills and drains in every turn, and programming comes between.
 */
export function busiestText({ unit, load }: Load, interval: number, inTurns: boolean): string {
  const when = inTurns
    ? 'the rest is programming, filling and draining'
    : 'in steady state, the pipeline full';
  return `${unit}, ${engineering(load, 's')} of the ${engineering(interval, 's')} between answers (${percent(load / interval)}; ${when})`;
}
