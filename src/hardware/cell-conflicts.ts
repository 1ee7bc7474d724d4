import type { CellSpec } from './cell.ts';
import { deviceModels } from './device/index.ts';
import { ivModels } from './iv/index.ts';

/** Tells a contradiction: the key that has to change below `analogCore.cell`, what is wrong, and the cure. */
export type ReportCell = (key: keyof CellSpec, problem: string, cure: string) => void;

/** Contradictions between the parts of a cell. */
export function checkCell(cell: CellSpec, conflict: ReportCell): void {
  if (cell.stuckOff + cell.stuckOn > 1) {
    conflict('stuckOn', 'stuckOff and stuckOn add up to more than all cells', 'keep their sum at most 1');
  }
  for (const moment of ['program', 'read'] as const) {
    const { type } = cell[moment];
    if (deviceModels.get(type).drift === undefined) continue;
    conflict(moment, `${type} is a change since programming`, 'write it under analogCore.cell.drift');
  }
  if (deviceModels.get(cell.drift.type).drift === 'withProgramming' && cell.program.type !== 'ideal') {
    const cure = 'set analogCore.cell.program: {type: ideal}';
    conflict('program', `${cell.drift.type} includes the error of programming`, cure);
  }
  checkIv(cell, conflict);
}

/** Laws fitted to a range of conductances say nothing of cells below it. */
function checkIv({ iv, onOffRatio }: CellSpec, conflict: ReportCell): void {
  const smallest = ivModels.get(iv.type).smallest?.(iv as never) ?? 0;
  const ratio = onOffRatio ?? Infinity;
  if (1 / ratio >= smallest * 0.999) return;
  const most = Math.floor(1000 / smallest) / 1000;
  const found = onOffRatio === undefined ? 'an infinite on/off ratio' : `an on/off ratio of ${ratio}`;
  const cure = most > 1 ? `set analogCore.cell.onOffRatio: ${most}` : 'raise its maxConductance';
  conflict('iv', `cells of ${found}, measured were ${most}`, cure);
}
