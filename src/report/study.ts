import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const verdict = z.enum(['supported', 'not supported', 'inconclusive', 'not tested']);

const networkSchema = z.strictObject({
  name: z.string(),
  file: z.string(),
  images: z.int().describe('test images judged at every point'),
  calibrationImages: z.int(),
  classes: z.int(),
  macs: z.number().describe('of one inference'),
  float: fraction.describe('of these images, by the float network'),
  digital: fraction.describe('of these images, all layers in int8'),
  largestRows: z.int().describe('inputs of the largest MVM'),
});

const pointSchema = z
  .strictObject({
    network: z.string(),
    design: z.record(z.string(), z.string()).describe('what differs from the base: path and value'),
    questions: z.array(z.string()).describe('that use it'),
    chance: z.boolean().describe('whether chips differ; where they do not, one stands for all'),
    chips: z.int(),
    mean: fraction.describe('of images answered right, over chips'),
    spread: z.number().nullable().describe('standard deviation over chips; null below two'),
    interval95: z
      .number()
      .nullable()
      .describe("half width of the 95 % interval of the mean over chips (Student's t); null below two"),
    perChip: z.array(fraction),
  })
  .describe('one design, measured: all layers with constant weights on crossbars');

const comparisonSchema = z.strictObject({
  network: z.string(),
  what: z.string(),
  unit: z.enum(['points', 'bits', 'decades', 'percent', 'ratio']),
  value: z.number().nullable().describe('points: percentage points; null: beyond what was swept'),
  low: z.number().nullable().describe('limits of its 95 % interval; null: open'),
  high: z.number().nullable(),
  outcome: z
    .enum(['yes', 'no', 'open', 'untold'])
    .describe(
      'whether the claim holds here; untold: nothing is lost yet, or everything, so that nothing can be told',
    ),
});

const statementSchema = z
  .strictObject({
    id: z.string(),
    claim: z.string().describe('of the paper, in our words'),
    rule: z.string().describe('by which the verdict was computed'),
    verdict,
    measured: z.string(),
    comparisons: z.array(comparisonSchema),
  })
  .describe('a claim of the paper and what our networks say of it');

/** What `kirchhoff repro` writes to `result.json`: every point, every comparison and the verdicts they lead to. */
export const studySchema = z.strictObject({
  kind: z.literal('kirchhoff-study'),
  formatVersion: z.literal(1),
  study: z.string(),
  paper: z.string().describe('the publication whose questions are asked again'),
  provenance: z.strictObject({
    kirchhoff: z.string(),
    seed: z.int(),
    chips: z.int(),
    inputs: z.array(z.strictObject({ role: z.string(), file: z.string(), sha256: z.string() })),
  }),
  networks: z.array(networkSchema),
  questions: z.array(z.strictObject({ name: z.string(), asks: z.string() })),
  points: z.array(pointSchema),
  statements: z.array(statementSchema),
});

export type Study = z.output<typeof studySchema>;
export type StudyPoint = z.output<typeof pointSchema>;
export type StudyNetwork = z.output<typeof networkSchema>;
export type Comparison = z.output<typeof comparisonSchema>;
export type StatementReport = z.output<typeof statementSchema>;
export type Verdict = z.output<typeof verdict>;
