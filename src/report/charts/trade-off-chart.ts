import type { TopLevelSpec } from 'vega-lite';
import { NEUTRAL, seriesColour } from '../colours.ts';
import type { Drawing } from '../drawing.ts';
import { abridged } from '../html.ts';
import { placedNames } from './placed-names.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Schedules by two of their figures. */
export interface TradeOff {
  readonly title: string;
  readonly description: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly points: readonly Point[];
  /** Whether names of Pareto-best points may stand away from them, so that all are named where there is room. */
  readonly farNames?: boolean;
}

export interface Scale {
  readonly title: string;
  /** Numbers of the points are divided by it. */
  readonly size: number;
  /** Values that cannot be passed. */
  readonly limits?: readonly [number, number];
}

export interface Point {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Half width of the interval of y. */
  readonly interval?: number;
  readonly best: boolean;
  readonly text: string;
  /** Colour of a ring around it. */
  readonly ring: string;
}

const WIDTH = 270;
const HEIGHT = 220;

/** Points: those that are Pareto-best filled, and named where there is room, others pale. */
export function tradeOffChart({ title, description, x, y, points, farNames = false }: TradeOff): Drawing {
  const [least, most] = y.limits ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const values = points.map(({ interval = 0, text, ...point }) => ({
    ...{ ...point, text: abridged(text, 240) },
    ...{ x: point.x / x.size, y: point.y / y.size },
    // Student's interval of a share, of two runs above all, may pass what a share can be.
    low: Math.max(least, point.y - interval) / y.size,
    high: Math.min(most, point.y + interval) / y.size,
  }));
  const xDomain = around(
    values.map((point) => point.x),
    x,
  );
  const yDomain = around(
    values.flatMap(({ low, high }) => [low, high]),
    y,
  );
  const xAxis = {
    field: 'x',
    type: 'quantitative',
    title: x.title,
    scale: scaleOver(xDomain),
    axis: { tickCount: 5, format: '~f' },
  } as const;
  const yAxis = {
    field: 'y',
    type: 'quantitative',
    title: y.title,
    scale: scaleOver(yDomain),
    axis: { tickCount: 5, format: '~f', minExtent: 38, maxExtent: 38 },
  } as const;
  const leaders = (led: readonly { readonly name: string }[]): LayerSpec => ({
    data: { values: [...led] },
    mark: { type: 'rule', stroke: 'var(--muted)', strokeWidth: 0.8, aria: false },
    encoding: {
      x: { ...xAxis, field: 'from.x' },
      y: { ...yAxis, field: 'from.y' },
      x2: { field: 'end' },
      y2: { field: 'y' },
    },
  });
  const shown = (best: boolean) => values.filter((point) => point.best === best);
  const marks = (best: boolean): LayerSpec => ({
    data: { values: shown(best) },
    mark: best
      ? { type: 'point', filled: true, size: 90, fill: seriesColour(0), opacity: 1 }
      : { type: 'point', filled: true, size: 60, fill: NEUTRAL, opacity: 0.55 },
    encoding: { x: xAxis, y: yAxis, description: { field: 'text', type: 'nominal' } },
  });
  const xPixel = WIDTH / (xDomain[1] - xDomain[0]);
  const yPixel = HEIGHT / (yDomain[1] - yDomain[0]);
  const inPixels = values.map(({ name, best, ...point }) => ({
    ...{ name, best, x: (point.x - xDomain[0]) * xPixel, y: (yDomain[1] - point.y) * yPixel },
  }));
  const fromPixels = ({ x, y }: { readonly x: number; readonly y: number }) => ({
    ...{ x: xDomain[0] + x / xPixel, y: yDomain[1] - y / yPixel },
  });
  const names = placedNames(inPixels, { width: WIDTH, height: HEIGHT }, farNames).map((name) => {
    const { name: text, align, point, lineTo, y } = name;
    const end = lineTo === undefined ? undefined : fromPixels({ x: lineTo, y }).x;
    return { name: text, align, ...fromPixels(name), from: fromPixels(point), end };
  });
  return {
    title,
    description,
    spec: {
      ...{ width: WIDTH, height: HEIGHT, padding: { left: 58, right: 16, top: 10, bottom: 42 } },
      autosize: { type: 'none' },
      layer: [
        {
          data: { values: values.filter(({ low, high }) => high > low) },
          mark: { type: 'rule', stroke: NEUTRAL, strokeWidth: 1.5, opacity: 0.7, aria: false },
          encoding: { x: xAxis, y: { ...yAxis, field: 'low' }, y2: { field: 'high' } },
        },
        ...(farNames ? [leaders(names.filter(({ end }) => end !== undefined))] : []),
        marks(false),
        marks(true),
        {
          data: { values },
          mark: { type: 'point', filled: false, size: 220, strokeWidth: 1.8, opacity: 1, aria: false },
          encoding: { x: xAxis, y: yAxis, stroke: { field: 'ring', type: 'nominal', scale: null } },
        },
        ...(['left', 'right'] as const).map((align): LayerSpec => ({
          data: { values: names.filter((name) => name.align === align) },
          mark: { type: 'text', align, baseline: 'middle', fontSize: 11, aria: false },
          encoding: { x: xAxis, y: yAxis, text: { field: 'name', type: 'nominal' } },
        })),
      ],
    },
  };
}

function scaleOver(domain: readonly [number, number]) {
  return { domain: [...domain], nice: false, zero: false };
}

function around(values: readonly number[], { size, limits }: Scale): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = high > low ? 0.1 * (high - low) : 0.1 * Math.abs(high) || 1;
  if (limits === undefined) return [low - margin, high + margin];
  // A little beyond a limit, so that a point on it is seen whole.
  const beyond = 0.03 * (high - low + 2 * margin);
  return [
    Math.max(low - margin, limits[0] / size - beyond),
    Math.min(high + margin, limits[1] / size + beyond),
  ];
}
