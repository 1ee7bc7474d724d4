import type { ArchitectureSpec } from './architecture.ts';
import { meshWidth } from './interconnect.ts';

/** The links of an interconnect and which of them a message takes. */
export interface Routes {
  /** Links, numbered from 0. */
  readonly links: number;
  /** Routers that a message passes between two tiles: the links it takes. */
  hops(from: number, to: number): number;
  /** The links from tile to tile in the order in which they are taken, written to `into`; how many. */
  path(from: number, to: number, into: Int32Array): number;
  /** The first and the last of the links between two tiles that are not the same. */
  firstLink(from: number, to: number): number;
  lastLink(from: number, to: number): number;
  /** Links from this number on lie between chips. */
  readonly firstBetweenChips: number;
  /** Tile where a link begins (of a tree: the first below its router). */
  tileOf(link: number): number;
  /** A link in a word or two. */
  nameOf(link: number): string;
}

/** The routes between all tiles of a spec: of its chips, and from chip to chip. */
export function routesOf({ chip }: Pick<ArchitectureSpec, 'chip'>): Routes {
  const { tiles, count, interconnect } = chip;
  const within = routesOfChip(interconnect.type, tiles);
  return count > 1 ? routesOfChips(within, tiles, count) : within;
}

/** The routes of an interconnect between so many tiles. */
export function routesOfChip(type: 'mesh' | 'tree' | 'bus', tiles: number): Routes {
  if (type === 'bus') return busRoutes();
  return type === 'tree' ? treeRoutes(tiles) : meshRoutes(tiles);
}

/** Room for any path between so many tiles of a chip, and through two chips. */
export function longestPath(tiles: number): number {
  return 4 * Math.max(meshWidth(tiles), Math.ceil(Math.log2(Math.max(2, tiles)))) + 4;
}

const [EAST, WEST, SOUTH, NORTH] = [0, 1, 2, 3];

/** A near-square mesh, x before y; a link each way between neighbours. */
function meshRoutes(tiles: number): Routes {
  const width = meshWidth(tiles);
  return {
    links: 4 * width * width,
    firstBetweenChips: 4 * width * width,
    hops: (from, to) =>
      Math.abs((from % width) - (to % width)) + Math.abs(Math.floor(from / width) - Math.floor(to / width)),
    path(from, to, into) {
      let x = from % width;
      let y = (from - x) / width;
      const toX = to % width;
      const toY = (to - toX) / width;
      let count = 0;
      for (; x !== toX; x += x < toX ? 1 : -1)
        into[count++] = 4 * (y * width + x) + (x < toX ? EAST! : WEST!);
      for (; y !== toY; y += y < toY ? 1 : -1)
        into[count++] = 4 * (y * width + x) + (y < toY ? SOUTH! : NORTH!);
      return count;
    },
    firstLink(from, to) {
      const [x, toX] = [from % width, to % width];
      if (x !== toX) return 4 * from + (x < toX ? EAST! : WEST!);
      return 4 * from + (from < to ? SOUTH! : NORTH!);
    },
    lastLink(from, to) {
      const [row, toRow] = [Math.floor(from / width), Math.floor(to / width)];
      if (row !== toRow) return row < toRow ? 4 * (to - width) + SOUTH! : 4 * (to + width) + NORTH!;
      return from < to ? 4 * (to - 1) + EAST! : 4 * (to + 1) + WEST!;
    },
    // A mesh that is not full has routers without a tile: their links count for the last one.
    tileOf: (link) => Math.min(link >> 2, tiles - 1),
    nameOf(link) {
      const name = `link ${['east', 'west', 'south', 'north'][link & 3]}`;
      return link >> 2 < tiles ? name : `${name} of router ${link >> 2}`;
    },
  };
}

