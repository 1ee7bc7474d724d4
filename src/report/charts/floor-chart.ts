import type { Drawing } from '../drawing.ts';
import type { FloorPlan } from '../floor-plan.ts';
import type { UnitLoadReport } from '../unit-load.ts';
import { type Box, boxChart, type Label } from './box-chart.ts';
import {
  kindsOf,
  LABELLED,
  tileBoxes,
  type TileLoad,
  type TileUnit,
  unitBox,
  unitsOf,
} from './tile-boxes.ts';

/** Pixels of the drawing; a page shows it larger. */
const SIDE = 358;
/** Boxes inside tiles, and tiles a row, that are drawn one by one. */
const MOST_BOXES = 900;
const MOST_PER_ROW = 24;
/** Buffer port and link. */
const PORTS = 2;

/**
 * The chip from above: tiles where they lie, and in each its analog cores, digital cores, buffer port and link, the
 * stronger the busier. Of chips with many units the cores of a tile are one, of chips with many tiles squares of tiles
 * show their busiest unit.
 */
export function floorChart(
  plan: FloorPlan,
  load: UnitLoadReport,
  layersOf: (tile: number, core: number) => readonly string[],
): Drawing {
  const tiles = load.tiles.map((tile) => withIdle(tile, plan));
  const withLayers = (tile: TileLoad): readonly TileUnit[] =>
    unitsOf(tile).map((unit) => {
      const core = /^analog core (\d+)$/.exec(unit.name);
      return core === null ? unit : { ...unit, more: layersOf(tile.tile, Number(core[1])).join(', ') };
    });
  const each = tiles.length * (plan.analogCoresPerTile + plan.digitalCoresPerTile + PORTS) <= MOST_BOXES;
  const acrossAll = plan.tilesPerRow * Math.ceil(Math.sqrt(plan.chips));
  const inside = acrossAll <= MOST_PER_ROW && tiles.length * (2 + PORTS) <= MOST_BOXES;
  const group = inside ? 1 : Math.ceil(acrossAll / MOST_PER_ROW);
  const { corners, height, side } = layOut(plan, group);

  const outlines = [...new Map(corners.map((corner) => [`${corner.x} ${corner.y}`, corner])).values()].map(
    ({ x, y }): Box => ({ x, x2: x + side, y, y2: y + side, fill: 'var(--card)', stroke: 'var(--line)' }),
  );
  const boxes = inside
    ? tiles.flatMap((tile) =>
        tileBoxes(tile.tile, each ? withLayers(tile) : kindsOf(tile), { ...corners[tile.tile]!, side }),
      )
    : busiestBoxes(tiles, corners, side, group);
  const labels = inside && side >= LABELLED ? corners.map(numberOf) : [];
  const what = inside
    ? `every unit of every tile${each ? '' : ', its cores by their mean'}`
    : `${group === 1 ? 'every tile' : `squares of ${group} × ${group} tiles`} by the busiest unit`;
  return {
    title: 'Utilisation on the floor plan',
    description: `Shown: ${what}, the stronger the busier; ${load.tiles.length} of ${plan.tiles} tiles${plan.chips > 1 ? ` on ${plan.chips} chips` : ''} work`,
    spec: boxChart({
      ...{ width: SIDE, height, padding: { left: 0, right: 0, top: 0, bottom: 0 } },
      ...{ domain: [0, SIDE], boxes: [...outlines, ...boxes], labels },
    }),
  };
}

/** A tile with its idle cores: a report leaves out kinds of which none worked. */
function withIdle(tile: TileLoad, plan: FloorPlan): TileLoad {
  const filled = (shares: readonly number[], count: number) =>
    Array.from({ length: count }, (_, core) => shares[core] ?? 0);
  return {
    ...tile,
    analogCores: filled(tile.analogCores, plan.analogCoresPerTile),
    digitalCores: filled(tile.digitalCores, plan.digitalCoresPerTile),
  };
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Where each tile begins, and how wide it is; tiles of a group share a square, chips stand apart. */
function layOut({ chips, tiles, tilesPerRow }: FloorPlan, group: number) {
  const ofChip = tiles / chips;
  const chipsPerRow = Math.ceil(Math.sqrt(chips));
  const columns = Math.ceil(tilesPerRow / group);
  const rows = Math.ceil(Math.ceil(ofChip / tilesPerRow) / group);
  const perRow = Math.max(columns * chipsPerRow, 2);
  const apart = chips > 1 ? Math.min(12, SIDE / perRow / 2) : 0;
  const pitch = (SIDE - apart * (chipsPerRow - 1)) / perRow;
  const gap = Math.min(5, pitch / 10);
  const corners = Array.from({ length: tiles }, (_, tile): Corner => {
    const chip = Math.floor(tile / ofChip);
    const [chipColumn, chipRow] = [chip % chipsPerRow, Math.floor(chip / chipsPerRow)];
    const local = tile % ofChip;
    const column = chipColumn * columns + Math.floor((local % tilesPerRow) / group);
    const row = chipRow * rows + Math.floor(Math.floor(local / tilesPerRow) / group);
    return { x: column * pitch + chipColumn * apart + gap, y: row * pitch + chipRow * apart + gap };
  });
  const chipRows = Math.ceil(chips / chipsPerRow);
  return {
    corners,
    height: rows * chipRows * pitch + (chipRows - 1) * apart,
    side: pitch - 2 * gap,
  };
}

function numberOf({ x, y }: Corner, tile: number): Label {
  return { x: x + 5, y: y + 9, text: `tile ${tile}`, align: 'left', muted: true, size: 9 };
}

function busiestBoxes(
  tiles: readonly TileLoad[],
  corners: readonly Corner[],
  side: number,
  group: number,
): readonly Box[] {
  const busiest = new Map<string, Box & { readonly share: number }>();
  for (const tile of tiles) {
    const { x, y } = corners[tile.tile]!;
    const unit = unitsOf(tile).reduce((a, b) => (b.share > a.share ? b : a));
    const key = `${x} ${y}`;
    if ((busiest.get(key)?.share ?? -1) >= unit.share) continue;
    const more = group === 1 ? 'the busiest of its tile' : `the busiest of ${group} × ${group} tiles`;
    const box = { x, x2: x + side, y, y2: y + side, ...unitBox(tile.tile, { ...unit, more }) };
    busiest.set(key, { ...box, share: unit.share });
  }
  return [...busiest.values()].map(({ share: _, ...box }) => box);
}
