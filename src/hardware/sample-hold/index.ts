import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type SampleAndHoldSpec, sampleAndHoldFigures } from './figures.ts';
import { isaacSampleHold } from './isaac.ts';

const given = z.strictObject({
  ...sampleAndHoldFigures,
  area: sampleAndHoldFigures.area.default(0).describe('of one'),
});

/** Holds the bit-line values while the converters work through them: one per bit line. */
export const sampleAndHolds = partFamily<SampleAndHoldSpec>('sample-and-hold', given, [isaacSampleHold]);
