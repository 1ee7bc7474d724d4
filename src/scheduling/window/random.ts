import { z } from 'zod';
import { fillUniforms } from '../../base/philox.ts';
import { integer } from '../../base/quantity.ts';
import { single } from '../optimal-plan.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('random'),
  seed: integer({ min: 0, max: 2 ** 32 - 1 }).default(0),
});

/** Any cut, drawn anew for each window and model: what a policy that knows something has to beat. */
export const random: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'random',
  summary: 'any cut, drawn anew each window: a comparison, not a scheduler',
  schema,
  start: () => undefined,
  decide(view, _state, { seed }) {
    const draws = new Float64Array(view.models.length);
    fillUniforms(draws, { seed, stream: STREAM, row: view.index, block: 0, read: 0 });
    const plan = view.models.map(({ model: { cuts } }, index) =>
      single(Math.floor(draws[index]! * cuts.length)),
    );
    return { plan, state: undefined };
  },
};

/** Sequences of its own. */
const STREAM = 0x9a2d;
