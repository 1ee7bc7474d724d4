import type { TopLevelSpec } from 'vega-lite';
import type { Drawing } from '../drawing.ts';
import { abridged } from '../html.ts';
import { prefixOf } from '../format.ts';
import type { Size } from './rows.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** A time that grows with the load, of one or several systems. */
export interface LoadAgainstTime {
  readonly title: string;
  readonly description: string;
  /** Of the times. */
  readonly quantity: string;
  readonly series: readonly {
    readonly colour: string;
    /** By rising load. */
    readonly points: readonly LoadPoint[];
  }[];
  /** s: levels to stay below. */
  readonly limits: readonly number[];
}

export interface LoadPoint {
  /** 1/s. */
  readonly load: number;
  /** s, with the half width of its interval. */
  readonly time: number;
  readonly interval: number;
  /** Drawn filled, else hollow. */
  readonly met: boolean;
  readonly knee: boolean;
  readonly text: string;
}

const SIZES = { wide: { width: 720, height: 320 }, narrow: { width: 280, height: 230 } } as const;

/** Lines of time, in a logarithmic scale, over the load; a diamond around each knee, limits dotted. */
export function loadChart(
  { title, description, quantity, series, limits }: LoadAgainstTime,
  size: Size,
): Drawing {
  const all = series.flatMap(({ points }) => points);
  const least = Math.min(...limits, ...all.map(({ time }) => time));
  const most = Math.max(...limits, ...all.map(({ time, interval }) => time + interval));
  const [second, timePrefix] = prefixOf(least);
  const highest = Math.max(...all.map(({ load }) => load));
  const [hertz, loadPrefix] = prefixOf(highest);
  // An interval that is wider than its value ends where the chart does.
  const floor = least / 1.5;
  const xDomain: number[] = [0, (1.03 * highest) / hertz];
  const yDomain: number[] = [floor / second, (1.3 * most) / second];
  const x = {
    field: 'load',
    type: 'quantitative',
    title: `offered load (${loadPrefix}/s)`,
    scale: { domain: xDomain, nice: false },
    axis: { tickCount: size === 'wide' ? 8 : 5, format: '~f' },
  } as const;
  const y = {
    field: 'time',
    type: 'quantitative',
    title: `${quantity} (${timePrefix}s)`,
    scale: { type: 'log', domain: yDomain, nice: false },
    axis: { values: ticksWithin(yDomain), format: '~f', minExtent: 40, maxExtent: 40 },
  } as const;
  const layers = series.flatMap(({ colour, points }): LayerSpec[] => {
    const values = points.map(({ load, time, interval, met, knee, text }) => ({
      ...{ load: load / hertz, time: time / second, met, knee, text: abridged(text, 240) },
      ...{ low: Math.max(floor, time - interval) / second, high: (time + interval) / second },
    }));
    const text = { field: 'text', type: 'nominal' } as const;
    return [
      {
        data: { values: values.filter(({ low, high }) => high > low) },
        mark: { type: 'rule', stroke: colour, strokeWidth: 1.5, opacity: 0.6, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values },
        mark: { type: 'line', stroke: colour, strokeWidth: 1.8, aria: false },
        encoding: { x, y },
      },
      {
        data: { values: values.filter(({ met }) => met) },
        mark: { type: 'point', filled: true, size: 46, fill: colour, opacity: 1 },
        encoding: { x, y, description: text },
      },
      {
        data: { values: values.filter(({ met }) => !met) },
        mark: {
          type: 'point',
          size: 46,
          fill: 'var(--background)',
          stroke: colour,
          strokeWidth: 1.8,
          opacity: 1,
        },
        encoding: { x, y, description: text },
      },
      {
        data: { values: values.filter(({ knee }) => knee) },
        mark: {
          ...{ type: 'point', shape: 'diamond', size: 300, fill: 'transparent', opacity: 1 },
          ...{ stroke: 'var(--ink)', strokeWidth: 1.6, aria: false },
        },
        encoding: { x, y },
      },
    ];
  });
  return {
    title,
    description,
    spec: {
      ...{ ...SIZES[size], padding: { left: 62, right: 16, top: 10, bottom: 42 } },
      autosize: { type: 'none' },
      layer: [
        ...limits.map((limit): LayerSpec => ({
          data: { values: [{ time: limit / second }] },
          mark: { type: 'rule', stroke: 'var(--ink)', strokeDash: [2, 3], aria: false },
          encoding: { y },
        })),
        ...layers,
      ],
    },
  };
}

/** 1, 2 and 5 in each power of ten; the powers alone where there are many. */
function ticksWithin([low, high]: readonly number[]): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high! / low!)) + 2 },
    (_, power) => 10 ** (Math.floor(Math.log10(low!)) + power),
  );
  const ticks = powers.length > 5 ? powers : powers.flatMap((power) => [power, 2 * power, 5 * power]);
  return ticks.filter((tick) => tick >= low! && tick <= high!);
}
