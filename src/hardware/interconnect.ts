import { z } from 'zod';
import { choice, quantity } from '../base/quantity.ts';

/** How tiles reach each other and the memory: a near-square mesh of routers, x before y, memory at tile 0. */
export const interconnectSchema = z.strictObject({
  type: choice(['mesh']).default('mesh'),
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

/** Links that a multicast uses from one tile to several, x before y: each link of the tree once. */
export function multicastLinks(from: number, to: readonly number[], tiles: number): number {
  const width = meshWidth(tiles);
  const links = new Set<number>();
  for (const target of to) {
    let at = from;
    while (at !== target) {
      const dx = Math.sign((target % width) - (at % width));
      const next = dx !== 0 ? at + dx : at + width * Math.sign(target - at);
      links.add(at * width * width * 2 + next);
      at = next;
    }
  }
  return links.size;
}

/** Hops between two tiles of a mesh (0 within a tile): the Manhattan distance. */
export function hops(from: number, to: number, tiles: number): number {
  const width = meshWidth(tiles);
  const dx = Math.abs((from % width) - (to % width));
  const dy = Math.abs(Math.floor(from / width) - Math.floor(to / width));
  return dx + dy;
}
