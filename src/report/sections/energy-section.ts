import { stackedBars, type StackedBars } from '../charts/stacked-bars.ts';
import type { Draw } from '../drawing.ts';
import { engineering, percent } from '../format.ts';
import { atMost, details, htmlTable } from '../html.ts';
import type { ScheduleReport } from '../report.ts';
import type { ComponentColours } from './component-colours.ts';
import { figure, legend } from './section.ts';

/** Layers that are drawn one by one. */
const MOST_ROWS = 60;
const MOST_TABLE_ROWS = 150;
/** Times the largest layer. */
const MOST_LEAKAGE = 1.5;

/** Energy of one inference: a bar for every layer, a colour for every component, leakage in a bar of its own. */
export async function energySection(
  row: ScheduleReport,
  { colourOf, rankOf, legend: entries }: ComponentColours,
  draw: Draw,
): Promise<string> {
  const rows = energyRows(row);
  const layers = rows.slice(0, -1);
  const leaked = rows.at(-1)!;
  // A bar that dwarfs all others would hide them: it is said instead.
  const dwarfs = total(leaked) > MOST_LEAKAGE * Math.max(...layers.map(total));
  const shown = [...foldSmallest(layers), ...(dwarfs ? [] : [leaked])];
  const bars: StackedBars = {
    title: `Energy per inference by layer and component, ${row.name}`,
    description: `${rows.length - 1} layers and leakage, ${engineering(row.energy.total, 'J')} in all`,
    ...{ quantity: 'energy per inference', unit: 'J' },
    rows: shown.map(({ layer, parts }) => ({
      name: layer,
      parts: [...parts]
        .sort((a, b) => rankOf(a.component) - rankOf(b.component))
        .map(({ component, energy }) => ({
          ...{ name: component, value: energy, colour: colourOf(component) },
        })),
    })),
  };
  const said = dwarfs
    ? `<p>Not drawn: leakage of the whole chip over one initiation interval, ${engineering(total(leaked), 'J')} an inference (${percent(total(leaked) / row.energy.total)}).</p>`
    : '';
  const table = details('Energy by layer and component as a table', energyTable(row, rows));
  return legend(entries) + (await figure(draw, (size) => stackedBars(bars, size), said + table));
}

interface EnergyRow {
  readonly layer: string;
  readonly parts: readonly { readonly component: string; readonly energy: number }[];
}

/** Layers in the order of the network, leakage last. */
function energyRows({ analysis }: ScheduleReport): readonly EnergyRow[] {
  const { components, rows } = analysis.energyMatrix;
  return rows.map(({ layer, energy }) => ({
    layer,
    parts: components.map((component, column) => ({ component, energy: energy[column]! })),
  }));
}

function foldSmallest(rows: readonly EnergyRow[]): readonly EnergyRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  const kept = new Set([...rows].sort((a, b) => total(b) - total(a)).slice(0, MOST_ROWS - 1));
  const folded = rows.filter((row) => !kept.has(row));
  const sums = new Map<string, number>();
  for (const { component, energy } of folded.flatMap(({ parts }) => parts)) {
    sums.set(component, (sums.get(component) ?? 0) + energy);
  }
  const parts = [...sums].map(([component, energy]) => ({ component, energy }));
  return [...rows.filter((row) => kept.has(row)), { layer: `${folded.length} smaller ones`, parts }];
}

function energyTable({ energy }: ScheduleReport, rows: readonly EnergyRow[]): string {
  const columns = energy.byComponent.filter(({ dynamic, leakage }) => dynamic + leakage > 0);
  const names = columns.map(({ component }) => component);
  const cell = (value: number) => (value === 0 ? '' : engineering(value, 'J'));
  const { shown, rest } = atMost(MOST_TABLE_ROWS, rows);
  const lines = shown.map((row) => [
    row.layer,
    ...names.map((name) =>
      cell(
        row.parts.filter(({ component }) => component === name).reduce((sum, { energy }) => sum + energy, 0),
      ),
    ),
    engineering(total(row), 'J'),
    percent(energy.total === 0 ? 0 : total(row) / energy.total),
  ]);
  const sums = columns.map(({ dynamic, leakage }) => cell(dynamic + leakage));
  const header = ['layer', ...names, 'total', 'share'];
  return (
    htmlTable(
      header,
      [...lines, ['total', ...sums, engineering(energy.total, 'J'), '100.0 %']],
      header.map((_, column) => column).slice(1),
    ) + rest
  );
}

function total({ parts }: EnergyRow): number {
  return parts.reduce((sum, { energy }) => sum + energy, 0);
}
