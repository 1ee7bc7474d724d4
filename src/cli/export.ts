import { Fault, nearestName } from '../base/fault.ts';
import { planWorkload } from '../experiment.ts';
import { readArchitecture } from '../input/architecture.ts';
import { blockCells } from '../numerics/block-cells.ts';
import { spiceDeck } from '../report/spice-deck.ts';

export interface SpiceOptions {
  readonly layer: string;
  readonly block: number;
  readonly slice: number;
  readonly chip: number;
  readonly seed: number;
  readonly voltage: number;
  readonly set: readonly string[];
}

/** The ngspice deck of one block of one layer: the cells of a simulated chip, every input fully driven. */
export async function exportSpice(
  architecture: string,
  workload: string,
  options: SpiceOptions,
): Promise<string> {
  const { value: spec } = await readArchitecture(architecture, options.set);
  if (spec.analogCore === undefined) {
    throw new Fault(`${spec.name} has no crossbars`, { cure: 'choose a chip with analogCore' });
  }
  const { lowered } = await planWorkload(workload, spec, 'digital');
  const names = lowered.candidates.map(({ name }) => name);
  const candidate = lowered.candidates.find(({ name }) => name === options.layer);
  if (candidate === undefined) {
    const near = nearestName(options.layer, names);
    throw new Fault(`no layer ${options.layer} that crossbars could hold`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${names.join(', ')}`,
    });
  }
  const { block, slice, chip, seed, voltage } = options;
  const cells = blockCells(lowered, spec, { layer: candidate.layer, block, slice, chip, seed });
  const { maxConductance = 25e-6 } = spec.analogCore.cell;
  const { lines, interleaved } = cells;
  return spiceDeck({
    title: `Kirchhoff: ${spec.name}, layer ${options.layer}, block ${block}, weight slice ${slice}, chip ${chip}, seed ${seed}`,
    notes: [
      `${cells.rows} inputs, ${cells.columns} bit lines${interleaved ? ' of interleaved pairs' : ''}; every input at ${voltage} V`,
      `a cell fully on: ${maxConductance} S; ${cells.topology}`,
    ],
    ...{ rows: cells.rows, columns: cells.columns, topology: cells.topology },
    positive: cells.positive.map((g) => g * maxConductance),
    negative: interleaved ? cells.negative!.map((g) => g * maxConductance) : undefined,
    row: lines.row / maxConductance,
    column: lines.column / maxConductance,
    rowTerminal: lines.rowTerminal / maxConductance,
    columnTerminal: lines.columnTerminal / maxConductance,
    inputs: new Float64Array(cells.rows).fill(voltage),
    expected: cells.currents.map((current) => current * maxConductance * voltage),
  });
}
