import { z } from 'zod';
import { choice, integer, quantity, text } from '../base/quantity.ts';
import { type CellSpec, cellSchema } from './cell.ts';
import { checkCell } from './cell-conflicts.ts';
import {
  type AdcBankSpec,
  adcBankSchema,
  dacBankSchema,
  dacFigures,
  sampleAndHoldSchema,
  shiftAndAddSchema,
} from './converter-banks.ts';
import { type CrossbarSpec, crossbarSchema } from './crossbar.ts';
import { digitalCoreSchema } from './digital-core.ts';
import { bitLinesPerColumn, encodingSchema, extraColumns, weightSliceBits } from './encoding.ts';
import { interconnectSchema } from './interconnect.ts';
import { programmings } from './programming/index.ts';
import { memorySchema, storageSchema } from './storage.ts';

/** A part of constant area and power, such as an off-chip link or a control unit. */
const fixedPartSchema = z.strictObject({
  name: text(),
  count: integer({ min: 1, max: 1e6 }).default(1),
  area: quantity('m^2', { min: 0, max: 1 }).default(0).describe('of one'),
  power: quantity('W', { min: 0, max: 1e4 }).default(0).describe('of one, drawn all the time'),
});

const analogCoreSchema = z.strictObject({
  crossbars: integer({ min: 1, max: 4096 }).describe('of one core'),
  crossbar: crossbarSchema.describe('cells on word lines and bit lines'),
  cell: cellSchema.describe('levels and errors of a cell'),
  dacBank: dacBankSchema.describe('drivers of the word lines, one a row'),
  sampleAndHold: sampleAndHoldSchema.describe('one for each bit line'),
  adcBank: adcBankSchema.describe('converters and their range'),
  shiftAndAdd: shiftAndAddSchema.describe('adds codes at their place values'),
  programming: programmings.schema
    .optional()
    .describe('networks larger than the chip take turns on its crossbars, programmed anew for each part'),
  register: storageSchema.describe(
    'input and output registers of one core; their time hides behind the crossbars, their bandwidth gives the peak power',
  ),
  fixed: z.array(fixedPartSchema).max(64).default([]).describe('of one core, such as its control'),
});

const tileSchema = z.strictObject({
  analogCores: integer({ min: 0, max: 4096 }).describe('of one tile'),
  digitalCores: integer({ min: 0, max: 4096 }).describe('of one tile'),
  accumulators: choice(['buffer', 'vectorUnit'])
    .default('buffer')
    .describe(
      'where the sums of an MVM go: through the buffer to any digital core, or from the output register straight to a vector unit of the tile',
    ),
  cycle: quantity('s', { above: 0, max: 1, example: '100 ns' })
    .optional()
    .describe(
      'in lock step: MVMs, merging, vector work and writes of a tile begin and end at multiples of it',
    ),
  buffer: storageSchema.describe('holds the activations of the layers that live on the tile'),
  fixed: z.array(fixedPartSchema).max(64).default([]),
});

/** Links between chips: each has one out and one in, to a switch that is never in the way. */
const chipLinkSchema = z.strictObject({
  bandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of one direction'),
  latency: quantity('s', { min: 0, max: 1 })
    .default(0)
    .describe('of each of the two links that a message takes'),
  energy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte and link'),
});

const chipSchema = z.strictObject({
  tiles: integer({ min: 1, max: 65536 }).describe('of one chip'),
  count: integer({ min: 1, max: 256 }).default(1).describe('chips that hold a network together'),
  chipLink: chipLinkSchema
    .optional()
    .describe('between chips, from their first tiles; needed for more than one'),
  interconnect: interconnectSchema.describe('how tiles reach each other and the memory'),
  memory: memorySchema.describe(
    'where inputs, and weights that are streamed or programmed, come from and answers go',
  ),
  fixed: z.array(fixedPartSchema).max(64).default([]),
});

/** The chip, from its tiles down to its cells: the schema of every file in `arch/`. */
export const architectureSchema = z.strictObject({
  name: text().describe('shown in reports'),
  description: text().optional(),
  technology: quantity('m', { min: 1e-9, max: 1e-6, example: '32 nm' }).describe(
    'node; models that scale with it use it',
  ),
  chip: chipSchema,
  tile: tileSchema,
  analogCore: analogCoreSchema.optional().describe('left out on a chip without analog cores'),
  digitalCore: digitalCoreSchema.optional().describe('left out on a chip without digital cores'),
  encoding: encodingSchema.prefault({}),
});

/** A chip as the simulator knows it: SI units, defaults filled in. Plain and JSON-able. */
export type ArchitectureSpec = z.output<typeof architectureSchema>;
export type AnalogCoreSpec = z.output<typeof analogCoreSchema>;
export type TileSpec = z.output<typeof tileSchema>;

/** Tiles of all chips. */
export function tileCount({ chip }: Pick<ArchitectureSpec, 'chip'>): number {
  return chip.count * chip.tiles;
}

