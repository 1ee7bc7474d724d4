import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { extraColumns } from '../hardware/encoding.ts';
import { type Block, cutIntoBlocks } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { MvmLowering } from '../network/operator.ts';
import { blockWires } from './block-wires.ts';
import { cellPhysics, programCells } from './cells.ts';
import { effectiveMatrix, interleavedEffectiveMatrix } from './ir-drop/effective-matrix.ts';
import { gatedCurrents } from './ir-drop/gated.ts';
import type { LineResistances } from './ir-drop/line-resistances.ts';
import { layerWeights } from './layer-weights.ts';
import { cellLevel, type Polarity, weightSlices } from './weight-slices.ts';

/** Which cells of a layer. */
export interface CellsAddress {
  readonly layer: number;
  /** Block of the layer (see `cutIntoBlocks`), its first group; weight slice from 0; chip and seed as in a run. */
  readonly block: number;
  readonly slice: number;
  /** Which cells of separate pairs: 1 or −1. */
  readonly polarity: Polarity;
  readonly chip: number;
  readonly seed: number;
}

/** The cells of one block as they were programmed, and the circuit they stand in; everything relative. */
export interface BlockCells {
  readonly rows: number;
  /** Bit lines: outputs and, at the end of a group's last block, the unit column if there is one. */
  readonly columns: number;
  /** [rows][columns], relative to a cell fully on; of separate pairs those of the polarity asked for. */
  readonly positive: Float64Array;
  /** The other cell of each interleaved pair. */
  readonly negative: Float64Array | undefined;
  readonly topology: 'inputSourced' | 'gated';
  readonly interleaved: boolean;
  readonly lines: LineResistances;
  /** Current of each bit line when every input is fully driven. */
  readonly currents: Float64Array;
}

/**
 * The very cells that a run simulates on a chip: fabricated, programmed and aged, not yet read, by the inputs' word lines
 * (those of the bias are left out). Of several groups that stand on one crossbar, the first.
 */
export function blockCells(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  address: CellsAddress,
): BlockCells {
  const { layer } = address;
  const lowering = lowered.lowerings[layer];
  if (lowering?.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const blocks = cutIntoBlocks(lowering, spec);
  const block = blocks[address.block];
  if (block === undefined) {
    throw new Fault(`block ${address.block} of ${blocks.length}`, {
      cure: `blocks 0 … ${blocks.length - 1}`,
    });
  }
  const slices = weightSlices(spec.encoding);
  if (slices[address.slice] === undefined) {
    throw new Fault(`weight slice ${address.slice} of ${slices.length}`, {
      cure: `slices 0 … ${slices.length - 1}`,
    });
  }
  const { rows } = block;
  const columns = block.columns + unitColumns(lowering, block, spec);
  const core = spec.analogCore!;
  const wires = blockWires(core.crossbar, core.cell);
  const lines = wires?.lines(rows) ?? { row: 0, column: 0, rowTerminal: 0, columnTerminal: 0 };
  const topology = wires?.topology ?? 'inputSourced';
  const differential = spec.encoding.scheme === 'differential';
  if (!differential && address.polarity === -1) {
    throw new Fault('offset encoding has no pairs of cells', { cure: 'leave --polarity out' });
  }
  const interleaved = wires?.pairs === 'interleaved' && differential;
  const cells = (polarity: Polarity) => polarityCells(lowered, spec, address, block, polarity);
  const positive = cells(interleaved ? 1 : address.polarity);
  const negative = interleaved ? cells(-1) : undefined;
  const currents = new Float64Array(columns);
  if (topology === 'gated') {
    gatedCurrents(positive, rows, columns, new Float64Array(rows).fill(1), lines, currents);
  } else {
    const through =
      negative !== undefined
        ? interleavedEffectiveMatrix(positive, negative, rows, columns, lines)
        : { positive: effectiveMatrix(positive, rows, columns, lines), negative: undefined };
    through.positive.forEach((value, i) => (currents[i % columns] = currents[i % columns]! + value));
    through.negative?.forEach((value, i) => (currents[i % columns] = currents[i % columns]! - value));
  }
  return { rows, columns, positive, negative, topology, interleaved, lines, currents };
}

function polarityCells(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  { layer, slice, chip, seed }: CellsAddress,
  block: Block,
  polarity: Polarity,
): Float64Array {
  const lowering = lowered.lowerings[layer]!;
  if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const { group, rowStart, rows, columnStart } = block;
  const columns = block.columns + unitColumns(lowering, block, spec);
  const { codes } = layerWeights(lowered, spec, layer, 'analog');
  const { encoding } = spec;
  const physics = cellPhysics(spec.analogCore!.cell);
  const weightSlice = weightSlices(encoding)[slice]!;
  // Cells are drawn by column: those of the bias behind the inputs have no influence on the others.
  const g = new Float64Array(lowering.rows + encoding.biasRows);
  const cells = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const middle = column === block.columns;
    const channel = middle
      ? lowering.groups * lowering.columns + group
      : group * lowering.columns + columnStart + column;
    for (let row = 0; row < g.length; row++) {
      const code = !middle && row < lowering.rows ? codes[channel * lowering.rows + row]! : 0;
      const level = cellLevel(code, weightSlice, polarity, encoding, physics.bits);
      g[row] = physics.gMin + ((1 - physics.gMin) * level) / weightSlice.levelMax;
    }
    const plane = 2 * slice + (polarity === 1 ? 0 : 1);
    programCells(physics, g, { seed, chip, layer, column: channel, plane });
    for (let row = 0; row < rows; row++) cells[row * columns + column] = g[rowStart + row]!;
  }
  return cells;
}

/** 1 where a unit column of middle weights stands behind the block's outputs. */
function unitColumns(lowering: MvmLowering, { columnStart, columns }: Block, spec: ArchitectureSpec): number {
  return columnStart + columns === lowering.columns ? extraColumns(spec.encoding) : 0;
}
