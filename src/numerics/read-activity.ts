import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { inputSliceBits } from '../hardware/encoding.ts';
import type { LayerLoad } from '../hardware/read-charge.ts';
import { type Block, weightCells } from '../mapping/blocks.ts';
import type { CellCurrents, SliceMeans } from './cell-currents.ts';
import type { CellPhysics } from './cells.ts';
import { digitOf, type DriveCounts } from './drive-counts.ts';
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
  const widths = inputSliceBits(encoding, format.signedInputs);
  const slices = format.inputs;
  const full = 2 ** Math.max(...slices.map(({ bits }) => bits)) - 1;
  const drive = (magnitude: number, slice: (typeof slices)[number]) =>
    (digitOf(magnitude, slice) / full) ** power;

  const byRow = counts.rows.map((sum) => sum / counts.vectors / full ** power);
  const ofBias = slices.reduce((sum, slice) => sum + drive(format.biasInput, slice), 0);
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
  const share = (term: (magnitude: number) => number) =>
    counts.magnitudes.reduce((sum, count, magnitude) => sum + count * term(magnitude), 0) / inputs;
  const densities = widths.map((_, index) => {
    const slice = slices[index];
    return slice === undefined ? 0 : share((magnitude) => drive(magnitude, slice));
  });
  const driven = (magnitude: number) => slices.filter((slice) => digitOf(magnitude, slice) > 0).length;
  const active = inputLines * share(driven) + biasLines * driven(format.biasInput);
  const means = currents.means.flatMap(({ positive, negative }) =>
    negative === null ? [positive] : [positive, negative],
  );
  return {
    layer: geometry.layer,
    name,
    vectors: counts.vectors,
    load: total / (cells * widths.length),
    active: active / ((inputLines + biasLines) * widths.length),
    density: mean(densities),
    densities,
    conductance: mean(means),
    conductances: currents.means,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