/** A contradiction between parts of a spec, at the key that has to change. */
export interface SpecConflict {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly cure: string;
}

/** Everything in a spec that no single field can see: parts that are missing, do not fit or exceed sane sizes. */
export function checkArchitecture(spec: ArchitectureSpec): readonly SpecConflict[] {
  const conflicts: SpecConflict[] = [];
  const conflict = (path: string, problem: string, cure: string) =>
    conflicts.push({ path: path.split('.'), problem, cure });
  const { tile, chip, analogCore, digitalCore, encoding } = spec;

  if (tile.analogCores > 0 && analogCore === undefined) {
    conflict(
      'tile.analogCores',
      `${tile.analogCores} analog cores, but no analogCore section`,
      'add analogCore, or set 0',
    );
  }
  if (tile.digitalCores > 0 && digitalCore === undefined) {
    conflict(
      'tile.digitalCores',
      `${tile.digitalCores} digital cores, but no digitalCore section`,
      'add digitalCore, or set 0',
    );
  }
  if (
    digitalCore !== undefined &&
    (digitalCore.macArray === undefined) !== (digitalCore.weightMemory === undefined)
  ) {
    const missing = digitalCore.macArray === undefined ? 'macArray' : 'weightMemory';
    conflict(
      'digitalCore',
      `${missing} is missing: macArray and weightMemory belong together`,
      'give both, or neither for a core of vector work only',
    );
  }
  if (tile.digitalCores === 0) {
    conflict(
      'tile.digitalCores',
      'no digital core to do activations, pooling and additions',
      'set at least 1; without macArray it serves vector work only',
    );
  }
  if (chip.count > 1 && chip.chipLink === undefined) {
    conflict('chip.count', `${chip.count} chips without a link between them`, 'add chip.chipLink, or set 1');
  }
  const functions = Object.keys(digitalCore?.vectorUnit.functions ?? {});
  if (functions.length > 0 && digitalCore!.vectorUnit.operationEnergy === 0) {
    conflict(
      'digitalCore.vectorUnit.operationEnergy',
      `lanes without energy beside units for ${functions.join(', ')}, whose energy is told in operations of the lanes`,
      'give operationEnergy, or leave out functions',
    );
  }
  const cores =
    chip.count * chip.tiles * (tile.analogCores * (analogCore?.crossbars ?? 0) + tile.digitalCores);
  if (cores > 4_194_304) {
    conflict('chip.tiles', `${cores} crossbars and digital cores in all`, 'at most 4,194,304');
  }
  if (analogCore !== undefined) {
    checkEncoding(spec, conflict);
    if (analogCore.crossbar.reads === 'measured' && analogCore.crossbar.fullReadEnergy === undefined) {
      conflict(
        'analogCore.crossbar.reads',
        'measured, but the energy of a full read is not known',
        'give crossbar.fullReadEnergy, or set average',
      );
    }
    const widest = Math.max(...weightSliceBits(encoding));
    if (widest > analogCore.cell.bits) {
      conflict(
        'analogCore.cell.bits',
        `a weight slice of ${widest} bits does not fit a cell of ${analogCore.cell.bits} bits`,
        `raise cell.bits to ${widest} or encoding.weightSlices`,
      );
    }
    const interleaved = analogCore.crossbar.wires?.pairs === 'interleaved';
    const lines = bitLinesPerColumn(encoding, interleaved) * (1 + extraColumns(encoding));
    if (lines > analogCore.crossbar.columns) {
      conflict(
        'analogCore.crossbar.columns',
        `one output takes ${lines} bit lines, a crossbar has ${analogCore.crossbar.columns}`,
        'use more columns or fewer slices',
      );
    }
    const dacBits = dacFigures(analogCore.dacBank, spec.technology).bits;
    if (encoding.inputSliceBits > dacBits) {
      conflict(
        'analogCore.dacBank.dac',
        `input slices of ${encoding.inputSliceBits} bits on a driver of ${dacBits}`,
        `lower encoding.inputSliceBits to ${dacBits} or use a wider dac`,
      );
    }
    const inputBytes = analogCore.crossbars * analogCore.crossbar.rows * Math.ceil(encoding.inputBits / 8);
    if (inputBytes > analogCore.register.capacity) {
      conflict(
        'analogCore.register.capacity',
        `the inputs of ${analogCore.crossbars} crossbars take ${inputBytes} bytes, the register holds ${analogCore.register.capacity}`,
        `raise it to ${inputBytes} B`,
      );
    }
    const { programming } = analogCore;
    if (programming?.lifetime !== undefined && programming.endurance === undefined) {
      const problem = 'a lifetime of cells whose endurance is not known';
      conflict('analogCore.programming.lifetime', problem, 'give analogCore.programming.endurance');
    }
    checkCell(analogCore.cell, (key, ...text) => conflict(`analogCore.cell.${key}`, ...text));
  }
  return conflicts;
}

