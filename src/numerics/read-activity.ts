import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LayerLoad } from '../hardware/read-charge.ts';
import { type Block, weightCells } from '../mapping/blocks.ts';
import type { CellCurrents, SliceMeans } from './cell-currents.ts';
import type { CellPhysics } from './cells.ts';
import type { DriveCounts } from './drive-counts.ts';
import { digitOf, inputParts, sumOfDigits } from './input-parts.ts';
import { widestSlice } from './input-rounds.ts';
import type { AnalogDesign } from './paths.ts';

/** What the word lines and cells of a layer did, over all MVMs that were watched. */
export interface ReadActivity extends LayerLoad {
  readonly name: string;
  /** MVMs watched. */
  readonly vectors: number;
  /** Mean over inputs and input slices of drive or drive², relative to full drive. */
  readonly density: number;
  /** That of each input slice, lowest first: of one-bit slices the share of ones. */
  readonly densities: readonly number[];
  /** Mean conductance of the weights' cells, relative to a cell fully on. */
  readonly conductance: number;
  readonly conductances: readonly SliceMeans[];
}

/**
 * The load of a layer's reads, cell by cell: Σ over word lines of (mean drive² or drive) · (Σ conductances on the line), which
 * is Σ V² G over all cells and vectors, by linearity. Word lines of the bias are driven fully; cells of a crossbar that hold
 * no weight stand erased on every line that is driven. Given per weight cell and input slice, as the machine counts.
 */
export function readActivity(
  name: string,
  spec: ArchitectureSpec,
  { geometry, format }: AnalogDesign,
  physics: CellPhysics,
  blocks: readonly Block[],
  currents: CellCurrents,
  counts: DriveCounts,
): ReadActivity {
  const { encoding } = spec;
  const { crossbar } = spec.analogCore!;
  const { groups, rows } = geometry.lowering;
  const interleaved = crossbar.wires?.pairs === 'interleaved';
  const power = crossbar.readLaw === 'square' ? 2 : 1;
  // Slices that are 0 for all codes are sent, too.
  const parts = inputParts(encoding, format.signedInputs, Infinity);
  const sent = parts.reduce((sum, { slices }) => sum + slices.length, 0);
  const full = 2 ** widestSlice(format.parts) - 1;
  const drive = (digit: number) => (digit / full) ** power;

  const byRow = counts.rows.map((sum) => sum / counts.vectors / full ** power);
  const ofBias = sumOfDigits(parts, format.biasInput, drive);
  const erased = physics.iv.linear ? physics.gMin : physics.iv.current(physics.gMin, 1);
  const cellsOnLine = crossbar.columns * (interleaved ? 2 : 1);
  let cells = 0;
  let idle = 0;
  let inputLines = 0;
  let biasLines = 0;
  for (const block of blocks) {
    const own = weightCells(block, encoding) / (block.rows + block.biasRows);
    cells += weightCells(block, encoding);
    for (let group = block.group; group < block.group + block.groups; group++) {
      const first = group * rows + block.rowStart;
      for (let row = first; row < first + block.rows; row++)
        idle += byRow[row]! * (cellsOnLine - own / block.groups);
    }
    idle += block.biasRows * ofBias * (cellsOnLine - own);
    inputLines += block.groups * block.rows;
    biasLines += block.biasRows;
  }
  let total = erased * idle + ofBias * currents.bias;
  currents.rows.forEach((current, row) => (total += current * byRow[row]!));

  const inputs = groups * rows * counts.vectors;
  const high = (counts.codes.length - 1) / 2;
  const share = (term: (code: number) => number) =>
    counts.codes.reduce((sum, count, index) => sum + count * term(index - high), 0) / inputs;
  const densities = parts.flatMap(({ slices, of }) =>
    slices.map((slice) => share((code) => drive(digitOf(Math.abs(of(code)), slice)))),
  );
  const driven = (code: number) => sumOfDigits(parts, code, (digit) => (digit > 0 ? 1 : 0));
  const active = inputLines * share(driven) + biasLines * driven(format.biasInput);
  const means = currents.means.flatMap(({ positive, negative }) =>
    negative === null ? [positive] : [positive, negative],
  );
  return {
    layer: geometry.layer,
    name,
    vectors: counts.vectors,
    load: total / (cells * sent),
    active: active / ((inputLines + biasLines) * sent),
    density: mean(densities),
    densities,
    conductance: mean(means),
    conductances: currents.means,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
