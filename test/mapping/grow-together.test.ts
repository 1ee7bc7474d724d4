import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growTogether } from '../../src/mapping/grow-together.ts';

const draws = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 7 }).chain((wanted) =>
  fc.record({
    wanted: fc.constant(wanted),
    rooms: fc.array(
      fc.record({
        stages: fc.uniqueArray(fc.nat({ max: wanted.length - 1 }), { minLength: 1 }),
        room: fc.integer({ min: -20, max: 150 }),
      }),
      { maxLength: 4 },
    ),
  }),
);

/** Where every stage wants the same of each of its tiles. */
function asking(wanted: readonly number[], rooms: readonly { stages: number[]; room: number }[]) {
  return rooms.map(({ stages, room }) => ({ stages, room, wanted: stages.map((stage) => wanted[stage]!) }));
}

describe('shares of room that grow together', () => {
  test('fill no tile beyond its room', () => {
    fc.assert(
      fc.property(draws, ({ wanted, rooms }) => {
        const shares = growTogether(wanted.length, asking(wanted, rooms));
        for (const { stages, room } of rooms) {
          const used = stages.reduce((sum, stage) => sum + shares[stage]! * wanted[stage]!, 0);
          expect(used).toBeLessThanOrEqual(Math.max(0, room) + 1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('are as a naive play of them grows: a ten-thousandth at a time, until a tile is full', () => {
    fc.assert(
      fc.property(draws, ({ wanted, rooms }) => {
        const step = 1e-4;
        const naive = wanted.map(() => 0);
        const growing = new Set(wanted.keys());
        for (let level = step; level <= 1 + step / 2; level += step) {
          for (const { stages, room } of rooms) {
            const after = stages.reduce(
              (sum, stage) => sum + (growing.has(stage) ? level : naive[stage]!) * wanted[stage]!,
              0,
            );
            const wants = stages.some((stage) => growing.has(stage) && wanted[stage]! > 0);
            if (wants && after > Math.max(0, room) + 1e-9) stages.forEach((stage) => growing.delete(stage));
          }
          for (const stage of growing) naive[stage] = level;
        }
        const shares = growTogether(wanted.length, asking(wanted, rooms));
        wanted.forEach((want, stage) => {
          if (want > 0) expect(Math.abs(shares[stage]! - naive[stage]!)).toBeLessThan(3e-3);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('of two tiles that a stage lies in, the smaller one stops it and the other goes on', () => {
    // 10 of A and 30 of B want 20 of the first: half each. C has the rest of the second: 40 − 15 of 50.
    const shares = growTogether(3, [
      { stages: [0, 1], wanted: [10, 30], room: 20 },
      { stages: [1, 2], wanted: [30, 50], room: 40 },
    ]);
    expect(shares).toEqual([0.5, 0.5, 0.5]);
    expect(
      growTogether(3, [
        { stages: [0, 1], wanted: [10, 30], room: 10 },
        { stages: [1, 2], wanted: [30, 50], room: 40 },
      ]),
    ).toEqual([0.25, 0.25, 0.65]);
  });

  test('of a stage that wants more of one tile than of another, it takes the same share of both', () => {
    // 40 and 10 of room 20: half. Then it takes 5 of the other's 12, and 7 are left for 14: half as well.
    expect(
      growTogether(2, [
        { stages: [0], wanted: [40], room: 20 },
        { stages: [0, 1], wanted: [10, 14], room: 12 },
      ]),
    ).toEqual([0.5, 0.5]);
  });
});
