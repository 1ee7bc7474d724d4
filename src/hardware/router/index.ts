import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type RouterSpec, routerFigures } from './figures.ts';
import { publishedRouters } from './published.ts';

export type { RouterSpec } from './figures.ts';

const given = z.strictObject({
  ...routerFigures,
  area: routerFigures.area.default(0).describe('of the share of one tile'),
  leakage: routerFigures.leakage.default(0).describe('of the share of one tile'),
});

/** What a hop passes through. */
export const routers = partFamily<RouterSpec>('router', given, publishedRouters);
