import type { ServedPolicy, ServedScenario } from './serving.ts';

/** What became of the queries of all models over some windows in a row. */
export interface MergedWindow {
  /** s. */
  readonly start: number;
  readonly length: number;
  readonly offered: number;
  readonly onTime: number;
  readonly late: number;
  readonly dropped: number;
  /** Right answers of all answers; null without answers. */
  readonly accuracy: number | null;
  /** s, the greatest of its windows and models; null without answers. */
  readonly p99: number | null;
  /** Shares of the plan by name of cut, mean over time; of several models by their shares of the queries. */
  readonly plan: readonly number[];
}

/** Windows of a policy, neighbours merged so that no more than `most` are left; plans in the order of `cuts`. */
export function mergedWindows(
  { windows }: ServedPolicy,
  models: ServedScenario['models'],
  cuts: readonly string[],
  most = 200,
): readonly MergedWindow[] {
  const together = Math.max(1, Math.ceil(windows.length / most));
  const groups = Array.from({ length: Math.ceil(windows.length / together) }, (_, index) =>
    windows.slice(index * together, (index + 1) * together),
  );
  return groups.map((group) => merged(group, models, cuts));
}

/** Names of the cuts that any policy's windows planned, each once: few, where many are offered. */
export function plannedCuts({ models, policies }: ServedScenario): readonly string[] {
  const planned = new Set<string>();
  for (const { windows } of policies) {
    for (const window of windows) {
      window.models.forEach(({ plan }, model) => {
        plan.forEach((share, cut) => {
          if (share > 0) planned.add(models[model]!.cuts[cut]!.name);
        });
      });
    }
  }
  const all = models.flatMap((model) => model.cuts.map(({ name }) => name));
  return [...new Set(all)].filter((name) => planned.has(name));
}

function merged(
  group: ServedPolicy['windows'],
  models: ServedScenario['models'],
  cuts: readonly string[],
): MergedWindow {
  const all = group.flatMap((window) => window.models);
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  const length = group.reduce((total, window) => total + window.length, 0);
  const shares = models.reduce((total, { share }) => total + share, 0);
  const answered = sum((one) => one.answered);
  const slowest = all.flatMap(({ p99 }) => (p99 === null ? [] : [p99]));
  const plan = cuts.map((name) =>
    group.reduce((total, window) => {
      const own = models.reduce((mix, model, index) => {
        const cut = model.cuts.findIndex((one) => one.name === name);
        const weight = shares > 0 ? model.share / shares : 1 / models.length;
        return mix + (window.models[index]!.plan[cut] ?? 0) * weight;
      }, 0);
      return total + (length > 0 ? (own * window.length) / length : own / group.length);
    }, 0),
  );
  return {
    start: group[0]!.start,
    length,
    offered: sum((one) => one.offered),
    onTime: sum((one) => one.onTime),
    late: answered - sum((one) => one.onTime),
    dropped: sum((one) => one.dropped),
    accuracy: answered === 0 ? null : sum((one) => one.right) / answered,
    p99: slowest.length === 0 ? null : slowest.reduce((a, b) => Math.max(a, b)),
    plan,
  };
}
