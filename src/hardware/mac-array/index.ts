import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type MacArraySpec, macArrayFigures, macArrayStructure } from './figures.ts';
import { horowitzMacArray } from './horowitz.ts';

export type { MacArraySpec } from './figures.ts';

const given = z.strictObject({
  ...macArrayStructure,
  ...macArrayFigures,
  area: macArrayFigures.area.default(0).describe('of the array'),
  leakage: macArrayFigures.leakage.default(0).describe('of the array'),
});

/** An array of multiply-accumulate units: `rows` inputs × `columns` outputs per cycle. */
export const macArrays = partFamily<MacArraySpec>('mac-array', given, [horowitzMacArray]);
