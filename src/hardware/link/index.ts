import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type LinkSpec, linkFigures } from './figures.ts';
import { wire } from './repeated-wire.ts';

export type { LinkSpec } from './figures.ts';

/** The wires of a hop. */
export const links = partFamily<LinkSpec>('link', z.strictObject({ ...linkFigures }), [wire]);
