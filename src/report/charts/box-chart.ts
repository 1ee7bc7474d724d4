import type { TopLevelSpec } from 'vega-lite';
import { abridged } from '../html.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Boxes and texts over one measured axis: x in the axis' units, y in pixels from the top. */
export interface BoxChart {
  /** Pixels of the plot without its padding. */
  readonly width: number;
  readonly height: number;
  readonly padding: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly domain: readonly [number, number];
  /** What is measured along x; none where x are pixels too. */
  readonly axis?: { readonly title: string; readonly ticks: number };
  readonly boxes: readonly Box[];
  readonly labels: readonly Label[];
}

export interface Box {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly fill: string;
  readonly opacity?: number;
  /** Drawn around it; the page's background by default, which keeps neighbours apart. */
  readonly stroke?: string;
  /** Shown on hover. */
  readonly text?: string;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'left' | 'right' | 'center';
  /** Pixels along x to keep away. */
  readonly dx?: number;
  readonly muted?: true;
  /** Pixels; 12 where nothing is said. */
  readonly size?: number;
  /** The whole text, where `text` is not. */
  readonly whole?: string;
}

/** Letters of what hovering shows. */
const MOST_HINT = 240;

/** The specification that draws it, in the order given. */
export function boxChart({ width, height, padding, domain, axis, boxes, labels }: BoxChart): TopLevelSpec {
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false, zero: false },
    axis:
      axis === undefined
        ? null
        : { title: axis.title, tickCount: axis.ticks, format: '~f', grid: true, domain: false, ticks: false },
  });
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [height, 0], nice: false, zero: false },
    axis: null,
  });
  const literal = (field: string) => ({ field, type: 'nominal' as const, scale: null });
  const boxLayer = (shown: readonly Box[], described: boolean): LayerSpec => ({
    data: {
      values: shown.map(({ text = '', ...box }) => ({
        ...{ opacity: 1, stroke: 'var(--background)', ...box },
        text: abridged(text, MOST_HINT),
      })),
    },
    mark: { type: 'rect', strokeWidth: 1, aria: described },
    encoding: {
      x: x('x'),
      x2: { field: 'x2' },
      y: y('y'),
      y2: { field: 'y2' },
      fill: literal('fill'),
      stroke: literal('stroke'),
      fillOpacity: { field: 'opacity', type: 'quantitative', scale: null },
      ...(described ? { description: literal('text') } : {}),
    },
  });
  const labelLayers = (['left', 'right', 'center'] as const)
    .map((align) => ({ align, shown: labels.filter((label) => label.align === align) }))
    .filter(({ shown }) => shown.length > 0)
    .map(({ align, shown }): LayerSpec => ({
      data: {
        values: shown.map(({ dx = 0, muted, whole, size = 12, ...label }) => ({
          ...label,
          x: label.x + (dx * (domain[1] - domain[0])) / width,
          fill: muted === true ? 'var(--muted)' : 'var(--ink)',
          whole: abridged(whole ?? label.text),
          size,
        })),
      },
      mark: { type: 'text', align, baseline: 'middle', clip: false },
      encoding: {
        x: x('x'),
        y: y('y'),
        text: literal('text'),
        fill: literal('fill'),
        size: { field: 'size', type: 'quantitative', scale: null },
        description: literal('whole'),
      },
    }));
  return {
    ...{ width, height, padding: { ...padding }, autosize: { type: 'none' } },
    layer: [...runsOf(boxes).map((run) => boxLayer(run, run[0]!.text !== undefined)), ...labelLayers],
  };
}

// Boxes without a text of their own are decoration: layers apart, the order kept.
function runsOf(boxes: readonly Box[]): readonly (readonly Box[])[] {
  const runs: Box[][] = [];
  for (const box of boxes) {
    const last = runs.at(-1);
    if (last !== undefined && (last[0]!.text === undefined) === (box.text === undefined)) last.push(box);
    else runs.push([box]);
  }
  return runs;
}
