import { z } from 'zod';
import { analysisSchema } from './analysis.ts';
import { bufferShortageSchema } from './buffer-shortage.ts';
import { floorPlanSchema } from './floor-plan.ts';
import { placementSchema } from './placement-report.ts';
import { timelineSchema } from './timeline.ts';
import { turnsSchema } from './turns.ts';
import { unitLoadSchema } from './unit-load.ts';

const fraction = z.number().min(0).max(1);
const seconds = z.number().describe('s');
const joules = z.number().describe('J');

/** Energy of an inference and where it goes. */
export const energySchema = z
  .strictObject({
    total: joules,
    byComponent: z.array(z.strictObject({ component: z.string(), dynamic: joules, leakage: joules })),
    byLayer: z
      .array(z.strictObject({ layer: z.string(), energy: joules }))
      .describe(
        'dynamic energy by layer; what leaks over the initiation interval stands in a row of its own',
      ),
  })
  .describe('J per inference in steady state; both breakdowns add up to total');

/** How close the components of a chip come to their highest rate. */
export const componentUtilisationSchema = z
  .array(z.strictObject({ component: z.string(), fraction: z.number() }))
  .describe(
    'actions over what the component could do at its highest rate in the time of the whole stream, filling and draining of the pipeline included',
  );

/** The area table of a chip. */
export const areaSchema = z.array(
  z.strictObject({
    component: z.string(),
    path: z.string(),
    count: z.int().describe('on the chip'),
    area: z.number().describe('m² of all'),
  }),
);

const accuracySchema = z.strictObject({
  mean: fraction.describe('over simulated chips, of images answered right'),
  interval95: z
    .number()
    .nullable()
    .describe("half width of the 95 % interval of the mean over chips (Student's t); null below two chips"),
  perChip: z.array(fraction),
});

const scheduleSchema = z
  .strictObject({
    name: z.string().describe('the partition, such as prefix:3'),
    analogLayers: z.array(z.string()),
    analogFraction: fraction.describe('MACs on crossbars over all MACs'),
    crossbarsUsed: z.int(),
    latency: seconds.describe('s from an idle chip to the first answer'),
    initiationInterval: seconds.describe('s between answers when inferences never run out'),
    throughput: z.number().describe('inferences per second: 1 / initiationInterval'),
    energy: energySchema,
    topsPerWatt: z.strictObject({
      effective: z.number().describe('2 operations a MAC, all MACs of the network, all of its energy'),
      precision: z.string(),
    }),
    utilisation: componentUtilisationSchema,
    timeline: timelineSchema,
    load: unitLoadSchema,
    placement: placementSchema,
    accuracy: accuracySchema.nullable().describe('null when the network has no weights or no data'),
    analysis: analysisSchema,
    turns: turnsSchema.nullable().describe('null where the crossbars hold the whole network'),
    bufferShortage: bufferShortageSchema.nullable().describe('null where all buffers hold what is needed'),
    warnings: z.array(z.string()).describe('what makes these figures doubtful, or the chip useless for it'),
    paretoBest: z
      .boolean()
      .describe(
        'no other row is as good in energy, latency, throughput and, where it is known, accuracy and better in one; rows with a buffer shortage neither are nor beat others',
      ),
  })
  .describe('one split of the network between crossbars and digital cores');

const provenanceSchema = z
  .strictObject({
    kirchhoff: z.string(),
    seed: z.int(),
    samples: z.int(),
    chips: z.int(),
    taskPolicy: z.string(),
    inferences: z.int().describe('played back to back; of schedules that need different numbers, the most'),
    overrides: z.array(z.string()),
    inputs: z.array(z.strictObject({ role: z.string(), file: z.string(), sha256: z.string() })),
  })
  .describe('everything needed to get the same bytes again');

/** What reads and drives of crossbars were charged by, where the chip asks for measured ones. */
export const readsSchema = z.strictObject({
  charged: z.enum(['measured', 'average']),
  why: z.string().nullable().describe('average although measured ones are asked for: what is missing'),
  images: z.int().describe('calibration images whose inputs were watched; 0 where none were'),
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      density: fraction.describe('mean over inputs and input slices of drive² (readLaw square) or drive'),
      densities: z.array(fraction).describe('that of each input slice, lowest first'),
      active: fraction.describe('drives by anything but 0 over all drives'),
      conductance: z.number().describe('mean of the weights’ cells, relative to one fully on'),
      conductances: z
        .array(z.strictObject({ slice: z.int(), positive: z.number(), negative: z.number().nullable() }))
        .describe('by weight slice; negative: the other cells of pairs'),
      readEnergy: joules.describe('J of a cell for an input slice'),
      driveEnergy: joules.describe('J of a word line for an input slice'),
      overAverage: z.number().nullable().describe('readEnergy over what the chip states as its average'),
    }),
  ),
});

/** The answer of a run as written to `report.json`: SI units; accuracies and utilisations are fractions. */
export const reportSchema = z.strictObject({
  kind: z.literal('kirchhoff-report'),
  formatVersion: z.literal(1),
  provenance: provenanceSchema,
  architecture: z.strictObject({
    name: z.string(),
    area: z.number().describe('m²'),
    leakage: z.number().describe('W'),
    crossbars: z.int(),
    components: areaSchema,
    floorPlan: floorPlanSchema,
  }),
  workload: z.strictObject({
    name: z.string(),
    macs: z.number().describe('of one inference'),
    mvmLayers: z.array(z.strictObject({ name: z.string(), macs: z.number() })),
  }),
  accuracy: z
    .strictObject({
      samples: z.int(),
      chips: z.int(),
      float: fraction.describe('of the same images, by the float network'),
      digital: fraction.describe('of the same images, all layers in int8'),
      reference: fraction.nullable().describe('what the workload states for its whole test set'),
    })
    .nullable()
    .describe('null when the network has no weights or no data'),
  withoutAccuracy: z.string().nullable().describe('why there is no accuracy'),
  reads: readsSchema.nullable().describe('null where the chip charges reads by stated averages'),
  schedules: z.array(scheduleSchema),
});

export type Report = z.output<typeof reportSchema>;
export type ScheduleReport = z.output<typeof scheduleSchema>;
export type AreaTable = z.output<typeof areaSchema>;
export type EnergyReport = z.output<typeof energySchema>;
export type AccuracyReport = z.output<typeof accuracySchema>;
export type ReadsReport = z.output<typeof readsSchema>;
