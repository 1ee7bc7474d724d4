import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { routesOf } from '../../src/hardware/routes.ts';
import { actionNumbers } from '../../src/machine/actions.ts';
import { type CopyTiles, multicastTree } from '../../src/mapping/multicast-tree.ts';
import { Recorder } from '../../src/machine/recorder.ts';
import { createResources } from '../../src/machine/resources.ts';
import { Transfers } from '../../src/machine/transfers.ts';
import { WaitLedger } from '../../src/machine/waits.ts';
import {
  handSchedule,
  loadStage,
  mvmStage,
  notebook,
  oneByOne,
  playInFull,
  tickChip,
} from './hand-schedule.ts';

type Shape = 'mesh' | 'tree' | 'bus';
const HOP = 3;

/** A network on chip of its own: a byte takes a tick on a link, a router 3 ticks; four senders, told apart as stages. */
function network(type: Shape, tiles: number) {
  const chip = tickChip(tiles, {}, HOP);
  const spec = { ...chip, chip: { ...chip.chip, interconnect: { ...chip.chip.interconnect, type } } };
  const waits = new WaitLedger(4);
  const resources = createResources(spec, waits);
  const table = actionTable(inventory(spec));
  const { told, ...sink } = notebook(table);
  const transfers = new Transfers(resources, new Recorder(actionNumbers(table), sink));
  const senders = [0, 1, 2, 3].map((index) => loadStage(index, { tasks: 1, capacity: 1 }));
  return {
    send: (sender: number, from: number, to: number, bytes: number, now: number) =>
      transfers.acrossTiles(from, to, bytes, now, senders[sender]!, 0),
    spread: (sender: number, from: number, copy: CopyTiles, bytes: number, now: number) =>
      transfers.multicast(
        multicastTree(from, copy, resources.routes, resources.path),
        bytes,
        now,
        senders[sender]!,
        0,
      ),
    held: () =>
      told.map(({ unit, start, end, stage }) => ({
        link: `${resources.routes.tileOf(unit)} ${resources.routes.nameOf(unit).replace('link ', '')}`,
        start,
        end,
        stage,
      })),
    waits: () => waits.list().map(({ resource, waiter, holder, ticks }) => [resource, waiter, holder, ticks]),
    resources,
  };
}

describe('messages that cross on a mesh of 3 × 3', () => {
  test('share a link: the second one waits there, its head having come so far', () => {
    const { send, held, waits } = network('mesh', 9);
    // 0 → 2 goes 0 east 0 … 10, 1 east 3 … 13, there 3 + 3 + 10.
    expect(send(0, 0, 2, 10, 0)).toBe(16);
    // 1 → 5 at 2 wants 1 east at once, gets it 13 … 17; then 2 south 16 … 20, there 16 + 3 + 4.
    expect(send(1, 1, 5, 4, 2)).toBe(23);
    expect(held()).toEqual([
      { link: '0 east', start: 0, end: 10, stage: 0 },
      { link: '1 east', start: 3, end: 13, stage: 0 },
      { link: '1 east', start: 13, end: 17, stage: 1 },
      { link: '2 south', start: 16, end: 20, stage: 1 },
    ]);
    expect(waits()).toEqual([['link', 1, 0, 11]]);
  });

  test('are served in the order of the calls', () => {
    const { send, waits } = network('mesh', 9);
    // 1 → 5: 1 east 2 … 6, 2 south 5 … 9.
    expect(send(1, 1, 5, 4, 2)).toBe(12);
    // 0 → 2: 0 east 0 … 10, 1 east not at 3 but 6 … 16.
    expect(send(0, 0, 2, 10, 0)).toBe(19);
    expect(waits()).toEqual([['link', 0, 1, 3]]);
  });

  test('turn from x to y: two that cross at a router do not hinder each other, three on one column do', () => {
    const { send, waits } = network('mesh', 9);
    // 0 → 8: east, east, south, south; 6 → 2: east, east, north, north.
    expect(send(0, 0, 8, 10, 0)).toBe(4 * HOP + 10);
    expect(send(1, 6, 2, 10, 0)).toBe(4 * HOP + 10);
    expect(waits()).toEqual([]);
    // 1 → 8: 1 east is taken 3 … 13, so 13 … 20; 2 south was taken 6 … 16, 16 … 23 fits; 5 south 19 … 26; there 19 + 3 + 7.
    expect(send(2, 1, 8, 7, 1)).toBe(29);
    expect(waits()).toEqual([['link', 2, 0, 12]]);
  });

  test('links one way do not hinder the way back, and nothing within a tile takes time', () => {
    const { send, held } = network('mesh', 9);
    expect(send(0, 3, 5, 50, 0)).toBe(56);
    expect(send(1, 5, 3, 50, 0)).toBe(56);
    expect(send(2, 4, 4, 50, 7)).toBe(7);
    expect(send(2, 4, 7, 0, 7)).toBe(7);
    expect(held()).toHaveLength(4);
  });
});

