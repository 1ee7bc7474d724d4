import { z } from 'zod';
import { analysisSchema } from './analysis.ts';
import { bufferShortageSchema } from './buffer-shortage.ts';
import { turnsSchema } from './turns.ts';
import { areaSchema, componentUtilisationSchema, energySchema, readsSchema } from './report.ts';

/** What `kirchhoff explain --json` prints: why one schedule takes the time and energy that it takes. SI units. */
export const explanationSchema = z.strictObject({
  kind: z.literal('kirchhoff-explanation'),
  formatVersion: z.literal(1),
  provenance: z.strictObject({
    kirchhoff: z.string(),
    taskPolicy: z.string(),
    inferences: z.int(),
    overrides: z.array(z.string()),
    inputs: z.array(z.strictObject({ role: z.string(), file: z.string(), sha256: z.string() })),
  }),
  architecture: z.strictObject({ name: z.string(), area: z.number().describe('m²'), components: areaSchema }),
  workload: z.strictObject({ name: z.string(), macs: z.number().describe('of one inference') }),
  schedule: z.strictObject({
    name: z.string(),
    latency: z.number().describe('s from an idle chip to the first answer'),
    initiationInterval: z.number().describe('s between answers when inferences never run out'),
    energy: energySchema,
    utilisation: componentUtilisationSchema,
    crossbarsUsed: z.int(),
    turns: turnsSchema.nullable().describe('null where the crossbars hold the whole network'),
    bufferShortage: bufferShortageSchema.nullable().describe('null where all buffers hold what is needed'),
    warnings: z.array(z.string()).describe('what makes these figures doubtful, or the chip useless for it'),
  }),
  analysis: analysisSchema,
  reads: readsSchema.nullable().describe('null where the chip charges reads by stated averages'),
});

export type Explanation = z.output<typeof explanationSchema>;
