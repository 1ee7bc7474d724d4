import { expect, test } from 'vitest';
import { tradeOffChart } from '../../src/report/charts/trade-off-chart.ts';

test('intervals end at what a share can be, and are drawn in full where nothing limits them', () => {
  const intervals = (limits?: readonly [number, number]) => {
    const y = { title: 'accuracy (%)', size: 0.01, ...(limits === undefined ? {} : { limits }) };
    const points = [0.98, 0.5, 0.03].map((share, index) => ({
      ...{ name: `p${index}`, x: index, y: share, interval: 0.25, best: false, text: '', ring: '' },
    }));
    const { spec } = tradeOffChart({ title: 't', description: 'd', x: { title: 'x', size: 1 }, y, points });
    const [rules] = (spec as { layer: readonly { data: { values: readonly Ends[] } }[] }).layer;
    return rules!.data.values.map(({ low, high }) => [low, high].map((end) => Math.round(end)));
  };
  expect(intervals([0, 1])).toEqual([
    [73, 100],
    [25, 75],
    [0, 28],
  ]);
  expect(intervals()).toEqual([
    [73, 123],
    [25, 75],
    [-22, 28],
  ]);
});

interface Ends {
  readonly low: number;
  readonly high: number;
}
