import { Fault, nearestName } from '../base/fault.ts';
import { planWorkload } from '../experiment/experiment.ts';
import { readArchitecture } from '../input/architecture.ts';
import { isWeightless } from '../network/network.ts';
import { blockCells } from '../numerics/block-cells.ts';
import { spiceDeck } from '../report/spice-deck.ts';

export interface SpiceOptions {
  readonly layer: string;
  readonly block: number;
  readonly slice: number;
  readonly polarity: 'positive' | 'negative';
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
  if (isWeightless(lowered.network)) {
    throw new Fault(`${workload} has no weights to program`, {
      cure: 'name a workload whose model has them',
    });
  }
  const names = lowered.candidates.map(({ name }) => name);
  const candidate = lowered.candidates.find(({ name }) => name === options.layer);
  if (candidate === undefined) {
    const near = nearestName(options.layer, names);
    throw new Fault(`no layer ${options.layer} that crossbars could hold`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${names.join(', ')}`,
    });
  }
  const { block, slice, chip, seed, voltage } = options;
  const polarity = options.polarity === 'positive' ? 1 : -1;
  const cells = blockCells(lowered, spec, { layer: candidate.layer, block, slice, polarity, chip, seed });
  const { cell } = spec.analogCore;
  const { maxConductance = ASSUMED_CONDUCTANCE } = cell;
  const { lines, interleaved } = cells;
  const pairs = spec.encoding.scheme === 'differential' && !interleaved;
  return spiceDeck({
    title: `Kirchhoff: ${spec.name}, layer ${options.layer}, block ${block}, weight slice ${slice}${pairs ? `, ${options.polarity} cells` : ''}, chip ${chip}, seed ${seed}`,
    notes: [
      `${cells.rows} inputs, ${cells.columns} bit lines${interleaved ? ' of interleaved pairs' : ''}; every input at ${voltage} V`,
      `a cell fully on: ${maxConductance} S; ${cells.topology}`,
      'cells as they were programmed and aged, not yet read; drivers and virtual grounds ideal',
      ...(spec.encoding.biasRows > 0 ? ['the word lines of the bias are left out'] : []),
      ...(cell.iv.type === 'linear' ? [] : ['cells as resistors: their I-V law is left out']),
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

/** S, of a chip that states none: it then has no wires, and currents only take its unit (an assumption). */
const ASSUMED_CONDUCTANCE = 25e-6;
