import { z } from 'zod';
import { bufferShortageSchema } from './buffer-shortage.ts';
import { explanationSchema } from './explanation.ts';
import { reportSchema } from './report.ts';
import { servingSchema } from './serving.ts';
import { studySchema } from './study.ts';
import { traceSchema } from './trace-format.ts';

/** What `kirchhoff show ARCH --json` prints: area and peak figures of the chip, and where each layer went. */
export const showSchema = z.strictObject({
  kind: z.literal('kirchhoff-architecture'),
  formatVersion: z.literal(1),
  name: z.string(),
  levels: z
    .array(
      z.strictObject({
        level: z
          .enum(['crossbar', 'analogCore', 'digitalCore', 'tile', 'chip'])
          .describe(
            'one of them; crossbar: with its drivers, sample-and-holds and its share of the converters',
          ),
        count: z.int(),
        area: z.number().describe('m² of one'),
        peakPower: z.number().describe('W of one, every part at its highest rate'),
        leakage: z.number().describe('W of one'),
        peakThroughput: z.number().describe('operations per second of one, 2 a MAC'),
        topsPerWatt: z.number().describe('peak, at the stated precision'),
        topsPerSquareMillimetre: z.number().describe('peak, at the stated precision'),
      }),
    )
    .describe('a level counts everything below it'),
  precision: z.string(),
  components: z.array(
    z.strictObject({
      component: z.string(),
      path: z.string(),
      count: z.int().describe('on the chip'),
      area: z.number().describe('m² of all'),
      peakPower: z.number().describe('W of all'),
      leakage: z.number().describe('W of all'),
    }),
  ),
  mvm: z
    .strictObject({
      rows: z.int(),
      columns: z.int(),
      operations: z.number().describe('2 a MAC'),
      conversions: z.number(),
      latency: z.number().describe('s from the first drive to the last addition'),
      interval: z.number().describe('s between two when every crossbar of the core is busy'),
      energy: z.number().describe('J, leakage not included'),
      byComponent: z.array(z.strictObject({ component: z.string(), energy: z.number() })),
      energyPerOperation: z.number().describe('J'),
      topsPerWatt: z
        .number()
        .describe('of the core’s parts in an MVM, without leakage and everything outside it'),
      pipeline: z
        .array(z.strictObject({ step: z.string(), cycles: z.int() }))
        .describe('the way through a tile in whole read times of the crossbar'),
    })
    .optional()
    .describe('one MVM on one full crossbar, unsigned inputs; absent without crossbars'),
  capacity: z.number().describe('bytes of weights that the crossbars hold'),
  layers: z
    .array(
      z.strictObject({
        name: z.string(),
        where: z.enum(['analog', 'digital']),
        macs: z.number(),
        rows: z.int().nullable(),
        columns: z.int().nullable(),
        positions: z.int(),
        crossbarsPerReplica: z.int().describe('in all turns, where it does not fit at once'),
        replicas: z.int(),
        tiles: z.array(z.int()),
        cellsUsed: z.number().nullable().describe('fraction of the cells of its crossbars'),
      }),
    )
    .optional(),
  bufferShortage: bufferShortageSchema
    .nullable()
    .optional()
    .describe('of these layers; null where all buffers hold what is needed'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('what the chip lacks for these layers, and overrides that change nothing'),
});

/** What `kirchhoff show MACRO --json` prints: one operation of a published macro at one point. */
export const showMacroSchema = z.strictObject({
  kind: z.literal('kirchhoff-macro'),
  formatVersion: z.literal(1),
  name: z.string(),
  model: z.string(),
  source: z.string(),
  point: z.record(z.string(), z.number()).describe('where it works: SI units, bits, fractions'),
  operations: z.number().describe('of one operation of one copy, 2 a MAC'),
  operationTime: z.number().describe('s'),
  energy: z.number().describe('J of one operation of one copy'),
  copies: z.int(),
  throughput: z.number().describe('operations per second of all copies'),
  area: z.number().describe('m² of all copies, as far as published or modelled'),
  topsPerWatt: z.number().describe('of the counted parts'),
  topsPerSquareMillimetre: z.number().describe('of the counted parts; 0 without areas'),
  calibration: z.strictObject({
    factor: z.number().describe('multiplies every energy'),
    split: z.boolean().describe('whether the energy is shared out as published at one point'),
  }),
  bottomUp: z
    .strictObject({ energy: z.number(), topsPerWatt: z.number(), area: z.number() })
    .describe('without factor, split and published areas'),
  parts: z.array(
    z.strictObject({
      part: z.string(),
      energy: z.number().describe('J of one operation of one copy'),
      area: z.number().describe('m² of one copy as published, else modelled; 0 where neither'),
      bottomUp: z.strictObject({
        energy: z.number().describe('J without factor and split'),
        area: z.number().describe('m² as modelled, 0 where not'),
      }),
      counted: z.boolean().describe('in TOPS/W and TOPS/mm²'),
    }),
  ),
});

/** What `kirchhoff list --json` prints. */
export const listSchema = z.strictObject({
  kind: z.literal('kirchhoff-list'),
  formatVersion: z.literal(1),
  parts: z.array(
    z.strictObject({ list: z.string(), name: z.string(), usage: z.string(), summary: z.string() }),
  ),
});

/** What `kirchhoff check --json` prints. */
export const checkSchema = z.strictObject({
  kind: z.literal('kirchhoff-check'),
  formatVersion: z.literal(1),
  files: z.array(
    z.strictObject({
      file: z.string(),
      what: z.enum(['architecture', 'macro', 'workload', 'scenario', 'model', 'unknown']),
      ok: z.boolean(),
      problems: z.array(z.string()),
      note: z.string().nullable().describe('why a run would answer time, energy and area, but no accuracy'),
    }),
  ),
});

/** Every document that a command prints with `--json`, by the name of its schema file. */
export const documentSchemas = {
  report: reportSchema,
  explanation: explanationSchema,
  show: showSchema,
  'show-macro': showMacroSchema,
  list: listSchema,
  check: checkSchema,
  serving: servingSchema,
  study: studySchema,
  trace: traceSchema,
} as const;

export type ShowDocument = z.output<typeof showSchema>;
export type ShowMacroDocument = z.output<typeof showMacroSchema>;
export type ListDocument = z.output<typeof listSchema>;
export type CheckDocument = z.output<typeof checkSchema>;
