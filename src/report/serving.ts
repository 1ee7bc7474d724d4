import { z } from 'zod';

const share = z.number().min(0).max(1);

const figure = z
  .strictObject({
    mean: z.number(),
    interval95: z
      .number()
      .nullable()
      .describe("half width of the 95 % interval over replications (Student's t); null below two"),
  })
  .nullable()
  .describe('mean over replications; null where nothing was answered');

/**
 * The figures of a policy, each the mean over replications with its interval: name, unit and meaning in one run. Queries count that came after the warm-up; rates, powers and energies are of the
 * measured interval.
 */
export const servingFigures = {
  accuracyGoodput: 'right answers in time, of all queries offered',
  goodput: 'answers in time per second of the measured interval',
  missRatio: 'late or dropped, of those offered',
  accuracy: 'right answers, of all answers',
  worstWindowAccuracy: 'the least of all windows after the warm-up with 30 answers or more',
  measured:
    's of the measured interval: from the end of the warm-up to the last answer, or to the end where not all is answered',
  throughput: 'answers per second of the measured interval',
  offeredRate: 'queries per second in which they come',
  offered: 'queries of a run',
  meanLatency: 's from arrival to answer',
  p50: 's',
  p90: 's',
  p99: 's',
  p999: 's',
  energyPerAnswer:
    'J: what the measured interval takes, leakage and programming too, by the answers given in it',
  energyPerRightOnTime: 'J for each right answer in time',
  power: 'W, mean of the measured interval',
  peakPower: 'W, mean of the busiest window after the warm-up; power if that is more',
  switches: 'changes of plan in a run, warm-up included',
  longestOverload: 's: the longest stretch of windows after the warm-up with more than 1 % late or dropped',
  fairness: "Jain's index of the models' shares in time",
} as const;

export type ServingFigure = keyof typeof servingFigures;

const figures = z.strictObject(
  Object.fromEntries(
    Object.entries(servingFigures).map(([name, text]) => [
      name,
      figure.describe(`${text}; mean over replications`),
    ]),
  ) as Record<ServingFigure, typeof figure>,
);

const cutSchema = z.strictObject({
  name: z.string(),
  accuracy: share.describe('expected'),
  latency: z.number().describe('s, on an idle device'),
  interval: z.number().describe('s between answers of one device'),
  energy: z.number().describe('J of a query, leakage apart'),
  work: z.array(z.number()).describe('s of each station'),
});

const windowSchema = z.strictObject({
  start: z.number().describe('s'),
  length: z.number(),
  energy: z.number().describe('J of queries'),
  models: z.array(
    z.strictObject({
      offered: z.int(),
      answered: z.int(),
      onTime: z.int(),
      dropped: z.int(),
      right: z.int(),
      expected: z.number(),
      p99: z.number().nullable(),
      waiting: z.int(),
      devices: z.int(),
      plan: z.array(z.number()).describe('shares by cut'),
    }),
  ),
});

/** A count of queries that came after the warm-up. */
const count = (text: string) => z.int().describe(`${text}: sum over replications`);

const modelSchema = z.strictObject({
  name: z.string(),
  offered: count('queries = onTime + late + droppedFull + droppedEarly + inFlight'),
  onTime: count('answered before they were due'),
  late: count('answered after they were due'),
  droppedFull: count('turned away or given up because the line was full'),
  droppedEarly: count('given up in line by a rule'),
  inFlight: count('neither answered nor dropped at the end'),
  right: count('answers that are right'),
  rightOnTime: count('answers that are right and in time'),
  belowQuality: count('answers of a cut less accurate than the query asked for'),
  again: count('answers computed once more'),
  answersByCut: z
    .array(z.int())
    .describe('answers of each cut, onTime + late together: sums over replications'),
  p50: figure.describe('s: mean over replications'),
  p99: figure.describe('s: mean over replications'),
});

const policySchema = z.strictObject({
  name: z.string(),
  window: z.record(z.string(), z.unknown()).describe('upper level, with its parameters'),
  request: z.array(z.record(z.string(), z.unknown())).describe('lower level'),
  figures,
  regret: figure.describe(
    'expected accuracy-goodput below the clairvoyant bound of the same arrivals: mean over replications',
  ),
  againstFirst: figure.describe(
    'accuracy-goodput minus that of the first policy, replication by replication: mean over them',
  ),
  againstBest: figure.describe(
    'accuracy-goodput minus that of the policy with the most, replication by replication: mean over them',
  ),
  utilisation: z
    .array(figure)
    .describe(
      'of the first stations, which are parts of the chip, over the measured interval, mean over its servers, devices and replications; of crossbars that hold layers of the model with MVMs, waiting for shared converters left out, of digital cores while they compute',
    ),
  models: z.array(modelSchema).describe('counts: sums over replications; p50 and p99: means over them'),
  windows: z.array(windowSchema).describe('of the first replication alone, warm-up included'),
  moves: z.int().describe('of models to other devices, warm-up included: sum over replications'),
  programmings: z
    .int()
    .describe('how often crossbars of a device were programmed, warm-up included: sum over replications'),
});

