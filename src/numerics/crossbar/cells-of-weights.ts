import { Fault } from '../../base/fault.ts';
import { roundHalfEven } from '../../network/quantization.ts';
import type { CrossbarSettings } from './parameters.ts';

/** Wanted conductances of the cells of one weight slice, [rows][columns], relative to a cell fully on. */
export interface WantedCells {
  readonly positive: Float64Array;
  /** The other cell of each pair. */
  readonly negative: Float64Array | undefined;
  /** What one unit of current (of a pair: of the difference) counts in the normalised output. */
  readonly factor: number;
  /** Level of a cell fully on; 0: a whole weight. */
  readonly levelMax: number;
}

/** Weights [rows][columns], with the unit column if there is one, as cells. */
export interface WeightCells {
  /** The magnitude that the conductance range holds. */
  readonly range: number;
  readonly slices: readonly WantedCells[];
  /** Taken off the normalised output for every unit of Σ inputs. */
  readonly offset: number;
  readonly columns: number;
}

/**
 * Turns weights into conductances. w = weight / range, clipped to ±1; normalised outputs are Σ w · x, x in full drives.
 *
 * A whole weight in a cell (or pair): one-sided g + (1 − g) max(±w, 0), two-sided g + (1 − g) (1 ± w) / 2, offset
 * g + (1 − g) (1 + w) / 2, each rounded to cellBits; offset with cellBits leaves out the lowest level, so that w = 0
 * is one. Slices: digits of the integer weight, of its magnitude in pairs, of weight + 2^(bits−1) with an offset.
 */
export function cellsOfWeights(
  weights: Float64Array,
  rows: number,
  columns: number,
  settings: CrossbarSettings,
): WeightCells {
  const { encoding, cell } = settings;
  const range = weightRange(weights, settings);
  const unit = encoding.scheme === 'offset' && encoding.offsetRemoval === 'unitColumn';
  const lines = columns + (unit ? 1 : 0);
  const normal = new Float64Array(rows * lines);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const w = range === 0 ? 0 : weights[row * columns + column]! / range;
      normal[row * lines + column] = Math.max(Math.min(w, 1), -1);
    }
  }
  const g = cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio;
  const parts =
    encoding.sliceBits === undefined
      ? wholeCells(normal, g, settings)
      : slicedCells(normal, g, settings, unit ? lines : 0);
  return { range, columns: lines, ...parts, offset: unit ? 0 : parts.offset };
}

type Parts = Pick<WeightCells, 'slices' | 'offset'>;

function wholeCells(w: Float64Array, g: number, { encoding }: CrossbarSettings): Parts {
  const span = 1 - g;
  const { cellBits } = encoding;
  const steps = 2 ** cellBits - 1;
  const cell = (share: number) => {
    const wanted = g + span * share;
    return cellBits === 0 ? wanted : g + (span * roundHalfEven(((wanted - g) * steps) / span)) / steps;
  };
  if (encoding.scheme === 'offset') {
    const used = cellBits === 0 ? 1 : (steps - 1) / steps;
    const lowest = 1 - used;
    const positive = w.map((value) => cell(lowest + (used * (value + 1)) / 2));
    const factor = 2 / span / (encoding.offsetScale === 'exact' ? used : 1);
    const middle = g + span * (lowest + used / 2);
    return { slices: [{ positive, negative: undefined, factor, levelMax: 0 }], offset: middle * factor };
  }
  const twoSided = encoding.pairing === 'twoSided';
  const positive = w.map((value) => cell(twoSided ? (1 + value) / 2 : Math.max(value, 0)));
  const negative = w.map((value) => cell(twoSided ? (1 - value) / 2 : Math.max(-value, 0)));
  return { slices: [{ positive, negative, factor: 1 / span, levelMax: 0 }], offset: 0 };
}

/** `lines`: of a row, the last of which is the unit column; 0 without one. */
function slicedCells(w: Float64Array, g: number, { encoding }: CrossbarSettings, lines: number): Parts {
  const span = 1 - g;
  const bits = encoding.sliceBits!;
  const widest = Math.max(...bits);
  const largest = 2 ** (encoding.weightBits - 1) - 1;
  const middle = encoding.scheme === 'offset' ? 2 ** (encoding.weightBits - 1) : 0;
  let shift = 0;
  let offset = middle / largest;
  // CrossSim's unit column: the middle of the last slice, wherever the middle weight lies.
  const referenceUnit = encoding.offsetScale === 'reference' && lines > 0;
  const slices = bits.map((width, slice): WantedCells => {
    // A slice of nothing counts what it would in its place among equal ones.
    const place = 2 ** (width === 0 ? slice * widest : shift);
    shift += width;
    const levelMax = 2 ** (encoding.sliceLevels === 'common' ? widest : width) - 1;
    const digit = (code: number) => Math.floor(code / place) % 2 ** width;
    const cell = (code: number) => g + (span * digit(Math.max(code, 0))) / levelMax;
    const factor = (place * levelMax) / span / largest;
    const positive = w.map((value) => cell(roundHalfEven(value * largest + middle)));
    if (encoding.scheme === 'offset') {
      offset += g * factor;
      if (referenceUnit) {
        const unit = g + (slice < bits.length - 1 ? 0 : (span * Math.floor(2 ** widest / 2)) / levelMax);
        for (let at = lines - 1; at < positive.length; at += lines) positive[at] = unit;
      }
      return { positive, negative: undefined, factor, levelMax };
    }
    const negative = w.map((value) => cell(-roundHalfEven(value * largest)));
    return { positive, negative, factor, levelMax };
  });
  return { slices, offset };
}

function weightRange(weights: Float64Array, { encoding }: CrossbarSettings): number {
  let largest = 0;
  for (const weight of weights) {
    if (!Number.isFinite(weight))
      throw new Fault('weights are not all finite numbers', { cure: 'look for NaN' });
    largest = Math.max(largest, Math.abs(weight));
  }
  const { weightPercentile: percent, percentileOf } = encoding;
  if (encoding.weightRange !== undefined) return encoding.weightRange;
  if (percent >= 100) return (largest * percent) / 100;
  const range =
    percentileOf === 'magnitude' ? percentile(weights.map(Math.abs), percent) : tailsRange(weights, percent);
  if (range === 0 && largest > 0) {
    throw new Fault(`encoding.weightPercentile: ${percent} % of the weights are 0, which leaves no range`, {
      cure: 'raise it',
    });
  }
  return range;
}

/** The larger magnitude of a percentile, in percent, and of its counterpart at the other tail. */
export function tailsRange(values: Float64Array, percent: number): number {
  return Math.max(Math.abs(percentile(values, percent)), Math.abs(percentile(values, 100 - percent)));
}

/** Between neighbours linearly, as numpy's default. */
function percentile(values: Float64Array, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(rank)]!;
  return below + (sorted[Math.ceil(rank)]! - below) * (rank % 1);
}
