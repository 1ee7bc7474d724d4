import { z } from 'zod';
import { optimalWindow } from './optimal-window.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({ type: z.literal('clairvoyant') });

/** Told how many queries the window will bring: the optimal mix for them and what waits. A scheduler to compare with. */
export const clairvoyant: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'clairvoyant',
  summary: 'the optimal mix for the queries that will come: a comparison, not a scheduler',
  schema,
  clairvoyant: true,
  start: () => undefined,
  decide: (view) => ({
    plan: optimalWindow(
      view,
      view.models.map(({ model, ahead = 0, waiting, devices }) => ({
        model,
        rate: ahead + waiting / view.window,
        devices,
      })),
    ),
    state: undefined,
  }),
};
