import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type ProgrammingSpec, programmingFigures, programmingStructure } from './figures.ts';
import { pulses } from './pulses.ts';

export { type ProgrammingSpec, programmingCost } from './figures.ts';

const given = z.strictObject({ ...programmingStructure, ...programmingFigures });

/** Writing of weights into the cells of a crossbar, one word line after the other. */
export const programmings = partFamily<ProgrammingSpec>('programming', given, [pulses]);
