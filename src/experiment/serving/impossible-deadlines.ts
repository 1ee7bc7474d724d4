import { Fault } from '../../base/fault.ts';
import type { Scenario } from '../../input/scenario.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import type { TraceRows } from '../../load/trace.ts';
import { engineering } from '../../report/format.ts';
import type { ServedModel } from '../../scheduling/served-model.ts';
import { alwaysLate } from '../../serving/highest-rate.ts';

/**
 * A note for each model with a deadline that none of its cuts keeps, even alone: all its queries are late or dropped. None where every row
 * of a trace has a deadline of its own. A Fault instead where MLPerf's Server searches a rate that keeps it.
 */
export function impossibleDeadlines(
  models: readonly ServedModel[],
  { value, place }: Pick<Spec<Scenario>, 'value' | 'place'>,
): readonly string[] {
  const { deadline: rows } = ((value.load as { readonly rows?: unknown }).rows ?? {}) as Partial<TraceRows>;
  if (rows?.every((seconds) => !Number.isNaN(seconds)) === true) return [];
  const own = rows === undefined ? '' : ' without one of its own';
  return alwaysLate(models).map(({ model, cut }) => {
    const { name, deadline } = models[model]!;
    const [due, latency] = [engineering(deadline, 's'), engineering(cut.latency, 's')];
    const fastest = `the fastest cut of ${name}, ${cut.name}, takes ${latency} alone`;
    if (value.load.type === 'server')
      throw new Fault(`no rate keeps the deadline of ${due}: ${fastest}`, {
        cure: `a deadline above ${latency}, or a faster chip`,
        place: place(['models', model, 'deadline']),
      });
    return `No query of ${name}${own} can be answered within its deadline of ${due}: ${fastest}.`;
  });
}
