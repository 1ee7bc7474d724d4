import { expect, test } from 'vitest';
import { observed, OneCut } from '../../src/serving/observed-queries.ts';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';

const SIZE = new OverlapBuilder().table().mean.length;
const cut = { name: 'cut', latency: 1000, interval: 400, energy: 1, inFlight: 5 };

/** Answers of queries that come at given ticks, where each is answered so much earlier than the pace says. */
async function answers(arrivals: readonly number[], early: number): Promise<readonly number[]> {
  const overlap = { mean: Array.from({ length: SIZE }, () => new Array<number>(SIZE).fill(-early)) };
  const visits = [{ station: 0, work: 400 }];
  const device = new ProfileDevice([{ name: 'model', cuts: [{ ...cut, overlap, visits }] }], 1);
  return (await observed(new OneCut(device), arrivals, cut.inFlight)).map(({ answered }) => answered);
}

test('a few queries may be answered closer to each other than the pace, many may not', async () => {
  const many = await answers(new Array<number>(2000).fill(0), 50);
  expect(many[1]! - many[0]!).toBe(400 - 50);
  // Never more ahead of the pace than what is in flight, however long the line.
  many.forEach((tick, place) => {
    expect(tick).toBeGreaterThanOrEqual(1000 + (place - cut.inFlight) * 400);
  });
  expect(many.at(-1)! - many.at(-1001)!).toBe(1000 * 400);
});

test('who rested is ahead again; who was late is not', async () => {
  const burst = (start: number) => new Array<number>(200).fill(start);
  const rested = await answers([...burst(0), ...burst(1e6)], 50);
  expect(rested.slice(200).map((tick) => tick - 1e6)).toEqual(rested.slice(0, 200));
  const late = await answers(burst(0), -50);
  expect(late.map((tick, place) => tick - late[0]! - place * 450)).toEqual(new Array(200).fill(0));
});
