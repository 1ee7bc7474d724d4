import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { checkAccount, checkLittle } from '../../src/serving/conservation.ts';
import { ModelCounts } from '../../src/serving/model-counts.ts';
import { Occupancy } from '../../src/serving/occupancy.ts';
import { QueryLine } from '../../src/serving/query-line.ts';

describe("Little's law of a line", () => {
  // Of any order of service, with some still in line at the end.
  const line = new QueryLine();
  const random = new RandomStream(4, 2);
  let now = 0;
  for (let event = 0; event < 3000; event++) {
    now += Math.round(1000 * random.exponential());
    if (line.length === 0 || random.uniform() < 0.51) line.join(event, random.uniform(), now);
    else line.leave(now);
  }

  test('holds exactly, measured both ways', () => {
    expect(line.length).toBeGreaterThan(0);
    expect(line.waits(now)).toBe(line.waitedUntil(now));
    expect(() => checkLittle('line of m', line.waitedUntil(now), line.waits(now))).not.toThrow();
  });

  test('broken by a part in a hundred million, it names the line', () => {
    const wrong = line.waits(now) * (1 + 1e-8);
    expect(() => checkLittle('line of m', line.waitedUntil(now), wrong)).toThrow(/^line of m: .* ps/);
  });
});

test.each([
  ['is never taken out', 0],
  ['is taken out twice', 2],
])('a query that %s breaks it', (_, times) => {
  const there = new Occupancy();
  there.enter(10);
  for (let leave = 0; leave < times; leave++) there.leave(10, 30);
  // All are said to be gone.
  expect(() => checkLittle('queries of m', there.integral(50), there.stays)).toThrow('queries of m');
});

test('queries that are not accounted for, or twice, are an error that names their model', () => {
  const counts = Object.assign(new ModelCounts(1), {
    ...{ offered: 10, onTime: 3, late: 2, droppedFull: 1, droppedEarly: 1 },
  });
  expect(() => checkAccount('m', counts, 3)).not.toThrow();
  for (const inFlight of [2, 4])
    expect(() => checkAccount('m', counts, inFlight)).toThrow(/^queries of m: 10 were offered, (9|11) are/);
});
