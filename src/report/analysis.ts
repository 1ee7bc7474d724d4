import { z } from 'zod';

const seconds = z.number().describe('s');
const joules = z.number().describe('J');
const fraction = z.number().min(0);

/** What work queues for or holds. `crossbars` are copies of layers, each with its converters; `programming` is of all at once. */
export const RESOURCES = [
  'crossbars',
  'programming',
  'digitalCores',
  'bufferPorts',
  'links',
  'memoryPort',
] as const;
export type Resource = (typeof RESOURCES)[number];
const resource = z.enum(RESOURCES);

const energyMatrixSchema = z
  .strictObject({
    components: z.array(z.string()),
    rows: z.array(z.strictObject({ layer: z.string(), energy: z.array(joules).describe('by component') })),
  })
  .describe(
    'J per inference; the last row is leakage over the initiation interval. Its sums are those of energy',
  );

const rooflineSchema = z
  .strictObject({
    macs: z.number(),
    bytes: z.number().describe('read and written in buffers and memory'),
    intensity: z.number().describe('MAC per byte'),
    peak: z.number().describe('MAC/s of the crossbars and MAC arrays in use, without a pause'),
    bandwidth: z.number().describe('B/s of the buffer ports and the memory in use'),
    attainable: z.number().describe('MAC/s: the lower of peak and intensity × bandwidth'),
    achieved: z.number().describe('MAC/s at the initiation interval'),
    bound: z.enum(['compute', 'transfer']),
  })
  .describe('per inference');

const loadSchema = z.strictObject({
  resource,
  unit: z.string(),
  busy: seconds.describe('s an inference keeps it busy for this layer'),
  load: seconds.describe('s an inference keeps it busy for all layers, in steady state'),
  slack: seconds.describe('initiation interval less load'),
});

const layerSchema = z.strictObject({
  layer: z.string(),
  bottleneck: loadSchema.nullable().describe('the resource that the layer keeps busy longest'),
  roofline: rooflineSchema.nullable().describe('null for layers without MACs'),
});

const criticalPathSchema = z
  .strictObject({
    latency: seconds,
    parts: z
      .array(z.strictObject({ layer: z.string(), part: z.string(), time: seconds, steps: z.int() }))
      .describe('in order of first appearance; times add up to latency'),
    segments: z
      .array(z.strictObject({ layer: z.string(), from: seconds, to: seconds }))
      .describe('from 0 to latency without a gap'),
  })
  .describe(
    'what the first inference on an idle chip waited for, without a gap from its start to its answer',
  );

const utilisationSchema = z.strictObject({
  groups: z
    .array(z.strictObject({ resource, units: z.int(), mean: fraction, highest: fraction }))
    .describe(
      'busy time over that of the whole stream, the filling and draining of the pipeline included; mean over all units of the chip',
    ),
  units: z
    .array(
      z.strictObject({
        resource,
        unit: z.string(),
        tile: z.int().nullable(),
        crossbars: z.int().optional().describe('of the layer on the tile'),
        utilisation: fraction,
      }),
    )
    .describe('what the schedule uses; crossbars by layer and tile'),
});

const stallsSchema = z
  .array(
    z.strictObject({
      layer: z.string().describe('that waited'),
      resource: z
        .string()
        .describe(
          'what it waited for; input: data of the holder; room: in its buffer, for output that the holder has not taken; weightsFromMemory: for programming the holder',
        ),
      buffer: z.string().nullable().describe('the full buffer, where it waited for room'),
      holder: z.string().describe('the layer that held it meanwhile'),
      time: seconds.describe(
        's per inference, added up over all tasks: those of several copies wait at once',
      ),
    }),
  )
  .describe('who waited for whom, the longest first');

const efficiencySchema = z
  .strictObject({
    precision: z.string(),
    topsPerWatt: z.strictObject({ peak: z.number(), effective: z.number() }),
    topsPerSquareMillimetre: z.strictObject({ peak: z.number(), effective: z.number() }),
    energyDelay: z.strictObject({
      latency: z.number().describe('J·s: energy of an inference × latency'),
      interval: z.number().describe('J·s: energy of an inference × initiation interval'),
    }),
  })
  .describe(
    '2 operations a MAC. peak: the whole chip, every part at its highest rate; effective: this network under this schedule',
  );

const paceSchema = { latency: seconds, interval: seconds };

const whatIfSchema = z
  .array(
    z.strictObject({
      part: z.string(),
      speed: z.number().nullable().describe('times as fast, or as large or wide; null: infinitely'),
      ...paceSchema,
      latencyGain: z.number().describe('latency now over latency then'),
      intervalGain: z.number().describe('initiation interval now over that then'),
    }),
  )
  .describe(
    'the same schedule simulated again with one part faster, larger or wider, by gain in initiation interval, then latency',
  );

const rangeSchema = z.strictObject({ less: z.number(), more: z.number() });

const sensitivitySchema = z
  .strictObject({
    change: z.number().describe('0.1: by 10 %'),
    energy: z
      .array(z.strictObject({ component: z.string(), total: rangeSchema.describe('J per inference') }))
      .describe('the energy of one component less or more, from the ledger; by width'),
    time: z
      .array(
        z.strictObject({
          part: z.string(),
          latency: rangeSchema.describe('s'),
          interval: rangeSchema.describe('s'),
          energy: rangeSchema.describe('J per inference: leakage follows the interval'),
        }),
      )
      .describe(
        'one part taking less or more time, simulated again; by width of the interval, then of the latency',
      ),
  })
  .describe('a tornado: each component a little better and a little worse');

/** What determines energy and time of one schedule, in SI units. */
export const analysisSchema = z.strictObject({
  energyMatrix: energyMatrixSchema,
  bottleneck: loadSchema.nullable().describe('the busiest resource of all'),
  layers: z.array(layerSchema),
  roofline: rooflineSchema.nullable(),
  criticalPath: criticalPathSchema,
  utilisation: utilisationSchema,
  stalls: stallsSchema,
  efficiency: efficiencySchema,
  whatIf: whatIfSchema.optional(),
  sensitivity: sensitivitySchema.optional(),
});

export type Analysis = z.output<typeof analysisSchema>;
export type EnergyMatrix = z.output<typeof energyMatrixSchema>;
export type Roofline = z.output<typeof rooflineSchema>;
export type Load = z.output<typeof loadSchema>;
export type CriticalPath = z.output<typeof criticalPathSchema>;
export type Utilisation = z.output<typeof utilisationSchema>;
export type Stalls = z.output<typeof stallsSchema>;
export type Efficiency = z.output<typeof efficiencySchema>;
export type WhatIf = z.output<typeof whatIfSchema>;
export type Sensitivity = z.output<typeof sensitivitySchema>;
