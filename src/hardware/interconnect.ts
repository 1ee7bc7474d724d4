import { z } from 'zod';
import { choice, quantity } from '../base/quantity.ts';
import { type LinkSpec, links } from './link/index.ts';
import { type RouterSpec, routers } from './router/index.ts';

/**
 * How tiles reach each other and the memory at tile 0: a near-square mesh of routers (x before y), a tree of routers with
 * four branches each, or one bus. Every link is a resource that messages queue for.
 */
export const interconnectSchema = z
  .strictObject({
    type: choice(['mesh', 'tree', 'bus']).default('mesh'),
    linkBandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of one link and of the port of a tile'),
    hopLatency: quantity('s', { min: 0, max: 1 })
      .optional()
      .describe('of a router and its link; left out: of router and link together'),
    hopEnergy: quantity('J/B', { min: 0, max: 1e-6 })
      .optional()
      .describe('per byte and hop; left out: of router and link together'),
    area: quantity('m^2', { min: 0, max: 1e-2 })
      .optional()
      .describe('of the router share of one tile; left out: that of router, else none'),
    leakage: quantity('W', { min: 0, max: 100 })
      .optional()
      .describe('of the router share of one tile; left out: that of router, else none'),
    router: routers.schema.optional().describe('what a hop passes through, by a model'),
    link: links.schema.optional().describe('the wires of a hop, by a model'),
  })
  .superRefine(({ hopLatency, hopEnergy, router, link }, context) => {
    if (router !== undefined || link !== undefined) return;
    for (const [key, value] of Object.entries({ hopLatency, hopEnergy })) {
      if (value === undefined) context.addIssue({ code: 'custom', path: [key], message: 'missing' });
    }
  }) as unknown as z.ZodType<InterconnectSpec>;

/** The interconnect as the machine knows it. */
export interface InterconnectSpec {
  readonly type: 'mesh' | 'tree' | 'bus';
  /** B/s of one link and of the port of a tile. */
  readonly linkBandwidth: number;
  /** s and J/B of a hop: router and link. */
  readonly hopLatency: number;
  readonly hopEnergy: number;
  /** m² and W of the router share of one tile. */
  readonly area: number;
  readonly leakage: number;
  readonly router?: RouterSpec | undefined;
  readonly link?: LinkSpec | undefined;
}

/** The interconnect with all its figures: what is not written comes from its router and link at a node in m. */
export function resolveInterconnect(written: InterconnectSpec, technology: number): InterconnectSpec {
  const { router, link, ...rest } = written as Partial<InterconnectSpec>;
  const parts = [
    router === undefined ? undefined : routers.resolve(router, technology),
    link === undefined ? undefined : { area: 0, leakage: 0, ...links.resolve(link, technology) },
  ].filter((part) => part !== undefined);
  const sum = (key: keyof RouterSpec) => parts.reduce((total, part) => total + part[key], 0);
  return {
    ...(rest as InterconnectSpec),
    hopLatency: rest.hopLatency ?? sum('latency'),
    hopEnergy: rest.hopEnergy ?? sum('energy'),
    area: rest.area ?? sum('area'),
    leakage: rest.leakage ?? sum('leakage'),
  };
}

/** Width of the near-square mesh that holds a number of tiles. */
export function meshWidth(tiles: number): number {
  return Math.ceil(Math.sqrt(tiles));
}
