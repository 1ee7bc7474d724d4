import { z } from 'zod';
import { amount, duration, engineering } from './format.ts';

const count = z.number();

/** Parts of a network that take turns on crossbars that do not hold it whole, and what writing them wears out. */
export const turnsSchema = z.strictObject({
  parts: z.int(),
  batch: z.int().describe('inferences that each part computes before the next is programmed'),
  programTime: z.number().describe('s of a batch in which word lines are written, one after the other'),
  cells: count.describe('cells written for a batch, all parts together'),
  bytes: count.describe('of weights read from memory for a batch, all parts together'),
  writes: z.int().describe('of the most-written cell for a batch'),
  lifetime: z
    .strictObject({
      inferences: count,
      time: z.number().describe('s at full load'),
    })
    .nullable()
    .describe('until the most-written cell reaches programming.endurance; null where that is not given'),
});

export type TurnsReport = z.output<typeof turnsSchema>;

/** Turns as a sentence; nothing where there are none. */
export function turnsText(turns: TurnsReport | null): string | undefined {
  if (turns === null) return undefined;
  const { parts, batch, programTime, cells, bytes, writes, lifetime } = turns;
  const worn =
    lifetime === null
      ? ''
      : `; its endurance is reached after ${amount(lifetime.inferences, 'inferences')}, ${duration(lifetime.time)} at full load`;
  return `${parts} parts take turns on the crossbars, ${batch} inferences each: a batch takes ${engineering(programTime, 's')} of writing word lines, ${engineering(bytes, 'B')} of weights read, ${amount(cells, 'cells')} written, the most-written one ${writes} times${worn}`;
}
