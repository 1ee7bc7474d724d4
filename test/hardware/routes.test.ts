import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestPath, type Routes, routesOf, routesOfChip } from '../../src/hardware/routes.ts';
import { testSpec } from '../specs.ts';

const tiles = fc.integer({ min: 1, max: 90 });
const ends = fc
  .tuple(tiles, fc.nat(), fc.nat())
  .map(([count, a, b]) => [count, a % count, b % count] as const);

describe('routes', () => {
  test('of a mesh: first along x, then along y, each link from where the one before ends', () => {
    fc.assert(
      fc.property(ends, ([count, from, to]) => {
        const width = meshWidth(count);
        const routes = routesOfChip('mesh', count);
        const steps = stepsOf(routes, from, to, count);
        let [x, y] = [from % width, Math.floor(from / width)];
        const [toX, toY] = [to % width, Math.floor(to / width)];
        const expected: string[] = [];
        // Routers without a tile count for the last one.
        const step = (way: string) => {
          const router = y * width + x;
          expected.push(
            router < count ? `${router} link ${way}` : `${count - 1} link ${way} of router ${router}`,
          );
        };
        while (x !== toX) {
          step(toX > x ? 'east' : 'west');
          x += Math.sign(toX - x);
        }
        while (y !== toY) {
          step(toY > y ? 'south' : 'north');
          y += Math.sign(toY - y);
        }
        expect(steps).toEqual(expected);
        expect(routes.hops(from, to)).toBe(expected.length);
      }),
      { numRuns: 300 },
    );
  });

  test('of a tree: up to the lowest router above both, down again; four branches each', () => {
    fc.assert(
      fc.property(ends, ([count, from, to]) => {
        const routes = routesOfChip('tree', count);
        const above = (tile: number) => {
          const nodes = [tile];
          while (4 ** nodes.length <= 4 ** 6) nodes.push(Math.floor(nodes.at(-1)! / 4));
          return nodes;
        };
        const [mine, other] = [above(from), above(to)];
        const meet = mine.findIndex((node, level) => node === other[level]);
        const firstTile = (node: number, level: number) => node * 4 ** level;
        const up = mine
          .slice(0, meet)
          .map((node, level) => `${firstTile(node, level)} link up, level ${level}`);
        const down = other
          .slice(0, meet)
          .map((node, level) => `${firstTile(node, level)} link down, level ${level}`);
        expect(stepsOf(routes, from, to, count)).toEqual([...up, ...down.reverse()]);
        expect(routes.hops(from, to)).toBe(2 * meet);
      }),
      { numRuns: 300 },
    );
  });

  test('of a bus: the bus', () => {
    const routes = routesOfChip('bus', 9);
    expect(routes.links).toBe(1);
    expect(stepsOf(routes, 2, 7, 9)).toEqual(['0 bus']);
    expect(stepsOf(routes, 7, 7, 9)).toEqual([]);
  });

  test('have a number below their count, one for each link', () => {
    fc.assert(
      fc.property(tiles, fc.constantFrom('mesh' as const, 'tree' as const), (count, type) => {
        const routes = routesOfChip(type, count);
        const seen = new Map<number, string>();
        let longest = 0;
        const path = new Int32Array(longestPath(count));
        for (let from = 0; from < count; from++) {
          for (let to = 0; to < count; to++) {
            const length = routes.path(from, to, path);
            longest = Math.max(longest, length);
            for (const link of path.subarray(0, length))
              seen.set(link, `${routes.tileOf(link)} ${routes.nameOf(link)}`);
          }
        }
        expect(longest).toBeLessThanOrEqual(path.length);
        for (const link of seen.keys()) expect(link).toBeLessThan(routes.links);
        // Two links never have the same beginning and direction.
        expect(new Set(seen.values()).size).toBe(seen.size);
      }),
      { numRuns: 40 },
    );
  });

  test('begin with the first and end with the last link of their path, on chips and between them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('mesh' as const, 'tree' as const, 'bus' as const),
        (count, chips, type) => {
          const base = testSpec();
          const interconnect = { ...base.chip.interconnect, type };
          const routes = routesOf({ chip: { ...base.chip, tiles: count, count: chips, interconnect } });
          const path = new Int32Array(longestPath(count));
          for (let from = 0; from < count * chips; from++) {
            for (let to = 0; to < count * chips; to++) {
              if (from === to) continue;
              const links = path.slice(0, routes.path(from, to, path));
              expect(routes.firstLink(from, to)).toBe(links[0]);
              expect(routes.lastLink(from, to)).toBe(links.at(-1));
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a mesh never turn in a circle: no link of a y direction before one of an x direction', () => {
    const routes = routesOfChip('mesh', 16);
    const path = new Int32Array(longestPath(16));
    const order = new Map<number, Set<number>>();
    for (let from = 0; from < 16; from++) {
      for (let to = 0; to < 16; to++) {
        const links = path.slice(0, routes.path(from, to, path));
        links.forEach((link, at) => {
          if (at + 1 < links.length) order.set(link, (order.get(link) ?? new Set()).add(links[at + 1]!));
        });
      }
    }
    // Links that hold each other in a circle could not be served in any order.
    const state = new Map<number, 'open' | 'closed'>();
    const visit = (link: number): void => {
      expect(state.get(link)).not.toBe('open');
      if (state.has(link)) return;
      state.set(link, 'open');
      for (const next of order.get(link) ?? []) visit(next);
      state.set(link, 'closed');
    };
    for (const link of order.keys()) visit(link);
  });
});

function meshWidth(count: number): number {
  let width = 1;
  while (width * width < count) width += 1;
  return width;
}

/** The links of a path, each with the tile where it begins. */
function stepsOf(routes: Routes, from: number, to: number, count: number): string[] {
  const path = new Int32Array(longestPath(count));
  const length = routes.path(from, to, path);
  return [...path.subarray(0, length)].map((link) => `${routes.tileOf(link)} ${routes.nameOf(link)}`);
}