const sweepPointSchema = z.strictObject({
  factor: z.number().describe('of the rate of the load'),
  inTime: share.describe(
    'answered in time, of the queries offered but for those in flight at the end, all replications together; of several models that with the least',
  ),
  meetsDeadline: z
    .boolean()
    .nullable()
    .describe(
      'whether inTime is 99 % or more: p99, with dropped queries as never answered; null where no query is due',
    ),
  kleinrockPower: figure.describe(
    'throughput divided by the mean latency, 1/s² (Kleinrock, ICC 1979): mean over replications',
  ),
  figures,
});

const sweepSchema = z.strictObject({
  factors: z.array(z.number()).describe('of the rate of the load, ascending'),
  policies: z.array(
    z.strictObject({
      name: z.string(),
      knee: z
        .number()
        .nullable()
        .describe('factor with the most kleinrockPower; null where nothing was answered'),
      highestInTime: z.number().nullable().describe('highest factor that meets the deadline; null of none'),
      points: z.array(sweepPointSchema).describe('by factor'),
    }),
  ),
});

const scenarioSchema = z.strictObject({
  name: z.string(),
  file: z.string(),
  fidelity: z.enum(['profile', 'cycle']),
  load: z.record(z.string(), z.unknown()),
  duration: z.number(),
  warmUp: z.number().describe('s, as given or found by MSER-5: queries that come before it do not count'),
  window: z.number(),
  devices: z.int(),
  replications: z.int(),
  independent: z
    .int()
    .describe(
      'runs with simulated chips of their own, observations for the intervals of what depends on which answers are right',
    ),
  stations: z.array(z.string()),
  capacity: z.number().describe('queries/s with the most accurate cuts'),
  fastest: z.number().describe('queries/s with the fastest cuts'),
  mlperf: z
    .strictObject({
      metric: z.string(),
      unit: z.enum(['s', '1/s']),
      seconds: z
        .number()
        .describe(
          'that LoadGen asks a run to last at least; told and not applied, as simulated time is deterministic',
        ),
      queries: z.int().describe('that its rules ask of a run at least; samples of offline'),
      enoughQueries: z.boolean().describe('whether every run has as many'),
      dropped: z
        .array(z.int())
        .describe(
          'queries of each policy that were dropped, its rules ask for an answer to each; of server they count as late: sums over replications',
        ),
      closedAccuracy: z
        .number()
        .describe('share of its reference that the closed division asks; not checked'),
      accuracy: z
        .array(z.number().min(0).nullable())
        .describe(
          'of the answers of each policy, in expectation, as a share of that of the most accurate cuts; as they came where answers were computed once more; null where nothing was answered',
        ),
      policies: z.array(figure).describe('the metric of each policy: means over replications'),
    })
    .nullable()
    .describe('of the scenarios of MLPerf Inference: the figure that counts; null of other loads'),
  notes: z.array(z.string()).describe('what the figures below are to be read with'),
  bound: figure.describe(
    'clairvoyant bound on expected accuracy-goodput: mean over replications; null of closed loads',
  ),
  models: z.array(
    z.strictObject({
      name: z.string(),
      share: z.number().describe('of the queries that name no model, relative to the others'),
      deadline: z.number().nullable(),
      measured: z.boolean().describe('whether its accuracy was computed, not given'),
      cuts: z.array(cutSchema),
    }),
  ),
  policies: z.array(policySchema),
  sweep: sweepSchema.nullable().describe('every policy under multiples of the load; null without --sweep'),
});

/** What `kirchhoff serve` and `kirchhoff compare` write: policies on scenarios, with intervals. */
export const servingSchema = z.strictObject({
  kind: z.literal('kirchhoff-serving'),
  formatVersion: z.literal(1),
  provenance: z.strictObject({
    kirchhoff: z.string(),
    seed: z.int(),
    overrides: z.array(z.string()),
    inputs: z.array(z.strictObject({ role: z.string(), file: z.string(), sha256: z.string() })),
  }),
  architecture: z.string(),
  scenarios: z.array(scenarioSchema),
});

export type ServingReport = z.output<typeof servingSchema>;
export type ServedScenario = z.output<typeof scenarioSchema>;
export type LoadSweep = z.output<typeof sweepSchema>;
export type SweptPolicy = LoadSweep['policies'][number];
export type ServedPolicy = z.output<typeof policySchema>;
export type Figure = z.output<typeof figure>;
