import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { impossibleDeadlines } from '../../src/experiment/serving/impossible-deadlines.ts';
import type { Scenario } from '../../src/input/scenario.ts';

/** A model with cuts of given latencies, c0, c1, …; times in s. */
const model = (name: string, deadline: number, ...latencies: readonly number[]) => ({
  ...{ name, deadline },
  cuts: latencies.map((latency, at) => ({
    ...{ name: `c${at}`, accuracy: 1, latency, interval: latency, energy: 1, work: [latency] },
  })),
});

const scenario = (load: object) => ({
  value: { load } as unknown as Scenario,
  place: (path: readonly (string | number)[]) => ({ file: 'FILE', path: path.join('.') }),
});

const models = [
  model('kept', 5e-6, 9e-6, 5e-6),
  model('late', 2e-6, 9e-6, 3e-6, 4e-6),
  model('free', Number.POSITIVE_INFINITY, 1),
  model('later', 1e-9, 7e-6),
];
const notes = (load: object) => impossibleDeadlines(models, scenario(load));

describe('deadlines that no cut keeps', () => {
  test('are noted, one a model, with what the fastest cut takes', () => {
    expect(notes({ type: 'poisson' })).toEqual([
      'No query of late can be answered within its deadline of 2.00 µs: the fastest cut of late, c1, takes 3.00 µs alone.',
      'No query of later can be answered within its deadline of 1.00 ns: the fastest cut of later, c0, takes 7.00 µs alone.',
    ]);
  });

  test('are a Fault under Server of MLPerf, which searches a rate that keeps them', () => {
    expect(() => notes({ type: 'server' })).toThrow(Fault);
    expect(() => notes({ type: 'server' })).toThrow(/no rate keeps the deadline of 2\.00 µs/);
  });

  test('do not matter to rows of a trace with deadlines of their own', () => {
    const rows = (...deadlines: readonly number[]) => ({
      type: 'trace',
      rows: { deadline: Float64Array.from(deadlines) },
    });
    expect(notes(rows(1, 1))).toEqual([]);
    expect(notes(rows(1, Number.NaN))).toHaveLength(2);
    expect(notes(rows(1, Number.NaN))[0]).toContain('No query of late without one of its own can be');
    expect(notes({ type: 'trace', rows: { deadline: undefined } })[0]).toContain('No query of late can be');
  });
});
