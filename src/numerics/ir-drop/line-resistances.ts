import type { WiresSpec } from '../../hardware/crossbar.ts';

/** Resistances of the wires of a crossbar relative to a cell that is fully on: resistance × largest conductance. */
export interface LineResistances {
  /** Of a word line (gated: of a supply line) between neighbouring cells and before the first. */
  readonly row: number;
  /** Of a bit line between neighbouring cells and after the last. */
  readonly column: number;
  /** In addition, before the first cell of a word line. */
  readonly rowTerminal: number;
  /** In addition, between the last cell of a bit line and the virtual ground. */
  readonly columnTerminal: number;
}

/**
 * The relative resistances of wires around a block that leaves `unusedRows` word lines of the crossbar unused: at the
 * output they lengthen every bit line, at the far end the supply lines of gated cells, which come from there.
 */
export function lineResistances(wires: WiresSpec, maxConductance: number, unusedRows = 0): LineResistances {
  const row = wires.rowResistance * maxConductance;
  const column = wires.columnResistance * maxConductance;
  const atOutput = wires.unusedRows === 'atOutput';
  return {
    row,
    column,
    rowTerminal:
      wires.rowTerminal * maxConductance + (atOutput || wires.topology !== 'gated' ? 0 : unusedRows * row),
    columnTerminal: wires.columnTerminal * maxConductance + (atOutput ? unusedRows * column : 0),
  };
}
