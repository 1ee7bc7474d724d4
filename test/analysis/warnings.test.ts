import { expect, test } from 'vitest';
import { warnings } from '../../src/analysis/warnings.ts';
import { isSteady } from '../../src/machine/steady-pace.ts';
import { testSpec } from '../specs.ts';

test('too few inferences to show the pace are said to be so', () => {
  const told = (inferences: number, steady: boolean) =>
    warnings({ buffers: [], stages: [] }, testSpec({}), null, { inferences, steady });
  expect(told(2, false)).toEqual([
    'the interval is that of 2 inferences, with the pipeline still filling or draining: --inferences 32 shows the pace of a stream',
  ]);
  expect(told(1, false)[0]).toContain('that of one inference,');
  expect([told(2, true), told(32, false)]).toEqual([[], []]);
  // Eight answers while others still enter.
  const answers = Float64Array.from({ length: 12 }, (_, number) => 10 * (number + 1));
  expect(isSteady(answers, 85)).toBe(true);
  expect(isSteady(answers, 75)).toBe(false);
});
