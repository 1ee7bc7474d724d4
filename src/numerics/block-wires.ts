import type { CellSpec } from '../hardware/cell.ts';
import type { CrossbarSpec, WiresSpec } from '../hardware/crossbar.ts';
import { type LineResistances, lineResistances } from './ir-drop/line-resistances.ts';

/** The wires around a block of cells. */
export interface BlockWires extends Pick<WiresSpec, 'topology' | 'pairs'> {
  /** Resistances relative to a cell that is fully on, of a block of `rows` word lines. */
  lines(rows: number): LineResistances;
}

/** The wires of a crossbar; undefined where they have no resistance. */
export function blockWires(crossbar: CrossbarSpec, cell: CellSpec): BlockWires | undefined {
  const { wires, rows: available } = crossbar;
  if (wires === undefined) return undefined;
  const { topology, pairs } = wires;
  // Interleaved cells share a place on their bit line.
  const places = pairs === 'interleaved' ? Math.floor(available / 2) : available;
  const maxConductance = cell.maxConductance ?? 0;
  return {
    ...{ topology, pairs },
    lines: (rows) => lineResistances(wires, maxConductance, Math.max(places - rows, 0)),
  };
}
