import { busiestText } from '../busiest-text.ts';
import { floorChart } from '../charts/floor-chart.ts';
import { loadOpacity, UNIT_COLOURS, type UnitKind, unitsOf } from '../charts/tile-boxes.ts';
import type { Draw } from '../drawing.ts';
import type { FloorPlan } from '../floor-plan.ts';
import { percent } from '../format.ts';
import { abridged, atMost, details, escaped, htmlTable } from '../html.ts';
import type { ScheduleReport } from '../report.ts';
import { legend } from './section.ts';

const MOST_TABLE_ROWS = 200;
const MOST_BUSY = 8;

/** How busy the chip was, tile by tile, and its busiest units. */
export async function floorSection(row: ScheduleReport, plan: FloorPlan, draw: Draw): Promise<string> {
  const layersOf = layersByCore(row, plan);
  const chart = floorChart(plan, row.load, layersOf);
  const svg = await draw(chart);
  const busiest = busiestUnits(row);
  const kinds = new Set(busiest.map(({ kind }) => kind));
  const colours = (Object.keys(UNIT_COLOURS) as UnitKind[])
    .filter((kind) => kinds.has(kind))
    .map((kind) => ({ name: kind, colour: UNIT_COLOURS[kind] }));
  const scale = [0, 0.01, 0.1, 0.25, 0.5, 1].map(
    (share) =>
      `<li><i style="background:var(--ink);opacity:${loadOpacity(share).toFixed(2)}"></i>${percent(share, 0)}</li>`,
  );
  const items = busiest
    .slice(0, MOST_BUSY)
    .map(
      ({ name, share }) =>
        `<li><span>${escaped(name)}</span><span class="bar"><i style="width:${(100 * Math.min(1, share)).toFixed(1)}%"></i></span><b>${percent(share)}</b></li>`,
    );
  return `<p>Utilisation over the whole stream: share of the time in which each unit was occupied while inferences ran back to back, filling and draining of the pipeline included. ${escaped(chart.description)}.${paceSentence(row)}</p>
${legend(colours)}
<div class="floor"><figure>${svg}<ul class="legend" aria-label="busy for a share of the time">${scale.join('')}</ul></figure>
<div><h3>Busiest</h3><ol class="busiest">${items.join('')}</ol></div></div>
${details('Utilisation by tile as a table', tileTable(row, plan, layersOf))}
${details('Utilisation by component as a table', componentTable(row))}`;
}

// The other share that reports speak of.
function paceSentence({ analysis, initiationInterval, turns }: ScheduleReport): string {
  const { bottleneck } = analysis;
  if (bottleneck === null) return '';
  const unit = abridged(bottleneck.unit);
  const text = busiestText({ ...bottleneck, unit }, initiationInterval, turns !== null);
  return ` Longest at work for an inference: ${escaped(text)}.`;
}

interface BusyUnit {
  readonly kind: UnitKind | 'other';
  readonly name: string;
  readonly share: number;
}

/** The busiest unit of each kind on each tile, and the memory's port, by their share of the time. */
function busiestUnits({ load }: ScheduleReport): readonly BusyUnit[] {
  const found: BusyUnit[] = [{ kind: 'other', name: 'memory port', share: load.memory }];
  const [chipLink] = load.chipLinks;
  if (chipLink !== undefined)
    found.push({
      kind: 'other',
      name: `busiest of ${load.chipLinks.length} links between chips`,
      share: chipLink,
    });
  for (const tile of load.tiles) {
    const most = new Map<UnitKind, { readonly name: string; readonly share: number; readonly of: number }>();
    for (const { kind, name, share } of unitsOf(tile)) {
      const before = most.get(kind);
      const of = (before?.of ?? 0) + 1;
      most.set(kind, before === undefined || share > before.share ? { name, share, of } : { ...before, of });
    }
    for (const [kind, { name, share, of }] of most) {
      found.push({
        ...{ kind, share },
        name: `tile ${tile.tile}, ${name}${of > 1 ? `, busiest of ${of}` : ''}`,
      });
    }
  }
  return found.sort((a, b) => b.share - a.share);
}

/** Layers by tile and analog core. */
function layersByCore(
  { placement }: ScheduleReport,
  { analogCoresPerTile, crossbarsPerCore }: FloorPlan,
): (tile: number, core: number) => readonly string[] {
  const found = new Map<number, Set<string>>();
  for (const { layer, crossbars } of placement) {
    for (const [first, last] of crossbars) {
      const lastCore = Math.floor(last / crossbarsPerCore);
      for (let core = Math.floor(first / crossbarsPerCore); core <= lastCore; core++) {
        found.set(core, (found.get(core) ?? new Set()).add(layer));
      }
    }
  }
  return (tile, core) => [...(found.get(tile * analogCoresPerTile + core) ?? [])];
}

function tileTable(
  { load }: ScheduleReport,
  { analogCoresPerTile }: FloorPlan,
  layersOf: (tile: number, core: number) => readonly string[],
): string {
  const mean = (shares: readonly number[]) =>
    shares.length === 0 ? '–' : percent(shares.reduce((sum, share) => sum + share, 0) / shares.length);
  const most = (shares: readonly number[]) => (shares.length === 0 ? '–' : percent(Math.max(...shares)));
  const { shown, rest } = atMost(MOST_TABLE_ROWS, load.tiles);
  const rows = shown.map(({ tile, buffer, links, analogCores, digitalCores }) => {
    const layers = new Set(
      Array.from({ length: analogCoresPerTile }, (_, core) => layersOf(tile, core)).flat(),
    );
    return [
      String(tile),
      ...[mean(analogCores), most(analogCores), mean(digitalCores), most(digitalCores)],
      ...[percent(buffer), percent(links[0] ?? 0)],
      [...layers].slice(0, 6).join(', ') + (layers.size > 6 ? `, … (${layers.size})` : ''),
    ];
  });
  const header = [
    'tile',
    'analog cores, mean',
    'busiest',
    'digital cores, mean',
    'busiest',
    'buffer port',
    'busiest link',
    'layers on its crossbars',
  ];
  return htmlTable(header, rows, [1, 2, 3, 4, 5, 6]) + rest;
}

function componentTable({ utilisation }: ScheduleReport): string {
  return `<p>Actions over what all units of a component could do at their highest rate in the same time.</p>${htmlTable(
    ['component', 'utilisation'],
    utilisation.map(({ component, fraction }) => [component, percent(fraction)]),
    [1],
  )}`;
}
