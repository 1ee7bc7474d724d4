import { z } from 'zod';
import { choice, flag, integer, real } from '../../base/quantity.ts';
import { adcModels } from '../../hardware/adc/index.ts';
import { cellSchema } from '../../hardware/cell.ts';
import { wiresSchema } from '../../hardware/crossbar.ts';
import { errorKeys } from '../../hardware/dac/driver-errors.ts';
import { encodingSchema } from '../../hardware/encoding.ts';
import { modelUnion } from '../../hardware/model-union.ts';
import { SPREAD_MEANINGS, SPREADS } from './spread.ts';

const shape = encodingSchema.shape;

const encoding = z.strictObject({
  scheme: shape.scheme,
  pairing: shape.pairing,
  subtraction: shape.subtraction,
  offsetRemoval: shape.offsetRemoval,
  unitColumn: choice(['last', 'first'])
    .default('last')
    .describe(
      'where a unit column stands: behind the outputs, or between them and the drivers of word lines',
    ),
  weightBits: integer({ min: 0, max: 16 })
    .default(0)
    .describe(
      'bits of the integer weight that slices hold, and of the steps of range granular; whole weights take their levels from cellBits',
    ),
  cellBits: integer({ min: 0, max: 16 })
    .default(0)
    .describe('levels of a cell that holds a whole weight: 2^cellBits; 0: any conductance'),
  sliceBits: z
    .array(integer({ min: 0, max: 12 }))
    .min(1)
    .max(16)
    .optional()
    .describe('bits of each weight slice, lowest first; 0: a slice of cells that are off, of common levels'),
  sliceLevels: shape.sliceLevels,
  weightPercentile: shape.weightPercentile,
  weightRange: real({ above: 0, max: 1e12 })
    .optional()
    .describe('the weight magnitude that the conductance range holds, instead of a percentile'),
  percentileOf: choice(['magnitude', 'tails'])
    .default('magnitude')
    .describe(
      'what a percentile below 100 is taken of: magnitudes, or signed weights at both tails, of which the wider counts',
    ),
  offsetScale: choice(['exact', 'reference'])
    .default('exact')
    .describe(
      'of offset encoding. reference: as CrossSim, whose outputs of cells of cellBits are too small by (2^bits − 2) / (2^bits − 1), and whose unit column of slices is the middle of the last slice',
    ),
  accumulation: shape.accumulation,
});

const inputs = z.strictObject({
  low: real({ min: -1e12, max: 1e12 }).default(-1).describe('smallest input; signed: −high'),
  high: real({ min: -1e12, max: 1e12 }).default(1).describe('largest input: full drive'),
  signed: flag().default(true).describe('whether word lines carry both signs'),
  bits: integer({ min: 0, max: 16 }).default(0).describe('of the drivers; 0: any voltage'),
  codes: choice(['all', 'odd'])
    .default('all')
    .describe(
      'all: 2^bits between low and high; odd: one less, so that one stands for 0 (sign and magnitude)',
    ),
  sliceBits: integer({ min: 0, max: 16 })
    .default(0)
    .describe('bits of the magnitude applied at once; 0: all of them'),
  percentile: real({ above: 0, max: 10 })
    .optional()
    .describe(
      'the range follows each call instead of low and high: this share of the largest magnitude, or below 1 the percentile, at both tails; unsigned from 0',
    ),
  headroom: real({ min: 1, max: 10 })
    .default(1)
    .describe('of a range that follows each call: full drive is so many times its end'),
  ...errorKeys,
});

const converter = z.strictObject({
  adc: modelUnion(adcModels, 'conversion').default({ type: 'ideal' }),
  range: choice(['max', 'granular', 'given']).default('max'),
  limits: z
    .array(z.tuple([real({ min: -1e12, max: 1e12 }), real({ min: -1e12, max: 1e12 })]))
    .min(1)
    .max(16)
    .optional()
    .describe(
      'of range `given`: [low, high] for each weight slice, or once for all, in currents of a cell fully on',
    ),
  signed: flag()
    .optional()
    .describe('whether ranges max and granular span both signs; left out: where currents do'),
  circuitSpan: choice(['range', 'mirrored'])
    .default('range')
    .describe(
      'what the steps of converters with errors of their circuit span. mirrored: as CrossSim, ± the larger end of the range, sums clipped to the range before',
    ),
});

const cell = cellSchema.omit({ bits: true, maxConductance: true });

const wires = wiresSchema
  .omit({ rowResistance: true, columnResistance: true, rowTerminal: true, columnTerminal: true })
  .extend({
    row: real({ min: 0, max: 1e9 })
      .default(0)
      .describe('resistance of a word line between neighbouring cells'),
    column: real({ min: 0, max: 1e9 }).default(0).describe('of a bit line between neighbouring cells'),
    rowTerminal: real({ min: 0, max: 1e9 })
      .default(0)
      .describe('of a word line before its first cell, in addition'),
    columnTerminal: real({ min: 0, max: 1e9 })
      .default(0)
      .describe('of a bit line behind its last cell, in addition'),
  })
  .describe('resistances relative to a cell fully on: resistance × largest conductance');

/** What a crossbar is: every key may be left out, and is then ideal. */
export const crossbarSchema = z.strictObject({
  encoding: encoding.prefault({}),
  inputs: inputs.prefault({}),
  cell: cell.prefault({}),
  converter: converter.prefault({}),
  wires: wires.optional(),
  rows: integer({ min: 1, max: 65536 })
    .optional()
    .describe('word lines of one crossbar: more inputs are spread over several, converted apart'),
  columns: integer({ min: 1, max: 65536 }).optional().describe('outputs of one crossbar'),
  rowSpread: choice(SPREADS).default('even').describe(`of inputs over crossbars. ${SPREAD_MEANINGS}`),
  columnSpread: choice(SPREADS).default('even').describe('of outputs over crossbars, likewise'),
  columnLimit: real({ above: 0, max: 1e12 })
    .optional()
    .describe('largest current of a bit line, before pairs are subtracted, in currents of a cell fully on'),
});

/** The parameters of a crossbar as a caller writes them. */
export type CrossbarParameters = z.input<typeof crossbarSchema>;
/** The same with every default filled in. */
export type CrossbarSettings = z.output<typeof crossbarSchema>;
