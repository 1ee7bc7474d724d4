import type { TopLevelSpec } from 'vega-lite';
import type { Drawing } from '../drawing.ts';
import { prefixOf } from '../format.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Quantities over time, small enough for a phone. */
export interface TimeSeries {
  readonly title: string;
  readonly description: string;
  /** SI unit; `share` is shown in percent. */
  readonly unit: string;
  /** s at which each step begins, and the end of the last. */
  readonly times: readonly number[];
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    readonly dashed?: boolean;
    /** One a step; null breaks the line. */
    readonly values: readonly (number | null)[];
  }[];
  /** Whether they fill the chart one on the other, from 0 to 1. */
  readonly stacked?: boolean;
  /** Where y begins; 0 when left out. */
  readonly from?: number;
  /** A level to stay below. */
  readonly limit?: { readonly name: string; readonly value: number };
}

/** Steps over time: lines, or areas one on the other. */
export function timeSeries(chart: TimeSeries): Drawing {
  const { title, description, unit, times, series, stacked = false, from = 0, limit } = chart;
  const share = unit === 'share';
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const highest = stacked ? 1 : Math.max(...known, limit?.value ?? 0, from) || 1;
  const [size, letter] = share ? [1, ''] : prefixOf(highest);
  const end = times.at(-1)!;
  const [second, prefix] = prefixOf(end);
  const xDomain: number[] = [times[0]! / second, end / second];
  const yDomain: number[] = [from / size, (share ? Math.min(1, highest) : 1.05 * highest) / size];
  const x = {
    field: 'time',
    type: 'quantitative',
    title: `time (${prefix}s)`,
    scale: { domain: xDomain, nice: false },
    axis: { tickCount: 5, format: '~f' },
  } as const;
  const y = {
    field: 'value',
    type: 'quantitative',
    title: share ? title : `${title} (${letter}${unit})`,
    scale: { domain: yDomain, nice: !share },
    axis: { tickCount: 5, format: share ? '~%' : '~f' },
  } as const;
  const level: LayerSpec[] =
    limit === undefined
      ? []
      : [
          {
            data: { values: [{ value: limit.value / size }] },
            mark: { type: 'rule', stroke: 'var(--ink)', strokeDash: [2, 3], aria: false },
            encoding: { y },
          },
        ];
  let below = times.map(() => 0);
  const layers = series.map(({ name, colour, dashed = false, values }): LayerSpec => {
    const under = below;
    const tops = values.map((value, at) => (value ?? 0) + under[at]!);
    if (stacked) below = tops;
    // The last step lasts until the end.
    const points = times.map((time, at) => {
      const step = Math.min(at, values.length - 1);
      const value = values[step]!;
      const drawn = value === null ? null : (stacked ? tops[step]! : value) / size;
      return { time: time / second, value: drawn, low: (under[step] ?? 0) / size };
    });
    const common = { data: { values: points } } as const;
    if (stacked) {
      return {
        ...common,
        mark: { type: 'area', interpolate: 'step-after', fill: colour, opacity: 1, aria: false },
        encoding: { x, y, y2: { field: 'low' } },
      };
    }
    const stroke = { stroke: colour, strokeWidth: 1.6, strokeDash: dashed ? [4, 2] : [1, 0] };
    return {
      ...common,
      mark: {
        ...{ type: 'line', interpolate: 'step-after', invalid: 'break-paths-show-domains', aria: false },
        ...{ ...stroke, description: name },
      },
      encoding: { x, y },
    };
  });
  return {
    title,
    description,
    spec: {
      ...{ width: 266, height: 160, padding: { left: 68, right: 18, top: 10, bottom: 42 } },
      autosize: { type: 'none' },
      layer: [...layers, ...level],
    },
  };
}
