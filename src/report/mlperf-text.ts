import { engineering } from './format.ts';
import type { ServedScenario } from './serving.ts';

/** What counts in a scenario of MLPerf Inference, in one line; none of other loads. */
export function mlperfText({ load, policies, mlperf }: ServedScenario): readonly string[] {
  if (mlperf === null) return [];
  const { metric, unit, seconds, queries, longEnough } = mlperf;
  const values = policies.map(({ name }, index) => {
    const value = mlperf.policies[index]!;
    if (value === null) return `${name} –`;
    return `${name} ${unit === 's' ? engineering(value.mean, 's') : `${engineering(value.mean, '').trim()}/s`}`;
  });
  const count = queries.toLocaleString('en');
  const asked = seconds > 0 ? `${seconds} s and ${count} queries` : `${count} samples`;
  const long = longEnough ? 'as long as its rules ask' : `shorter than the ${asked} that its rules ask`;
  const incomplete = policies.filter((_, index) => mlperf.dropped[index]! > 0).map(({ name }) => name);
  const drops =
    incomplete.length > 0 ? ` No valid runs, queries were dropped: ${incomplete.join(', ')}.` : '';
  return [`MLPerf ${String(load.type)}, ${metric}: ${values.join(', ')}. Runs are ${long}.${drops}`];
}
