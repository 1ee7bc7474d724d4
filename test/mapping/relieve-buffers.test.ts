import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerTile } from '../../src/mapping/buffer-share.ts';
import { copyOfTask } from '../../src/mapping/homes.ts';
import { leastCapacities } from '../../src/mapping/line-buffers.ts';
import { tileOfCrossbar } from '../../src/mapping/placement.ts';
import { buffersHold, relieveBuffers } from '../../src/mapping/relieve-buffers.ts';
import type { Stage } from '../../src/mapping/schedule.ts';
import { chipOf, chips, networkOf, networks, planOf, splits } from '../machine/random-networks.ts';

describe('bytes that a tile must be able to hold of a stage', () => {
  test('are the most that lie there of so many tasks in a row, over all of them in two inferences', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }),
        fc.nat({ max: 30 }),
        fc.integer({ min: 1, max: 3 }),
        (tiles, held, positionsPerTask) => {
          const tasks = tiles.length;
          const stage = { homes: Int32Array.from(tiles), tasks, positionsPerTask, outputBytesPerPosition: 5 };
          const found = bytesPerTile(stage, held * positionsPerTask);
          for (const tile of new Set(tiles)) {
            let most = 0;
            for (let first = 0; first < tasks; first++) {
              let here = 0;
              for (let task = first; task < first + held; task++) if (tiles[task % tasks] === tile) here += 1;
              most = Math.max(most, here);
            }
            expect(found.get(tile)).toBe(most * positionsPerTask * 5);
          }
          expect(found.size).toBe(new Set(tiles).size);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('what is said to be enough for too small buffers is enough', () => {
  let [short, less] = [0, 0];
  fc.assert(
    fc.property(
      networks,
      chips,
      splits,
      fc.constantFrom(1, 60, 200),
      (shape, chip, split, bufferCapacity) => {
        const network = networkOf(shape);
        const schedule = planOf(network, chipOf({ ...chip, bufferCapacity }), split);
        fc.pre(schedule !== undefined);
        const needed = Math.max(...schedule.buffers.map(({ least }) => least));
        expect(schedule.enoughBuffer !== undefined).toBe(needed > bufferCapacity);
        if (schedule.enoughBuffer === undefined) return;
        short += 1;
        if (schedule.enoughBuffer < needed) less += 1;
        expect(schedule.enoughBuffer).toBeLessThanOrEqual(Math.ceil(needed));
        const raised = planOf(network, chipOf({ ...chip, bufferCapacity: schedule.enoughBuffer }), split)!;
        expect(raised.enoughBuffer).toBeUndefined();
        for (const { least, granted } of raised.buffers)
          expect(Math.max(least, granted)).toBeLessThanOrEqual(schedule.enoughBuffer + 1e-6);
      },
    ),
    { numRuns: 100 },
  );
  expect(short).toBeGreaterThan(20);
  expect(less).toBeGreaterThan(3);
});

describe('full buffers are relieved', () => {
  const mostIn = (stages: readonly Stage[], least: ArrayLike<number>) => {
    const bytes = new Map<string, number>();
    for (const stage of stages) {
      for (const [tile, own] of bytesPerTile(stage, least[stage.index]!)) {
        const place = `${stage.part} ${tile}`;
        bytes.set(place, (bytes.get(place) ?? 0) + own);
      }
    }
    return Math.max(...bytes.values());
  };

  test('only where something does not fit, by tiles of the copies, and then all hold what they must', () => {
    let [kept, relieved, helped] = [0, 0, 0];
    fc.assert(
      fc.property(
        networks,
        chips,
        splits,
        fc.constantFrom(0.3, 0.6, 0.8, 0.9, 1),
        (shape, chip, split, share) => {
          // Planned with room for all, so not relieved yet.
          const planned = planOf(networkOf(shape), chipOf({ ...chip, bufferCapacity: 1 << 20 }), split);
          fc.pre(planned !== undefined);
          const { stages, output } = planned;
          const least = leastCapacities(stages, output);
          // A share of what the fullest tile needs.
          const bufferCapacity = Math.max(1, share * mostIn(stages, least));
          const spec = chipOf({ ...chip, bufferCapacity });
          const after = relieveBuffers(
            stages,
            least,
            stages.map(({ positionsPerTask }) => 3 * positionsPerTask),
            spec,
          );
          if (buffersHold(stages, least, spec)) {
            kept += 1;
            expect(after).toEqual(stages);
            return;
          }
          relieved += 1;
          if (after === undefined) return;
          helped += 1;
          expect(mostIn(after, least)).toBeLessThanOrEqual(bufferCapacity);
          after.forEach((stage, index) => {
            expect({ ...stage, homes: [] }).toEqual({ ...stages[index]!, homes: [] });
            expect(stage.homes.length).toBe(stage.tasks);
            if (stage.kind !== 'analog') return;
            stage.homes.forEach((home, task) => {
              const { crossbars } = stage.replicas[copyOfTask(task, stage.replicas.length)]!;
              expect(crossbars.map((crossbar) => tileOfCrossbar(spec, crossbar))).toContain(home);
            });
          });
        },
      ),
      { numRuns: 200 },
    );
    expect(Math.min(kept, relieved, helped)).toBeGreaterThan(10);
  });
});
