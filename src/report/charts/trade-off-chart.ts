import type { TopLevelSpec } from 'vega-lite';
import { NEUTRAL, seriesColour } from '../colours.ts';
import type { Drawing } from '../drawing.ts';
import { abridged } from '../html.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Schedules by two of their figures. */
export interface TradeOff {
  readonly title: string;
  readonly description: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly points: readonly Point[];
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

/** Points: those that are Pareto-best filled and named, others pale. */
export function tradeOffChart({ title, description, x, y, points }: TradeOff): Drawing {
  const values = points.map(({ interval = 0, text, ...point }) => ({
    ...{ ...point, text: abridged(text, 240) },
    ...{ x: point.x / x.size, y: point.y / y.size },
    ...{ low: (point.y - interval) / y.size, high: (point.y + interval) / y.size },
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
  const shown = (best: boolean) => values.filter((point) => point.best === best);
  const marks = (best: boolean): LayerSpec => ({
    data: { values: shown(best) },
    mark: best
      ? { type: 'point', filled: true, size: 90, fill: seriesColour(0), opacity: 1 }
      : { type: 'point', filled: true, size: 60, fill: NEUTRAL, opacity: 0.55 },
    encoding: { x: xAxis, y: yAxis, description: { field: 'text', type: 'nominal' } },
  });
  const names = placedNames(values, xDomain, yDomain);
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

interface PlacedName {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'right';
}

// Beside its point where nothing else stands, else not at all: hover and table name every point.
function placedNames(
  points: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly best: boolean;
  }[],
  xDomain: readonly [number, number],
  yDomain: readonly [number, number],
): PlacedName[] {
  const xPixel = WIDTH / (xDomain[1] - xDomain[0]);
  const yPixel = HEIGHT / (yDomain[1] - yDomain[0]);
  const taken = points.map((point) => {
    const x = (point.x - xDomain[0]) * xPixel;
    const y = (yDomain[1] - point.y) * yPixel;
    return { left: x - 4, right: x + 4, top: y - 5, bottom: y + 5 };
  });
  const placed: PlacedName[] = [];
  points.forEach((point, index) => {
    if (!point.best || point.name.length > 24) return;
    const own = taken[index]!;
    const width = point.name.length * 6.5;
    for (const [dy, align] of TRIES) {
      const left = align === 'left' ? own.right + 7 : own.left - 7 - width;
      const box = { left, right: left + width, top: own.top - 1 + dy, bottom: own.bottom + 1 + dy };
      const inside = box.left >= 0 && box.right <= WIDTH && box.top >= 0 && box.bottom <= HEIGHT;
      if (!inside || taken.some((other, at) => at !== index && overlap(box, other))) continue;
      taken.push(box);
      const x = point.x + (align === 'left' ? 11 : -11) / xPixel;
      placed.push({ name: point.name, x, y: point.y - dy / yPixel, align });
      break;
    }
  });
  return placed;
}

const TRIES = [0, -9, 9].flatMap((dy) => [[dy, 'left'] as const, [dy, 'right'] as const]);

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
