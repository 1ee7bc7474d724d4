import type { EncodingSpec } from '../hardware/encoding.ts';
import type { Block } from '../mapping/blocks.ts';
import { type CellPhysics, programCells, readMoments } from './cells.ts';
import type { AnalogDesign } from './paths.ts';
import { cellLevel, type Polarity } from './weight-slices.ts';

/** What the cells of a layer conduct on one chip at full drive, relative to a cell fully on that is a resistor. */
export interface CellCurrents {
  /** Sum over all cells on the word line of each input [groups · rows], of all crossbars that it runs through. */
  readonly rows: Float64Array;
  /** Sum over all cells on word lines of the bias. */
  readonly bias: number;
  /** Means of the weights' cells by weight slice: those of weights and those of their partners. */
  readonly means: readonly SliceMeans[];
}

export interface SliceMeans {
  readonly slice: number;
  /** Of a pair: the cells of positive and of negative weights; of offset encoding the only ones. */
  readonly positive: number;
  readonly negative: number | null;
}

/** Which chip, and the seed of its chance. */
export interface SimulatedChip {
  readonly chip: number;
  readonly seed: number;
}

/**
 * Walks the cells that a run simulates: fabricated, programmed and aged, read on average, without loss along wires
 * (what drivers must feed, at the most). Cells on a crossbar's lines that hold no weight stand erased beside them.
 */
export function cellCurrents(
  { geometry, weights, format }: AnalogDesign,
  encoding: EncodingSpec,
  physics: CellPhysics,
  blocks: readonly Block[],
  { chip, seed }: SimulatedChip,
): CellCurrents {
  const { lowering, layer, channels } = geometry;
  const { groups, rows: groupRows } = lowering;
  const { bias, biasRows } = format;
  const polarities: readonly Polarity[] = encoding.scheme === 'differential' ? [1, -1] : [1];
  // Every crossbar of a group's columns has a unit column of its own, drawn once.
  const columnBlocks = blocks.filter(({ group, rowStart }) => group === 0 && rowStart === 0).length;
  const rows = new Float64Array(groups * groupRows);
  let biasSum = 0;
  const g = new Float64Array(groupRows + biasRows);
  const moments = { mean: 0, variance: 0 };

  const column = (slice: number, polarity: Polarity, channel: number, middle: boolean): number => {
    const weightSlice = format.weights[slice]!;
    for (let row = 0; row < g.length; row++) {
      let code = 0;
      if (!middle && row < groupRows) code = weights.codes[channel * groupRows + row]!;
      else if (!middle) code = bias[channel * biasRows + row - groupRows]!;
      const level = cellLevel(code, weightSlice, polarity, encoding, physics.bits);
      g[row] = physics.gMin + ((1 - physics.gMin) * level) / weightSlice.levelMax;
    }
    const plane = 2 * slice + (polarity === 1 ? 0 : 1);
    programCells(physics, g, { seed, chip, layer, column: channel, plane });
    const first = (middle ? channel - channels : Math.floor(channel / lowering.columns)) * groupRows;
    const times = middle ? columnBlocks : 1;
    let sum = 0;
    for (let row = 0; row < g.length; row++) {
      readMoments(physics.read, g[row]!, moments);
      const current = physics.iv.linear ? moments.mean : physics.iv.current(moments.mean, 1);
      if (row < groupRows) {
        rows[first + row] = rows[first + row]! + times * current;
        sum += current;
      } else biasSum += times * current;
    }
    return sum;
  };

  const means = format.weights.map((_, slice) => {
    const [positive, negative = null] = polarities.map((polarity) => {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += column(slice, polarity, channel, false);
      const middles = format.unitColumns ? groups : 0;
      for (let group = 0; group < middles; group++) column(slice, polarity, channels + group, true);
      return sum / (channels * groupRows);
    });
    return { slice, positive: positive!, negative };
  });
  return { rows, bias: biasSum, means };
}
