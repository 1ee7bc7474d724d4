import type { TopLevelSpec } from 'vega-lite';
import { OWN_COLOURS, seriesColour } from './colours.ts';
import type { Drawing } from './drawing.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Lines over one axis, with the intervals of their points: data only, to be drawn where a report is written. */
export interface Plot {
  readonly title: string;
  readonly x: { readonly label: string; readonly scale: 'linear' | 'log' };
  readonly y: string;
  readonly series: readonly PlotSeries[];
  /** Horizontal lines to compare with. */
  readonly references: readonly { readonly name: string; readonly y: number }[];
}

export interface PlotSeries {
  readonly name: string;
  /** A name that several series share gives them one colour, else each has its own. */
  readonly colour?: string;
  readonly dashed?: boolean;
  /** Limits of the interval; equal to y where there is none. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** A plot as a drawing. */
export function linePlot(plot: Plot): Drawing {
  const names = plot.series.map(({ name }) => name).join(', ');
  return { title: plot.title, description: `${plot.y} against ${plot.x.label}: ${names}`, spec: lines(plot) };
}

function lines({ x, y, series, references }: Plot): TopLevelSpec {
  const colours = [...new Set(series.map(({ name, colour }) => colour ?? name))];
  const names = series.map(({ name }) => name);
  const values = series.flatMap(({ name, points }) => points.map((point) => ({ ...point, series: name })));
  const ticks = [...new Set(values.map((point) => point.x))].sort((a, b) => a - b);
  const domain: number[] = [ticks[0]!, ticks.at(-1)!];
  const xAxis = {
    field: 'x',
    type: 'quantitative',
    title: x.label,
    scale: { type: x.scale, nice: false, padding: 8, domain },
    axis: { values: ticks, format: '~g', labelOverlap: true },
  } as const;
  const share: number[] = [0, 1];
  const yAxis = {
    field: 'y',
    type: 'quantitative',
    title: y,
    scale: { domain: share },
    axis: { format: '.0%', tickCount: 5 },
  } as const;
  const legend = {
    orient: 'bottom',
    columns: 2,
    symbolType: 'stroke',
    symbolOpacity: 1,
    symbolStrokeWidth: 2,
    columnPadding: 12,
  } as const;
  const colour = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: names,
    scale: {
      domain: names,
      range: series.map(({ name, colour: own }) =>
        seriesColour(colours.indexOf(own ?? name) % (OWN_COLOURS + 1)),
      ),
    },
    legend,
  } as const;
  const dash = {
    field: 'series',
    type: 'nominal',
    sort: names,
    title: null,
    scale: { domain: names, range: series.map(({ dashed }) => (dashed === true ? [5, 3] : [1, 0])) },
    legend,
  } as const;
  return {
    width: 300,
    height: 190,
    data: { values },
    layer: [
      ...references.map(({ y: level }): LayerSpec => ({
        data: { values: [{ y: level }] },
        mark: { type: 'rule', stroke: 'var(--muted)', strokeDash: [2, 3], aria: false },
        encoding: { y: { field: 'y', type: 'quantitative' } },
      })),
      {
        mark: { type: 'area', opacity: 0.15, aria: false },
        encoding: {
          x: xAxis,
          y: { ...yAxis, field: 'low' },
          y2: { field: 'high' },
          color: colour,
        },
      },
      {
        mark: { type: 'line', point: { size: 22 }, strokeWidth: 1.8 },
        encoding: { x: xAxis, y: yAxis, color: colour, strokeDash: dash },
      },
    ],
  };
}
