import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Demand, place } from '../../src/mapping/placement.ts';
import { testSpec } from '../specs.ts';

const demands = fc.array(
  fc.record({
    name: fc.constant('layer'),
    blocks: fc.integer({ min: 1, max: 3 }),
    positions: fc.integer({ min: 1, max: 12 }),
    occupancy: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('copies of layers', () => {
  // Every choice of copies that the crossbars allow is tried.
  test('give the least interval that the crossbars allow, with the fewest crossbars for it', () => {
    fc.assert(
      fc.property(
        demands,
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 20 }),
        (layers, spare, digital) => {
          const budget = layers.reduce((sum, { blocks }) => sum + blocks, 0) + spare;
          const spec = testSpec({ chip: { tiles: 1 }, tile: { analogCores: budget }, crossbars: 1 });
          const copies = place(layers, spec, digital).map((replicas) => replicas.length);
          const best = bruteForce(layers, budget, digital);
          expect({
            interval: interval(layers, copies, digital),
            crossbars: crossbars(layers, copies),
          }).toEqual(best);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('lie on crossbars of their own, neighbours close, layers in order', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 0, max: 14 }), (layers, spare) => {
        const budget = layers.reduce((sum, { blocks }) => sum + blocks, 0) + spare;
        const spec = testSpec({ chip: { tiles: 1 }, tile: { analogCores: budget }, crossbars: 1 });
        const placed = place(layers, spec, 0);
        const numbers = placed.flatMap((replicas) => replicas.flatMap((replica) => [...replica.crossbars]));
        expect(numbers).toEqual(numbers.map((_, at) => at));
        expect(numbers.length).toBeLessThanOrEqual(budget);
        placed.forEach((replicas, layer) =>
          replicas.forEach((replica) => expect(replica.crossbars).toHaveLength(layers[layer]!.blocks)),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('by hand: 100 turns and 50 of equal length on 4 crossbars: copies 2 and 1 would leave 50, 3 and 1 still 50', () => {
    const layer = (positions: number) => ({ name: '', blocks: 1, positions, occupancy: 1 });
    const spec = testSpec({ chip: { tiles: 1 }, tile: { analogCores: 4 }, crossbars: 1 });
    expect(place([layer(100), layer(50)], spec, 0).map(({ length }) => length)).toEqual([2, 1]);
  });
});

function interval(layers: readonly Demand[], copies: readonly number[], digital: number): number {
  return Math.max(
    digital,
    ...layers.map(({ positions, occupancy }, at) => Math.ceil(positions / copies[at]!) * occupancy),
  );
}

function crossbars(layers: readonly Demand[], copies: readonly number[]): number {
  return layers.reduce((sum, { blocks }, at) => sum + blocks * copies[at]!, 0);
}

function bruteForce(layers: readonly Demand[], budget: number, digital: number) {
  let best = { interval: Infinity, crossbars: Infinity };
  const walk = (copies: readonly number[]): void => {
    if (copies.length < layers.length) {
      for (let more = 1; more <= layers[copies.length]!.positions; more++) walk([...copies, more]);
      return;
    }
    const here = { interval: interval(layers, copies, digital), crossbars: crossbars(layers, copies) };
    if (here.crossbars > budget) return;
    if (here.interval < best.interval || (here.interval === best.interval && here.crossbars < best.crossbars))
      best = here;
  };
  walk([]);
  return best;
}