describe('messages that cross on a tree of 16 leaves', () => {
  test('meet at the links of the root only where both have to go over it', () => {
    const { send, held, waits } = network('tree', 16);
    // 0 → 5: up 0 … 10, up 3 … 13, down 6 … 16, down 9 … 19, there 9 + 3 + 10.
    expect(send(0, 0, 5, 10, 0)).toBe(22);
    // 1 → 4: its own link 0 … 10, the upper ones after the first message: 13 … 23, 16 … 26, 19 … 29, there 32.
    expect(send(1, 1, 4, 10, 0)).toBe(32);
    // 2 → 3 stays below its router.
    expect(send(2, 2, 3, 5, 1)).toBe(1 + 2 * HOP + 5);
    expect(held().filter(({ stage }) => stage === 1)).toEqual([
      { link: '1 up, level 0', start: 0, end: 10, stage: 1 },
      { link: '0 up, level 1', start: 13, end: 23, stage: 1 },
      { link: '4 down, level 1', start: 16, end: 26, stage: 1 },
      { link: '4 down, level 0', start: 19, end: 29, stage: 1 },
    ]);
    expect(waits()).toEqual([['link', 1, 0, 10]]);
  });
});

describe('messages on a bus', () => {
  test('take turns, whatever their tiles', () => {
    const { send, waits } = network('bus', 9);
    expect(send(0, 0, 3, 10, 0)).toBe(13);
    // 10 … 15 instead of from 4 on, then a byte 15 … 16.
    expect(send(1, 2, 1, 5, 4)).toBe(18);
    expect(send(2, 3, 0, 1, 4)).toBe(19);
    expect(waits()).toEqual([
      ['link', 1, 0, 6],
      ['link', 2, 0, 6],
      ['link', 2, 1, 5],
    ]);
  });
});

describe('a multicast', () => {
  const whole = (...tiles: number[]): CopyTiles => ({
    tiles,
    ranges: tiles.map(() => new Set([0])),
    rangeShares: [1],
  });

  test('passes each link once: 0 to 1, 2, 5 and 6 on a mesh of 3 × 3', () => {
    const { spread, held } = network('mesh', 9);
    // Farthest: 5, over 0 east 0 … 20, 1 east 3 … 23, 2 south 6 … 26; 6 over 0 south, 3 south.
    expect(spread(0, 0, whole(1, 2, 5, 6), 20, 0)).toBe(6 + HOP + 20);
    expect(held()).toEqual([
      { link: '0 east', start: 0, end: 20, stage: 0 },
      { link: '1 east', start: 3, end: 23, stage: 0 },
      { link: '2 south', start: 6, end: 26, stage: 0 },
      { link: '0 south', start: 0, end: 20, stage: 0 },
      { link: '3 south', start: 3, end: 23, stage: 0 },
    ]);
  });

  test('waits on one branch only: a message holds 1 east until 30', () => {
    const { spread, send } = network('mesh', 9);
    send(1, 1, 2, 30, 0);
    // To 2: 1 east 30 … 50, there 30 + 3 + 20; to 3: 0 south 0 … 20.
    expect(spread(0, 0, whole(2, 3), 20, 0)).toBe(53);
    const other = network('mesh', 9);
    other.send(1, 1, 2, 30, 0);
    expect(other.spread(0, 0, whole(1, 3), 20, 0)).toBe(23);
  });

  test('carries to each tile only the rows that it or a tile behind it needs', () => {
    const { spread, held } = network('mesh', 9);
    // Rows in three ranges of 5, 3 and 2 bytes of 10: tile 1 needs the first, 2 the second, 4 (behind 1) the third.
    const copy = {
      tiles: [1, 2, 4],
      ranges: [new Set([0]), new Set([1]), new Set([2])],
      rangeShares: [0.5, 0.3, 0.2],
    };
    spread(0, 0, copy, 10, 0);
    expect(held().map(({ link, start, end }) => [link, start, end])).toEqual([
      ['0 east', 0, 10],
      ['1 east', 3, 6],
      ['1 south', 3, 5],
    ]);
  });

  test('on a bus is one turn of the bus', () => {
    const { spread, held } = network('bus', 9);
    expect(spread(0, 0, whole(1, 2, 8), 20, 5)).toBe(5 + HOP + 20);
    expect(held()).toHaveLength(1);
  });

  // Against the union of the single paths, each link as soon as its head is there and the link is free.
  test('follows a plain list of links, with others on the way', () => {
    const shape = fc.constantFrom<Shape>('mesh', 'tree', 'bus');
    const message = fc.record({
      from: fc.integer({ min: 0, max: 15 }),
      to: fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 6 }),
      bytes: fc.integer({ min: 1, max: 40 }),
      now: fc.integer({ min: 0, max: 60 }),
      sender: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(shape, fc.array(message, { minLength: 1, maxLength: 8 }), (type, messages) => {
        const { send, spread, held, waits, resources } = network(type, 16);
        const free = new Map<number, number>();
        let waited = 0;
        let passed = 0;
        for (const { from, to, bytes, now, sender } of messages) {
          const heads = new Map<number, number>();
          let last = now;
          for (const tile of to) {
            const path = new Int32Array(64);
            let head = now;
            for (const link of path.subarray(0, resources.routes.path(from, tile, path))) {
              const start = heads.get(link) ?? Math.max(head, free.get(link) ?? 0);
              if (!heads.has(link)) waited += start - head;
              if (!heads.has(link)) passed += bytes;
              heads.set(link, start);
              free.set(link, start + bytes);
              head = start + HOP;
              last = Math.max(last, head + bytes);
            }
          }
          const there =
            to.length === 1
              ? send(sender, from, to[0]!, bytes, now)
              : spread(sender, from, whole(...to), bytes, now);
          expect(there).toBe(last);
        }
        expect(held().reduce((sum, { start, end }) => sum + end - start, 0)).toBe(passed);
        expect(waits().reduce((sum, wait) => sum + (wait[3] as number), 0)).toBe(waited);
        noOverlaps(held());
      }),
      { numRuns: 300 },
    );
  });
});