type Report = (path: string, problem: string, cure: string) => void;

/** Contradictions of the encoding with itself, the wires, the cells and the converters. */
function checkEncoding({ encoding, analogCore }: ArchitectureSpec, conflict: Report): void {
  const { crossbar, cell, adcBank } = analogCore!;
  const { scheme, sliceBits } = encoding;
  const differential = scheme === 'differential';
  const slices = weightSliceBits(encoding);
  if (sliceBits !== undefined) {
    const magnitude = differential ? encoding.weightBits - 1 : encoding.weightBits;
    const total = sliceBits.reduce((sum, bits) => sum + bits, 0);
    if (total !== magnitude) {
      const cure = `make them add up to ${magnitude}`;
      conflict('encoding.sliceBits', `slices of ${total} bits for ${magnitude} bits of a weight`, cure);
    }
  }
  if (!differential && encoding.pairing === 'twoSided') {
    conflict(
      'encoding.pairing',
      'twoSided pairs with offset cells, which have no partner',
      'use scheme: differential',
    );
  }
  if (!differential && encoding.subtraction === 'digital') {
    conflict('encoding.subtraction', 'offset cells have nothing to subtract', 'use scheme: differential');
  }
  if (differential && encoding.offsetRemoval === 'unitColumn') {
    conflict('encoding.offsetRemoval', 'differential pairs have no offset', 'use scheme: offset');
  }
  if (encoding.accumulation === 'analog' && encoding.signedInputs !== 'signMagnitude') {
    const problem = `charges of ${encoding.signedInputs} inputs would have to be taken off each other before they are converted`;
    conflict('encoding.signedInputs', problem, 'use accumulation: digital, or signedInputs: signMagnitude');
  }
  if (encoding.pairing === 'twoSided' && slices.length > 1) {
    const cure = 'use pairing: oneSided, or one slice';
    conflict('encoding.pairing', 'twoSided pairs of several slices: the middle of a pair is no level', cure);
  }
  const wordLines = crossbar.wires?.pairs === 'interleaved' ? 2 : 1;
  if (encoding.biasRows + 1 > Math.floor(crossbar.rows / wordLines)) {
    const cure = `at most ${Math.floor(crossbar.rows / wordLines) - 1}`;
    conflict('encoding.biasRows', `${encoding.biasRows} bias rows leave no word line for an input`, cure);
  }
  checkWires(crossbar, cell, encoding, conflict);
  checkRange(adcBank, encoding, slices.length, conflict);
}

function checkWires(
  { wires }: CrossbarSpec,
  cell: CellSpec,
  encoding: ArchitectureSpec['encoding'],
  conflict: Report,
): void {
  if (wires === undefined) return;
  const path = 'analogCore.crossbar.wires';
  if (cell.maxConductance === undefined) {
    conflict(
      path,
      'resistive wires beside cells of unknown conductance',
      'give analogCore.cell.maxConductance',
    );
  }
  if (wires.topology === 'gated' && encoding.inputSliceBits > 1) {
    conflict(`${path}.topology`, 'gated cells are open or shut', 'set encoding.inputSliceBits: 1');
  }
  if (
    wires.topology === 'gated' &&
    (wires.rowResistance > 0 || wires.rowTerminal > 0 || wires.pairs === 'interleaved')
  ) {
    const cure =
      'set rowResistance and rowTerminal to 0 and pairs: separate (the crossbar function solves the rest)';
    conflict(`${path}.topology`, 'gated crossbars of networks have ideal supplies and pairs apart', cure);
  }
  if (wires.pairs === 'interleaved' && (encoding.scheme === 'offset' || encoding.subtraction === 'digital')) {
    const cure = 'use pairs: separate';
    conflict(`${path}.pairs`, 'interleaved cells are pairs whose currents meet on their bit line', cure);
  }
}

function checkRange(
  { range, limits }: AdcBankSpec,
  encoding: ArchitectureSpec['encoding'],
  slices: number,
  conflict: Report,
): void {
  const path = 'analogCore.adcBank';
  if (range === 'given' && limits === undefined) {
    conflict(`${path}.range`, 'given, but there are no limits', 'add limits, or choose another range');
  }
  if (range !== 'given' && limits !== undefined) {
    conflict(`${path}.limits`, `limits have no meaning for range ${range}`, 'set range: given');
  }
  if (range === 'granular' && encoding.accumulation === 'analog') {
    const cure = 'use accumulation: digital';
    conflict(`${path}.range`, 'granular steps need a conversion for each input slice', cure);
  }
  limits?.forEach(([low, high], index) => {
    if (low < high) return;
    conflict(`${path}.limits.${index}`, `${low} is not below ${high}`, 'exchange them');
  });
  if (limits !== undefined && limits.length !== 1 && limits.length !== slices) {
    const cure = 'give one, or one for each slice';
    conflict(`${path}.limits`, `${limits.length} pairs for ${slices} weight slices`, cure);
  }
}
