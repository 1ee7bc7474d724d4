import { z } from 'zod';
import { choice, quantity } from '../base/quantity.ts';

/**
 * How tiles reach each other and the memory at tile 0: a near-square mesh of routers (x before y), a tree of routers with
 * four branches each, or one bus. Every link is a resource that messages queue for.
 */
export const interconnectSchema = z.strictObject({
  type: choice(['mesh', 'tree', 'bus']).default('mesh'),
  linkBandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of one link and of the port of a tile'),
  hopLatency: quantity('s', { min: 0, max: 1 }).describe('of a router and its link'),
  hopEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte and hop'),
  area: quantity('m^2', { min: 0, max: 1e-2 }).default(0).describe('of the router share of one tile'),
  leakage: quantity('W', { min: 0, max: 100 }).default(0).describe('of the router share of one tile'),
});

export type InterconnectSpec = z.output<typeof interconnectSchema>;

/** Width of the near-square mesh that holds a number of tiles. */
export function meshWidth(tiles: number): number {
  return Math.ceil(Math.sqrt(tiles));
}
