import { z } from 'zod';
import { text } from '../../base/quantity.ts';
import type { ServedModel } from '../served-model.ts';
import { fixedPlan } from './static.ts';
import type { Plan, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('best-static'),
  cuts: z
    .record(z.string(), text())
    .default({})
    .describe('by model, what a comparison found; models that are left out run with their most accurate cut'),
});
type Parameters = z.output<typeof schema>;

/** Most combinations of cuts that are tried. */
const MOST = 256;

/**
 * One cut a model whatever comes, and of all combinations the one with the most right answers in time: known afterwards
 * only. Of more than 256 combinations those are tried in which models have the same place among their cuts.
 */
export const bestStatic: WindowPolicy<Parameters, Plan> = {
  name: 'best-static',
  summary: 'one cut a model, the best in hindsight: all are played, and the best counts',
  schema,
  start: ({ cuts }, models) => models.map((model) => fixedPlan(model, cuts[model.name])),
  decide: (_view, state) => ({ plan: state, state }),
  trials: (parameters, models) => combinations(models).map((cuts) => ({ ...parameters, cuts })),
};

function combinations(models: readonly ServedModel[]): Record<string, string>[] {
  const count = models.reduce((product, { cuts }) => product * cuts.length, 1);
  if (count > MOST) {
    const longest = Math.max(...models.map(({ cuts }) => cuts.length));
    return Array.from({ length: longest }, (_, place) =>
      Object.fromEntries(
        models.map(({ name, cuts }) => [name, cuts[Math.min(place, cuts.length - 1)]!.name]),
      ),
    );
  }
  return models.reduce<Record<string, string>[]>(
    (found, { name, cuts }) => found.flatMap((one) => cuts.map((cut) => ({ ...one, [name]: cut.name }))),
    [{}],
  );
}
