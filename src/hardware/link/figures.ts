import { quantity } from '../../base/quantity.ts';

/** The wires of a hop. */
export interface LinkSpec {
  /** s along it, and J per byte. */
  readonly latency: number;
  readonly energy: number;
}

export const linkFigures = {
  latency: quantity('s', { min: 0, max: 1e-3, example: '0.5 ns' }).describe('from router to router'),
  energy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
};
