import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { inputSliceBits as inputWidths } from '../hardware/encoding.ts';
import type { ActivationGrid } from '../network/quantization.ts';
import { type AdcRange, adcCodes, adcRange } from './adc-range.ts';
import type { CellPhysics } from './cells.ts';
import type { SliceDigits } from './kernel-calls.ts';
import { largestBlockRows, type MvmGeometry, type RowBlock, rowBlocks } from './mvm-geometry.ts';
import {
  type InputSlice,
  inputSlices,
  type WeightSlice,
  weightDigit,
  weightOffset,
  weightSlices,
} from './weight-slices.ts';

/** How the integers of an MVM layer stand on crossbars and word lines, before any chance. */
export interface AnalogFormat {
  readonly weights: readonly WeightSlice[];
  readonly inputs: readonly InputSlice[];
  readonly blocks: readonly RowBlock[];
  readonly differential: boolean;
  readonly signedInputs: boolean;
  /** Whether a partial sum may be negative: converters then spend a bit on the sign. */
  readonly signedSums: boolean;
  /** Level units that a cell of level 0 conducts, for each weight slice: gmin · (2^b − 1) / (1 − gmin). */
  readonly pedestals: readonly number[];
  /** Level units that one relative conductance is: (2^b − 1) / (1 − gmin). */
  readonly units: readonly number[];
  /** Cells hold whole numbers of levels and reading adds nothing: partial sums are integers. */
  readonly exact: boolean;
  readonly noisy: boolean;
  /** Largest magnitude of an ideal partial sum of any column, for each weight slice. */
  readonly largest: readonly number[];
  /** How slices are multiplied: by tables of partial sums, or slice by slice. */
  readonly route: 'table' | 'int16' | 'float32';
  /** What a slice holds when tables serve. */
  readonly digits: SliceDigits;
}

export function analogFormat(
  geometry: MvmGeometry,
  spec: ArchitectureSpec,
  codes: Int16Array,
  grid: ActivationGrid,
  physics: CellPhysics,
): AnalogFormat {
  const { encoding } = spec;
  const differential = encoding.scheme === 'differential';
  const signedInputs = grid.low < 0;
  const weights = weightSlices(encoding);
  const inputs = inputSlices(inputWidths(encoding, signedInputs), grid.high);
  const units = weights.map(({ levelMax }) => levelMax / (1 - physics.gMin));
  const pedestals = units.map((unit) => (differential ? 0 : physics.gMin * unit));
  const blocks = rowBlocks(geometry, spec);
  for (const { bits } of weights) {
    if (bits > MAX_CELL_BITS) {
      throw new Fault(`a weight slice of ${bits} bits needs a cell of more than ${MAX_CELL_BITS}`, {
        cure: 'raise encoding.weightSlices',
      });
    }
  }
  const exact = physics.exactProgram && physics.exactRead && (differential || physics.gMin === 0);
  const largest = weights.map((slice, index) => {
    const bound = largestPartialSum(geometry, blocks, (cell) => weightDigit(codes[cell]!, slice, encoding), {
      pedestal: pedestals[index]!,
      signedInputs,
    });
    return bound * largestSlice(inputs);
  });
  const { inputSliceBits: sliceBits } = encoding;
  const tabular = sliceBits === 1 || (sliceBits === 2 && !signedInputs);
  const digits = sliceBits === 2 ? 'twoBits' : signedInputs ? 'signedBit' : 'oneBit';
  // Float32 adds whole numbers exactly up to 2^24.
  const tableExact = largest.every((sum) => sum < 2 ** 24);
  const route = tabular && (!exact || tableExact) ? 'table' : exact ? 'int16' : 'float32';
  return {
    ...{
      weights,
      inputs,
      blocks,
      differential,
      signedInputs,
      pedestals,
      units,
      exact,
      largest,
      route,
      digits,
    },
    signedSums: differential || signedInputs,
    noisy: !physics.exactRead,
  };
}

/** Converter ranges that hold the largest partial sum that any weights could give, one for each weight slice. */
export function worstCaseRanges(
  geometry: MvmGeometry,
  format: AnalogFormat,
  spec: ArchitectureSpec,
): readonly AdcRange[] {
  const codes = adcCodes(spec, format.signedSums);
  const rows = largestBlockRows(geometry, spec);
  return format.weights.map(({ levelMax }, slice) =>
    adcRange(codes, rows * (levelMax + format.pedestals[slice]!) * largestSlice(format.inputs)),
  );
}

/** Whether converters of these ranges return every ideal partial sum unchanged. */
export function isLossless(format: AnalogFormat, ranges: readonly AdcRange[]): boolean {
  return format.exact && ranges.every(({ lsb, high }, slice) => lsb === 1 && format.largest[slice]! <= high);
}

/** What the digital side takes off for every unit of Σx: the weight offset and the pedestals of the slices. */
export function digitalOffset(format: AnalogFormat, spec: ArchitectureSpec): number {
  let offset = weightOffset(spec.encoding);
  format.weights.forEach(({ shift }, slice) => {
    offset += 2 ** shift * format.pedestals[slice]!;
  });
  return offset;
}

/** As hardware/cell.ts allows. */
const MAX_CELL_BITS = 12;

function largestSlice(inputs: readonly InputSlice[]): number {
  return Math.max(...inputs.map(({ bits }) => 2 ** bits - 1));
}

/** Largest |Σ digits| of a column within a row block when every input slice is at its largest magnitude. */
function largestPartialSum(
  { lowering, channels }: MvmGeometry,
  blocks: readonly RowBlock[],
  digitOf: (cell: number) => number,
  { pedestal, signedInputs }: { pedestal: number; signedInputs: boolean },
): number {
  const { rows } = lowering;
  let largest = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const block of blocks) {
      let positive = 0;
      let negative = 0;
      const end = blocks.length === 1 ? rows : block.start + block.rows;
      for (let row = block.start; row < end; row++) {
        const digit = digitOf(channel * rows + row);
        if (digit > 0) positive += digit;
        else negative -= digit;
        positive += pedestal;
      }
      largest = Math.max(largest, signedInputs ? positive + negative : Math.max(positive, negative));
    }
  }
  return largest;
}
