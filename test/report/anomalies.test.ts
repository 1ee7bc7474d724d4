import { expect, test } from 'vitest';
import type { Analysis } from '../../src/report/analysis.ts';
import { anomalyText } from '../../src/report/anomalies.ts';

/** What if one part were faster: its gains, and digital cores of the chip. */
function analysisOf(intervalGain: number, latencyGain: number, units: number) {
  const row = { part: 'buffer', speed: 2, interval: 1, latency: 1, intervalGain, latencyGain };
  const group = { resource: 'digitalCores' as const, units, mean: 0.5, highest: 1 };
  return { whatIf: [row], utilisation: { groups: [group], units: [] } } satisfies Partial<Analysis>;
}

test('a faster part that costs time is named an anomaly where several digital cores share the work', () => {
  expect(anomalyText(analysisOf(0.99, 1, 4))).toMatch(/^Gains below 1: with 4 digital cores /);
  expect(anomalyText(analysisOf(1, 0.9, 2))).toBeDefined();
  // Shown as 1.00.
  expect(anomalyText(analysisOf(0.996, 1, 4))).toBeUndefined();
  expect(anomalyText(analysisOf(0.9, 1, 1))).toBeUndefined();
  expect(anomalyText({ ...analysisOf(0.9, 1, 4), whatIf: undefined })).toBeUndefined();
});
