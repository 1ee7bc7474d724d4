import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { extraColumns } from '../hardware/encoding.ts';
import { cutIntoBlocks } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { frameLength } from '../network/mvm.ts';
import type { MvmLowering } from '../network/operator.ts';

/**
 * An MVM layer as products of one size: a unit is one group, or several narrow groups side by side on a
 * block diagonal, as many as fill the eight columns that a kernel computes at once.
 */
export interface MvmGeometry {
  readonly layer: number;
  readonly lowering: MvmLowering;
  readonly units: number;
  /** Groups of a unit; the last unit may have fewer. */
  readonly groupsPerUnit: number;
  /** Word lines and outputs of a full unit. */
  readonly rows: number;
  readonly columns: number;
  /** Outputs of the whole layer, over all groups. */
  readonly channels: number;
  readonly inputElements: number;
  readonly outputElements: number;
  readonly frameElements: number;
  /** Whether the input vectors lie in the frames one after the other, so that nothing needs gathering. */
  readonly direct: boolean;
}

/** Columns that a kernel computes at once. */
const PANEL = 8;

/** The geometry of a layer; groups of more than `crossbarRows` rows, which have to be cut, stay alone. */
export function mvmGeometry(lowered: LoweredNetwork, layer: number, crossbarRows = Infinity): MvmGeometry {
  const lowering = lowered.lowerings[layer];
  if (lowering?.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const narrow = lowering.rows <= crossbarRows;
  const groupsPerUnit = narrow
    ? Math.max(1, Math.min(lowering.groups, Math.floor(PANEL / lowering.columns)))
    : 1;
  const described = lowered.network.layers[layer]!;
  const inputElements = elementCount(described.inputShapes[lowering.activation]!);
  return {
    layer,
    lowering,
    units: Math.ceil(lowering.groups / groupsPerUnit),
    groupsPerUnit,
    rows: groupsPerUnit * lowering.rows,
    columns: groupsPerUnit * lowering.columns,
    channels: lowering.groups * lowering.columns,
    inputElements,
    outputElements: elementCount(described.outputShape),
    frameElements: frameLength(lowering, inputElements),
    direct: isDirect(lowering, inputElements),
  };
}

/** Groups of unit `unit`: `groupsPerUnit`, fewer in the last one. */
export function groupsOfUnit(geometry: MvmGeometry, unit: number): number {
  return Math.min(geometry.groupsPerUnit, geometry.lowering.groups - unit * geometry.groupsPerUnit);
}

/** Offsets of a unit's rows in a frame, from the first group's start. */
export function unitRowOffsets(geometry: MvmGeometry): Int32Array {
  const { lowering, groupsPerUnit, rows } = geometry;
  const offsets = new Int32Array(rows);
  for (let group = 0, row = 0; group < groupsPerUnit; group++) {
    for (const offset of lowering.rowOffset) offsets[row++] = group * lowering.groupStride + offset;
  }
  return offsets;
}

/** Rows of a layer that share a crossbar; the partial sums of different blocks are converted apart. */
export interface RowBlock {
  /** Rows of a unit. */
  readonly start: number;
  readonly rows: number;
}

/**
 * The row blocks of each unit. Where a group fits a crossbar there is one; column blocks and the groups beside
 * it on the diagonal do not change its values, since cells that are not used are off.
 */
export function rowBlocks(geometry: MvmGeometry, spec: ArchitectureSpec): readonly RowBlock[] {
  const blocks = cutIntoBlocks(geometry.lowering, spec);
  const ofFirstGroup = blocks.filter((block) => block.group === 0 && block.columnStart === 0);
  if (ofFirstGroup.length <= 1) return [{ start: 0, rows: geometry.rows }];
  return ofFirstGroup.map(({ rowStart, rows }) => ({ start: rowStart, rows }));
}

/** Columns of a group that share a crossbar, and with it their word lines. */
export interface ColumnBlock {
  readonly start: number;
  readonly columns: number;
}

/** The column blocks of each group; a unit column is counted with the last (each crossbar has one of its own). */
export function columnBlocks(geometry: MvmGeometry, spec: ArchitectureSpec): readonly ColumnBlock[] {
  const blocks = cutIntoBlocks(geometry.lowering, spec).filter(
    (block) => block.group === 0 && block.rowStart === 0,
  );
  const extra = extraColumns(spec.encoding);
  return blocks.map(({ columnStart, columns }, index) => ({
    start: columnStart,
    columns: index === blocks.length - 1 ? columns + extra : columns,
  }));
}

/** Word lines of the largest row block of one group: what the range of a converter must hold. */
export function largestBlockRows(geometry: MvmGeometry, spec: ArchitectureSpec): number {
  return Math.max(...cutIntoBlocks(geometry.lowering, spec).map((block) => block.rows));
}

function isDirect(lowering: MvmLowering, inputElements: number): boolean {
  const { rows, positions, groups, padding, rowOffset, positionBase } = lowering;
  if (groups !== 1 || padding !== undefined || positions * rows !== inputElements) return false;
  return (
    rowOffset.every((offset, row) => offset === row) &&
    positionBase.every((base, position) => base === position * rows)
  );
}
