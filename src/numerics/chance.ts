import { Fault } from '../base/fault.ts';

/** The moments at which chance enters an analog layer: once a chip, once a write, at every read, with age. */
export const MOMENTS = { fabricate: 0, program: 1, read: 2, drift: 3 } as const;

export type Moment = keyof typeof MOMENTS;

/** Simulated chips that one seed can tell apart, and layers of a network. */
export const MAX_CHIPS = 65536;
export const MAX_LAYERS = 16384;

/**
 * The key of one stream of random numbers: every (chip, layer, moment) has its own, whatever else is simulated
 * beside it. Together with the seed and the position (row, block, read: base/philox.ts) it fixes a sample.
 */
export function randomStream(chip: number, layer: number, moment: Moment): number {
  if (!(chip < MAX_CHIPS && layer < MAX_LAYERS)) {
    throw new Fault(`chip ${chip}, layer ${layer}: beyond ${MAX_CHIPS} chips or ${MAX_LAYERS} layers`);
  }
  return (chip * MAX_LAYERS + layer) * 4 + MOMENTS[moment];
}
