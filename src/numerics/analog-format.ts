import { Fault } from '../base/fault.ts';
import type { AdcBehaviour } from '../hardware/adc/adc.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { adcBehaviour, dacBehaviour } from '../hardware/converter-banks.ts';
import type { DacBehaviour } from '../hardware/dac/dac.ts';
import type { ActivationGrid } from '../network/quantization.ts';
import type { AdcRange } from './adc-range.ts';
import type { CellPhysics } from './cells.ts';
import { inputParts } from './input-parts.ts';
import { type AppliedPart, type InputRound, inputRounds, largestDigit, widestSlice } from './input-rounds.ts';
import { type BlockWires, blockWires } from './block-wires.ts';
import type { SliceDigits } from './kernel-calls.ts';
import {
  type ColumnBlock,
  columnBlocks,
  type MvmGeometry,
  type RowBlock,
  rowBlocks,
} from './mvm-geometry.ts';
import {
  cellLevel,
  conversionPlanes,
  type Plane,
  type WeightSlice,
  weightOffset,
  weightSlices,
} from './weight-slices.ts';

/** How the integers of an MVM layer stand on crossbars and word lines, before any chance. */
export interface AnalogFormat {
  readonly weights: readonly WeightSlice[];
  /** What is converted apart: one or two for each weight slice. */
  readonly planes: readonly Plane[];
  /** What of the inputs is sent with one sign of its sums; one part but of some signed inputs. */
  readonly parts: readonly AppliedPart[];
  /** What is applied and accumulated before each conversion, part after part: one input slice, or all of them. */
  readonly rounds: readonly InputRound[];
  readonly blocks: readonly RowBlock[];
  /** Columns of a group on one crossbar. */
  readonly columnBlocks: readonly ColumnBlock[];
  /** Codes of the bias on its word lines, [channels][biasRows]; empty without. They belong to the last block. */
  readonly bias: Int16Array;
  readonly biasRows: number;
  /** The code that drives the bias rows. */
  readonly biasInput: number;
  /** Whether each group has a bit line of middle weights, behind the columns of its unit. */
  readonly unitColumns: boolean;
  readonly signedInputs: boolean;
  /** Whether word lines are driven with both signs. */
  readonly signedDrive: boolean;
  /** Whether a partial sum may be negative: converters then spend a bit on the sign. */
  readonly signedSums: boolean;
  /** Level units that a plane's cells of level 0 conduct, for each weight slice: gmin · levelMax / (1 − gmin). */
  readonly pedestals: readonly number[];
  /** Level units that one relative conductance is: levelMax / (1 − gmin). */
  readonly units: readonly number[];
  readonly adc: AdcBehaviour;
  readonly dac: DacBehaviour;
  /** Resistance of the wires, if any. */
  readonly wires: BlockWires | undefined;
  /** Cells hold whole numbers of levels and reading adds nothing: partial sums are integers. */
  readonly exact: boolean;
  readonly noisy: boolean;
  /** Largest magnitude of an ideal partial sum of any column, for each weight slice. */
  readonly largest: readonly number[];
  /**
   * How slices are multiplied: all of them at once where nothing is converted (`linear`), by the currents of gated
   * cells, by tables of partial sums, or round by round.
   */
  readonly route: 'linear' | 'gated' | 'table' | 'int16' | 'float32';
  /** What a slice holds when tables serve. */
  readonly digits: SliceDigits;
}

export function analogFormat(
  geometry: MvmGeometry,
  spec: ArchitectureSpec,
  codes: Int16Array,
  grid: ActivationGrid,
  physics: CellPhysics,
  bias: Int16Array = new Int16Array(),
): AnalogFormat {
  const { encoding } = spec;
  const core = spec.analogCore!;
  const signedInputs = grid.low < 0;
  const weights = weightSlices(encoding);
  const planes = conversionPlanes(encoding);
  const signedDrive = signedInputs && encoding.signedInputs === 'signMagnitude';
  const sent = inputParts(encoding, signedInputs, grid.high);
  const adc = adcBehaviour(core.adcBank);
  const dac = dacBehaviour(core.dacBank);
  const widest = widestSlice(sent);
  const parts = sent.map((part) => ({
    ...part,
    rounds: inputRounds(part, encoding.accumulation, dac.inl, widest),
  }));
  const rounds = parts.flatMap((part) => part.rounds);
  const units = weights.map(({ levelMax }) => levelMax / (1 - physics.gMin));
  const pairs = planes[0]!.polarities.length === 2;
  const pedestals = units.map((unit) => (pairs ? 0 : physics.gMin * unit));
  const biasRows = bias.length / geometry.channels;
  const blocks = withBias(rowBlocks(geometry, spec), biasRows);
  for (const { bits } of weights) {
    if (bits > MAX_CELL_BITS) {
      throw new Fault(`a weight slice of ${bits} bits needs a cell of more than ${MAX_CELL_BITS}`, {
        cure: 'raise encoding.weightSlices',
      });
    }
  }
  const wires = blockWires(core.crossbar, core.cell);
  const exactCells = physics.exactProgram && physics.exactRead && physics.iv.linear && wires === undefined;
  const exactInputs = dac.gainError === 0 && dac.inl === 0 && dac.noise === 0;
  const exactLevels = encoding.scheme === 'offset' || encoding.pairing === 'oneSided';
  const exact = exactCells && exactInputs && exactLevels && (pairs || physics.gMin === 0);
  const heldBy = (code: number) =>
    planes.map(({ slice, polarities }) =>
      polarities.reduce(
        (sum, polarity) =>
          sum + polarity * cellLevel(code, weights[slice]!, polarity, encoding, physics.bits),
        pedestals[slice]!,
      ),
    );
  const ofPlanes = largestSums(geometry, blocks, { codes, bias, biasRows }, signedDrive, heldBy);
  const largest = weights.map((_, slice) => {
    const sums = ofPlanes.filter((_, plane) => planes[plane]!.slice === slice);
    return Math.max(...sums) * largestDigit(rounds);
  });
  const { inputSliceBits: sliceBits } = encoding;
  const oneBit = sliceBits === 1 || (sliceBits === 2 && !signedDrive && dac.inl === 0);
  const tabular = oneBit && encoding.accumulation === 'digital';
  const digits = sliceBits === 2 ? 'twoBits' : signedDrive ? 'signedBit' : 'oneBit';
  // Float32 adds whole numbers exactly up to 2^24.
  const tableExact = largest.every((sum) => sum < 2 ** 24);
  let route: AnalogFormat['route'] = 'float32';
  if (wires?.topology === 'gated') route = 'gated';
  else if (adc.levels === 0) route = 'linear';
  else if (tabular && (!exact || tableExact)) route = 'table';
  else if (exact) route = 'int16';
  checkLinearity(physics, spec, signedDrive, wires);
  return {
    ...{ weights, planes, parts, rounds, blocks, bias, biasRows, biasInput: grid.high },
    ...{ signedInputs, signedDrive },
    ...{ pedestals, units, adc, dac, wires, exact, largest, route, digits },
    columnBlocks: columnBlocks(geometry, spec),
    unitColumns: encoding.scheme === 'offset' && encoding.offsetRemoval === 'unitColumn',
    signedSums: pairs || signedDrive,
    noisy: !physics.exactRead || dac.noise > 0,
  };
}

