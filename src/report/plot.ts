import type { TopLevelSpec } from 'vega-lite';

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

/** Draws plots as SVG that takes the colour of the text around it; loads vega and vega-lite, some 0.5 s. */
export async function plotRenderer(): Promise<(plot: Plot) => Promise<string>> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  return async (plot) => {
    const { spec } = compile(lines(plot));
    const view = new vega.View(vega.parse(spec), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    return withoutNamespaces(svg).replace('<svg', `<svg role="img" aria-label="${escaped(plot.title)}"`);
  };
}

/** Middle tones that stand out on white and on black (after Okabe and Ito). */
const COLOURS = ['#0f8fd6', '#e07b00', '#16a37c', '#d1569b', '#b39200', '#8a77e0', '#d64545', '#7f8a93'];

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
      range: series.map(({ name, colour: own }) => COLOURS[colours.indexOf(own ?? name) % COLOURS.length]!),
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
    background: 'transparent',
    data: { values },
    layer: [
      ...references.map(({ y: level }): LayerSpec => ({
        data: { values: [{ y: level }] },
        mark: { type: 'rule', stroke: 'currentColor', opacity: 0.5, strokeDash: [2, 3] },
        encoding: { y: { field: 'y', type: 'quantitative' } },
      })),
      {
        mark: { type: 'area', opacity: 0.15 },
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
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: {
        labelColor: 'currentColor',
        titleColor: 'currentColor',
        domainColor: 'currentColor',
        tickColor: 'currentColor',
        gridColor: 'currentColor',
        gridOpacity: 0.12,
        titleFontWeight: 'normal',
      },
      legend: { labelColor: 'currentColor', titleColor: 'currentColor' },
    },
  };
}

/** HTML knows SVG without its namespaces: without them a report names no address at all. */
function withoutNamespaces(svg: string): string {
  return svg.replace(/ xmlns(:\w+)?="[^"]*"/g, '');
}

/** Text as HTML and attributes hold it. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
