import { z } from 'zod';
import { Registry } from '../../base/registry.ts';
import { c2cSram } from './c2c-sram.ts';
import { chargeSram } from './charge-sram.ts';
import { digitalSram } from './digital-sram.ts';
import type { MacroModel } from './macro.ts';
import { pulseSram } from './pulse-sram.ts';
import { voltageRram } from './voltage-rram.ts';

/** Every macro model a spec may name as `macro`. */
export const macroModels = new Registry<MacroModel>('macro', [
  chargeSram,
  pulseSram,
  voltageRram,
  c2cSram,
  digitalSram,
]);

/** The schema of every file in `arch/macros/`, told apart by `macro`. */
export const anyMacroSchema = z.discriminatedUnion(
  'macro',
  macroModels.parts.map((model) => model.schema) as unknown as [z.ZodObject, ...z.ZodObject[]],
);
