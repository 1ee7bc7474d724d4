import { expect, test } from 'vitest';
import { warnings } from '../../src/analysis/warnings.ts';
import { isSteady } from '../../src/machine/steady-pace.ts';
import { testSpec } from '../specs.ts';

test('too few inferences to show the pace are said to be so', () => {
  const told = (inferences: number, enough: number) =>
    warnings({ buffers: [], stages: [] }, testSpec({}), null, { inferences, enough });
  expect(told(2, 24)).toEqual([
    'the interval is that of 2 inferences, with the pipeline still filling or draining: --inferences 24 shows the pace of a stream',
  ]);
  expect(told(1, 24)[0]).toContain('that of one inference,');
  expect(told(32, 216)[0]).toContain('--inferences 216 shows');
  expect(told(24, 24)).toEqual([]);
  // Two in flight: eight answers while others still enter, after the first two.
  const entries = Float64Array.from({ length: 12 }, (_, number) => 10 * number);
  const answered = (from: number) => Float64Array.from({ length: 12 }, (_, number) => from + 10 * number);
  expect(isSteady({ entries, completions: answered(15) })).toBe(true);
  expect(isSteady({ entries, completions: answered(25) })).toBe(false);
});
