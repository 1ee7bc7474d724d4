import { Circuit } from '../ir-drop/circuits.ts';
import type { Cells, ReferenceCase } from './reference-crosssim.ts';

/** Column currents of cells behind wires, as a netlist solved node by node; with `negative` interleaved pairs. */
export function columns(
  c: ReferenceCase,
  positive: Cells,
  negative: Cells | undefined,
  x: readonly number[],
): number[] {
  const { wires, cubic } = c;
  if (wires === undefined) {
    return positive.map((row) =>
      row.reduce((total, G, i) => {
        const v = x[i]!;
        return total + (cubic === undefined ? G * v : G * (v - 0.25 * cubic * cubic * v ** 3));
      }, 0),
    );
  }
  if (!wires.inputSourced && negative === undefined && x.some((v) => v < 0)) {
    // Negative inputs are read in a phase of their own.
    const up = columns(
      c,
      positive,
      undefined,
      x.map((v) => Math.max(v, 0)),
    );
    const down = columns(
      c,
      positive,
      undefined,
      x.map((v) => Math.max(-v, 0)),
    );
    return up.map((v, o) => v - down[o]!);
  }
  const netlist = new Circuit();
  const inputs = x.length;
  const unused = wires.inputSourced ? 0 : Math.max(c.rowsMax - inputs, 0);
  const signs = negative === undefined ? [1] : [1, -1];
  netlist.fix('ground', 0);
  signs.forEach((sign, p) => {
    const cells = p === 0 ? positive : negative!;
    cells.forEach((row, o) => {
      row.forEach((G, i) => {
        const v = sign * x[i]!;
        if (wires.inputSourced) {
          netlist.fix(`in${p},${i}`, v);
          netlist.resistor(
            o === 0 ? `in${p},${i}` : `w${p},${o - 1},${i}`,
            `w${p},${o},${i}`,
            wires.row + (o === 0 ? wires.rowTerminal : 0),
          );
          netlist.conductance(`w${p},${o},${i}`, `b${o},${i}`, G);
          return;
        }
        // A supply line along each bit line; cells that are shut are not there.
        const first = wires.rowTerminal + (wires.selected === 'bottom' ? unused * wires.row : 0);
        netlist.fix(`supply${p}`, sign);
        netlist.resistor(
          i === 0 ? `supply${p}` : `w${p},${o},${i - 1}`,
          `w${p},${o},${i}`,
          wires.row + (i === 0 ? first : 0),
        );
        // A pair whose input is negative has its supplies exchanged.
        if (v !== 0) netlist.conductance(`w${v > 0 ? 0 : 1},${o},${i}`, `b${o},${i}`, G);
      });
    });
  });
  const end =
    wires.columnTerminal + (!wires.inputSourced && wires.selected === 'top' ? unused * wires.column : 0);
  return positive
    .map((row, o) => {
      row.forEach((_, i) => {
        const next = i === inputs - 1 ? `out${o}` : `b${o},${i + 1}`;
        netlist.resistor(`b${o},${i}`, next, wires.column + (i === inputs - 1 ? end : 0));
      });
      netlist.fix(`out${o}`, 0);
      return o;
    })
    .map((o) => netlist.currentInto(`out${o}`));
}
