import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { extraColumns, weightSliceBits } from '../hardware/encoding.ts';
import type { Block } from './blocks.ts';
import { coreOfCrossbar } from './placement.ts';
import type { Schedule } from './schedule.ts';

/** What programming takes: word lines of the core that has most of them to write, one after the other, and cells. */
export interface ProgrammingWork {
  readonly rows: number;
  readonly cells: number;
}

/** What one crossbar holds: which block of which layer, and what writing it takes. */
interface Content extends ProgrammingWork {
  readonly block: string;
  /** That it is part of: crossbars of a core are written one after the other. */
  readonly core: number;
}

/** By crossbar number. */
export type CrossbarContents = ReadonlyMap<number, Content>;

/** Word lines and cells of a block of weights. */
export function writesOf(block: Block, { encoding }: ArchitectureSpec): ProgrammingWork {
  const polarities = encoding.scheme === 'differential' ? 2 : 1;
  const cellsPerWeight = weightSliceBits(encoding).length * polarities;
  const weights = block.groups * (block.rows + block.biasRows) * (block.columns + extraColumns(encoding));
  return { rows: block.groups * block.rows + block.biasRows, cells: weights * cellsPerWeight };
}

/** What the crossbars of a schedule hold. */
export function contentsOf({ stages }: Schedule, spec: ArchitectureSpec): CrossbarContents {
  const contents = new Map<number, Content>();
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    stage.blocks.forEach((block, index) => {
      const content = { block: `${stage.layers[0]!}:${index}`, ...writesOf(block, spec) };
      for (const { crossbars } of stage.replicas) {
        const crossbar = crossbars[index]!;
        contents.set(crossbar, { ...content, core: coreOfCrossbar(spec, crossbar) });
      }
    });
  }
  return contents;
}

/**
 * What it takes to write what is wanted on crossbars; those that hold the wanted block already, as `holds` says, stay.
 * Crossbars of a core are written in turns, row by row, cores side by side.
 */
export function programmingWork(
  wanted: CrossbarContents,
  holds: (crossbar: number, block: string) => boolean,
): ProgrammingWork {
  const rowsOfCore = new Map<number, number>();
  let written = 0;
  for (const [crossbar, { block, rows, cells, core }] of wanted) {
    if (holds(crossbar, block)) continue;
    rowsOfCore.set(core, (rowsOfCore.get(core) ?? 0) + rows);
    written += cells;
  }
  return { rows: Math.max(0, ...rowsOfCore.values()), cells: written };
}