/** Whether converters of these ranges return every ideal partial sum unchanged. */
export function isLossless(format: AnalogFormat, ranges: readonly AdcRange[]): boolean {
  const { exact, adc, largest } = format;
  if (!exact || adc.noise > 0 || adc.fabricate !== undefined) return false;
  if (adc.levels === 0) return true;
  return ranges.every(({ lsb, zero, high }, slice) => lsb === 1 && zero === 0 && largest[slice]! <= high);
}

/** What the digital side takes off for every unit of Σx: the weight offset and the pedestals of the planes. */
export function digitalOffset(format: AnalogFormat, spec: ArchitectureSpec): number {
  if (format.unitColumns) return 0;
  return format.planes.reduce(
    (sum, { factor, slice }) => sum + factor * format.pedestals[slice]!,
    weightOffset(spec.encoding),
  );
}

/** As hardware/cell.ts allows. */
const MAX_CELL_BITS = 12;

function withBias(blocks: readonly RowBlock[], biasRows: number): readonly RowBlock[] {
  return blocks.map((block, index) =>
    index === blocks.length - 1 ? { ...block, rows: block.rows + biasRows } : block,
  );
}

/**
 * Cells that are no resistors take one effective conductance only where they see one voltage, or that and its
 * opposite.
 */
function checkLinearity(
  { iv, gMin }: CellPhysics,
  spec: ArchitectureSpec,
  signedDrive: boolean,
  wires: BlockWires | undefined,
): void {
  if (iv.linear) return;
  const cure = 'use encoding.inputSliceBits: 1 without wires, or the crossbar function of the library';
  if (spec.encoding.inputSliceBits > 1 || wires !== undefined) {
    throw new Fault('cells that are no resistors need one-bit inputs and ideal wires in a network', { cure });
  }
  const odd = [gMin, 0.5, 1].every((g) => Math.abs(iv.current(g, 1) + iv.current(g, -1)) < 1e-12);
  if (signedDrive && !odd) {
    throw new Fault('cells whose current is not odd in the voltage cannot take signed inputs in a network', {
      cure: 'set encoding.signedInputs: twosComplement',
    });
  }
}

interface Codes {
  readonly codes: Int16Array;
  readonly bias: Int16Array;
  readonly biasRows: number;
}

/** Largest |Σ cells| of a column within a row block over all inputs of digit 1 (or ±1), for each plane. */
function largestSums(
  { lowering, channels }: MvmGeometry,
  blocks: readonly RowBlock[],
  { codes, bias, biasRows }: Codes,
  signedDrive: boolean,
  heldBy: (code: number) => readonly number[],
): readonly number[] {
  const { rows } = lowering;
  // Codes repeat: what their cells hold is worked out once.
  const known = new Map<number, readonly number[]>();
  const planes = heldBy(0).length;
  const largest = new Float64Array(planes);
  const positive = new Float64Array(planes);
  const negative = new Float64Array(planes);
  const add = (code: number) => {
    let held = known.get(code);
    if (held === undefined) known.set(code, (held = heldBy(code)));
    for (let plane = 0; plane < planes; plane++) {
      const cell = held[plane]!;
      if (cell > 0) positive[plane] = positive[plane]! + cell;
      else negative[plane] = negative[plane]! - cell;
    }
  };
  for (let channel = 0; channel < channels; channel++) {
    blocks.forEach((block, index) => {
      positive.fill(0);
      negative.fill(0);
      const last = index === blocks.length - 1;
      const start = blocks.length === 1 ? 0 : block.start;
      const end = blocks.length === 1 ? rows : start + block.rows - (last ? biasRows : 0);
      for (let row = start; row < end; row++) add(codes[channel * rows + row]!);
      if (last) for (let row = 0; row < biasRows; row++) add(bias[channel * biasRows + row]!);
      for (let plane = 0; plane < planes; plane++) {
        const [more, less] = [positive[plane]!, negative[plane]!];
        largest[plane] = Math.max(largest[plane]!, signedDrive ? more + less : Math.max(more, less));
      }
    });
  }
  return [...largest];
}
