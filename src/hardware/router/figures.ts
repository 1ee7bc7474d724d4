import { quantity } from '../../base/quantity.ts';

/** A router's share of one tile. */
export interface RouterSpec {
  /** s through it, and J per byte. */
  readonly latency: number;
  readonly energy: number;
  /** m² and W of the share of one tile. */
  readonly area: number;
  readonly leakage: number;
}

export const routerFigures = {
  latency: quantity('s', { min: 0, max: 1e-3, example: '2 ns' }).describe('of one hop'),
  energy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  area: quantity('m^2', { min: 0, max: 1e-2 }).describe('of the share of one tile'),
  leakage: quantity('W', { min: 0, max: 100 }).describe('of the share of one tile'),
};
