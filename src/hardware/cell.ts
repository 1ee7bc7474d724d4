import { z } from 'zod';
import { integer, quantity, real } from '../base/quantity.ts';
import { deviceModels } from './device/index.ts';
import { ivModels } from './iv/index.ts';
import { modelUnion } from './model-union.ts';

/** The storage position of a crossbar: how finely it is programmed, and how it errs. */
export const cellSchema = z.strictObject({
  bits: integer({ min: 1, max: 12 }).describe('levels it is programmed to: 2^bits'),
  onOffRatio: real({ above: 1, max: 1e15 })
    .optional()
    .describe('largest over smallest conductance; infinite when left out'),
  program: modelUnion(deviceModels)
    .default({ type: 'ideal' })
    .describe('error of programming, drawn once per chip and cell'),
  drift: modelUnion(deviceModels)
    .default({ type: 'ideal' })
    .describe('change since programming, drawn once per chip and cell'),
  read: modelUnion(deviceModels)
    .default({ type: 'ideal' })
    .describe('noise of reading, drawn anew for every MVM'),
  iv: modelUnion(ivModels).default({ type: 'linear' }).describe('current of a cell against its voltage'),
  maxConductance: quantity('S', { above: 0, max: 1, example: '25 uS' })
    .optional()
    .describe('conductance of a cell that is fully on; needed where wires have resistance'),
  stuckOff: real({ min: 0, max: 1 })
    .default(0)
    .describe('fraction of cells stuck at the smallest conductance'),
  stuckOn: real({ min: 0, max: 1 }).default(0).describe('fraction of cells stuck at the largest conductance'),
});

export type CellSpec = z.output<typeof cellSchema>;