/** A tree of routers with four branches each, tiles at its leaves: up to the common router and down again. */
function treeRoutes(tiles: number): Routes {
  let levels = 1;
  while (4 ** levels < tiles) levels++;
  // Link 2k goes up and 2k + 1 down between node k of a level and its parent; levels one after the other.
  const firstOf = Array.from({ length: levels }, (_, level) => {
    let first = 0;
    for (let below = 0; below < level; below++) first += Math.ceil(tiles / 4 ** below);
    return first;
  });
  const levelOf = (node: number) => firstOf.findLastIndex((first) => first <= node);
  const climb = (from: number, to: number) => {
    let level = 0;
    for (let [a, b] = [from, to]; a !== b; a >>= 2, b >>= 2) level++;
    return level;
  };
  const links = 2 * (firstOf[levels - 1]! + Math.ceil(tiles / 4 ** (levels - 1)));
  return {
    links,
    firstBetweenChips: links,
    hops: (from, to) => 2 * climb(from, to),
    path(from, to, into) {
      const top = climb(from, to);
      for (let level = 0; level < top; level++) {
        into[level] = 2 * (firstOf[level]! + (from >> (2 * level)));
        into[2 * top - 1 - level] = 2 * (firstOf[level]! + (to >> (2 * level))) + 1;
      }
      return 2 * top;
    },
    firstLink: (from) => 2 * from,
    lastLink: (_, to) => 2 * to + 1,
    tileOf(link) {
      const level = levelOf(link >> 1);
      return ((link >> 1) - firstOf[level]!) << (2 * level);
    },
    nameOf: (link) => `link ${(link & 1) === 0 ? 'up' : 'down'}, level ${levelOf(link >> 1)}`,
  };
}

/** Chips of equal routes, joined at their first tiles: out of one chip, into the other. */
function routesOfChips(within: Routes, tiles: number, count: number): Routes {
  const between = count * within.links;
  const chipOf = (tile: number) => Math.floor(tile / tiles);
  const shift = (into: Int32Array, from: number, to: number, by: number) => {
    for (let i = from; i < to; i++) into[i] = into[i]! + by;
  };
  return {
    links: between + 2 * count,
    firstBetweenChips: between,
    hops(from, to) {
      const [a, b] = [chipOf(from), chipOf(to)];
      if (a === b) return within.hops(from % tiles, to % tiles);
      return within.hops(from % tiles, 0) + 2 + within.hops(0, to % tiles);
    },
    path(from, to, into) {
      const [a, b] = [chipOf(from), chipOf(to)];
      if (a === b) {
        const length = within.path(from % tiles, to % tiles, into);
        shift(into, 0, length, a * within.links);
        return length;
      }
      const arriving = within.path(0, to % tiles, into);
      const last = into.slice(0, arriving);
      const leaving = within.path(from % tiles, 0, into);
      shift(into, 0, leaving, a * within.links);
      into[leaving] = between + 2 * a;
      into[leaving + 1] = between + 2 * b + 1;
      into.set(last, leaving + 2);
      shift(into, leaving + 2, leaving + 2 + arriving, b * within.links);
      return leaving + 2 + arriving;
    },
    firstLink(from, to) {
      const [a, b] = [chipOf(from), chipOf(to)];
      const [here, there] = [from % tiles, a === b ? to % tiles : 0];
      return here === there ? between + 2 * a : a * within.links + within.firstLink(here, there);
    },
    lastLink(from, to) {
      const [a, b] = [chipOf(from), chipOf(to)];
      const [here, there] = [a === b ? from % tiles : 0, to % tiles];
      return here === there ? between + 2 * b + 1 : b * within.links + within.lastLink(here, there);
    },
    tileOf(link) {
      if (link >= between) return Math.floor((link - between) / 2) * tiles;
      return Math.floor(link / within.links) * tiles + within.tileOf(link % within.links);
    },
    nameOf(link) {
      if (link < between) return within.nameOf(link % within.links);
      return (link - between) % 2 === 0 ? 'link out of the chip' : 'link into the chip';
    },
  };
}

/** One medium that all tiles share. */
function busRoutes(): Routes {
  return {
    links: 1,
    firstBetweenChips: 1,
    hops: (from, to) => (from === to ? 0 : 1),
    path(from, to, into) {
      if (from === to) return 0;
      into[0] = 0;
      return 1;
    },
    firstLink: () => 0,
    lastLink: () => 0,
    tileOf: () => 0,
    nameOf: () => 'bus',
  };
}