test('ports serve in the order of the calls; what carries nothing does not queue', () => {
  const spec = tickChip(2);
  const resources = createResources(spec, new WaitLedger(1));
  const table = actionTable(inventory(spec));
  const transfers = new Transfers(resources, new Recorder(actionNumbers(table), notebook(table)));
  const stage = loadStage(0, { tasks: 1, capacity: 1 });
  expect(transfers.fromBuffer(0, 10, 5, stage, 0)).toBe(15);
  expect(transfers.toBuffer(0, 4, 6, stage, 0)).toBe(19);
  expect(transfers.fromBuffer(1, 3, 6, stage, 0)).toBe(9);
  expect(transfers.fromBuffer(0, 0, 7, stage, 0)).toBe(7);
  expect(transfers.fromMemory(8, 0, stage, 0)).toBe(8);
  expect(transfers.toMemory(2, 1, stage, 0)).toBe(10);
  expect(transfers.toMemory(0, 1, stage, 0)).toBe(1);
});

function noOverlaps(held: readonly { link: string; start: number; end: number }[]): void {
  const lastEnd = new Map<string, number>();
  for (const { link, start, end } of [...held].sort((a, b) => a.start - b.start)) {
    expect(start, link).toBeGreaterThanOrEqual(lastEnd.get(link) ?? 0);
    lastEnd.set(link, end);
  }
}

describe('partial sums of a copy that lies in two tiles', () => {
  // Two row blocks of 5 columns: an MVM takes 5 ticks, sums of 4 bytes a column take 20 on the link.
  const linksOf = (homes: readonly number[]) => {
    const load = loadStage(0, { tasks: 4, capacity: 4 });
    const shape = { tasks: 4, capacity: 4, time: 5, crossbars: [0], sources: [oneByOne(0, 4)] };
    const mvms = mvmStage(1, shape);
    const [block] = mvms.blocks;
    const stage = {
      ...mvms,
      blocks: [block!, { ...block!, rowStart: 1 }],
      replicas: [{ crossbars: [0, 1] }],
      homes: Int32Array.from(homes),
    };
    const spec = tickChip(2);
    const { told } = playInFull(handSchedule([load, stage], 1), spec, 1);
    const routes = routesOf(spec);
    return told
      .filter(({ component }) => component === 'interconnect')
      .map(({ unit, count, start, end }) => `${routes.tileOf(unit)}: ${count} B, ${start} to ${end}`);
  };

  test('meet in the first, one after the other on the link there', () => {
    expect(linksOf([0, 0, 0, 0])).toEqual([
      '1: 20 B, 5 to 25',
      '1: 20 B, 25 to 45',
      '1: 20 B, 45 to 65',
      '1: 20 B, 65 to 85',
    ]);
  });

  test('or in both in turns, on a link each way', () => {
    expect(linksOf([0, 1, 0, 1])).toEqual([
      '1: 20 B, 5 to 25',
      '0: 20 B, 10 to 30',
      '1: 20 B, 25 to 45',
      '0: 20 B, 30 to 50',
    ]);
  });
});
