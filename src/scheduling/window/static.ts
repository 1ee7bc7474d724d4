import { z } from 'zod';
import { text } from '../../base/quantity.ts';
import { mostAccurate, single } from '../optimal-plan.ts';
import type { ServedModel } from '../served-model.ts';
import type { ModelPlan, Plan, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('static'),
  cut: text().optional().describe('of every query of every model; left out, the most accurate'),
});

/** The same cut whatever comes: the named one, where a model has it, else its most accurate. */
export const staticCut: WindowPolicy<z.output<typeof schema>, Plan> = {
  name: 'static',
  summary: 'one cut for all queries',
  schema,
  start: ({ cut }, models) => models.map((model) => fixedPlan(model, cut)),
  decide: (_view, state) => ({ plan: state, state }),
};

/** The named cut of a model, or its most accurate where it has none of that name. */
export function fixedPlan(model: ServedModel, name: string | undefined): ModelPlan {
  const named = model.cuts.findIndex((cut) => cut.name === name);
  return single(named >= 0 ? named : mostAccurate(model));
}
