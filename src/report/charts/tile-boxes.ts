import { seriesColour } from '../colours.ts';
import { percent } from '../format.ts';
import type { UnitLoadReport } from '../unit-load.ts';
import type { Box } from './box-chart.ts';

export const UNIT_COLOURS = {
  'analog core': seriesColour(0),
  'digital core': seriesColour(1),
  'buffer port': seriesColour(2),
  link: seriesColour(3),
} as const;

export type UnitKind = keyof typeof UNIT_COLOURS;

/** A unit of a tile, or several that are shown as one: share of the time, and what is said of it. */
export interface TileUnit {
  readonly kind: UnitKind;
  readonly name: string;
  readonly share: number;
  readonly more?: string;
}

export type TileLoad = UnitLoadReport['tiles'][number];

/** Every unit of a tile with its share of the time; those of idle kinds are missing. */
export function unitsOf(load: TileLoad): readonly TileUnit[] {
  const cores = (kind: 'analog core' | 'digital core', shares: readonly number[]) =>
    shares.map((share, core) => ({ kind, name: `${kind} ${core}`, share }));
  return [
    ...cores('analog core', load.analogCores),
    ...cores('digital core', load.digitalCores),
    ...portsOf(load),
  ];
}

/** Its units with the cores of a kind as one, as busy as they are on average. */
export function kindsOf(load: TileLoad): readonly TileUnit[] {
  const cores = (kind: 'analog core' | 'digital core', shares: readonly number[]) => {
    if (shares.length === 0) return [];
    const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
    const name = `${shares.length} ${kind}${shares.length === 1 ? '' : 's, on average'}`;
    return [{ kind, name, share, more: `busiest ${percent(Math.max(...shares))}` }];
  };
  return [
    ...cores('analog core', load.analogCores),
    ...cores('digital core', load.digitalCores),
    ...portsOf(load),
  ];
}

function portsOf({ buffer, links }: TileLoad): readonly TileUnit[] {
  return [
    { kind: 'buffer port', name: 'buffer port', share: buffer },
    {
      kind: 'link',
      name: links.length > 1 ? `busiest of ${links.length} links` : 'link',
      share: links[0] ?? 0,
    },
  ];
}

/** Ink for a share of the time: by its square root, or units that are seldom busy would all look idle. */
export function loadOpacity(share: number): number {
  return 0.07 + 0.93 * Math.sqrt(Math.min(1, share));
}

/** A unit as a box: its colour by kind, the stronger the busier. */
export function unitBox(
  tile: number,
  { kind, name, share, more }: TileUnit,
): Omit<Box, 'x' | 'x2' | 'y' | 'y2'> {
  const said = more === undefined || more === '' ? '' : ` · ${more}`;
  return {
    ...{ fill: UNIT_COLOURS[kind], opacity: loadOpacity(share) },
    text: `tile ${tile}, ${name}: busy ${percent(share)}${said}`,
  };
}

/** Analog cores in a grid, digital cores in a row below, then the buffer's port; the link at the right edge. */
export function tileBoxes(
  tile: number,
  units: readonly TileUnit[],
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): readonly Box[] {
  const labelled = side >= LABELLED;
  const edge = side / (labelled ? 12 : 20);
  const head = labelled ? 15 : edge;
  const inner = { left: x + edge, right: x + side - 2 * edge, top: y + head, bottom: y + side - edge };
  const of = (kind: UnitKind) => units.filter((unit) => unit.kind === kind);
  const rows = (['analog core', 'digital core', 'buffer port'] as const)
    .map((kind) => ({ units: of(kind), weight: kind === 'analog core' ? 3 : 1 }))
    .filter((row) => row.units.length > 0);
  const weights = rows.reduce((sum, { weight }) => sum + weight, 0);
  let top = inner.top;
  const boxes = rows.flatMap((row) => {
    const bottom = top + ((inner.bottom - inner.top) * row.weight) / weights;
    const cells = grid(row.units.length, inner.left, inner.right, top, bottom);
    top = bottom;
    return row.units.map((unit, index) => ({ ...cells[index]!, ...unitBox(tile, unit) }));
  });
  const link = { x: inner.right + edge / 3, x2: x + side - edge / 2, y: inner.top, y2: inner.bottom };
  return [...boxes, ...of('link').map((unit) => ({ ...link, ...unitBox(tile, unit) }))];
}

/** Pixels from which a tile has room for its number. */
export const LABELLED = 50;

function grid(count: number, left: number, right: number, top: number, bottom: number) {
  const columns = columnsOf(count, (right - left) / (bottom - top));
  const rows = Math.ceil(count / columns);
  const [width, height] = [(right - left) / columns, (bottom - top) / rows];
  return Array.from({ length: count }, (_, index) => {
    const x = left + (index % columns) * width;
    const y = top + Math.floor(index / columns) * height;
    return { x, x2: x + width, y, y2: y + height };
  });
}

// Cells as square as can be, and few places left over.
function columnsOf(count: number, aspect: number): number {
  const cost = (columns: number) => {
    const rows = Math.ceil(count / columns);
    return Math.abs(Math.log((aspect * rows) / columns)) + (rows * columns - count) / columns;
  };
  let best = 1;
  for (let columns = 2; columns <= count; columns++) if (cost(columns) < cost(best)) best = columns;
  return best;
}
