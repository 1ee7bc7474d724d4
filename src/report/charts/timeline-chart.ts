import { engineering, prefixOf } from '../format.ts';
import type { Drawing } from '../drawing.ts';
import { inFewer } from '../intervals.ts';
import type { Timeline } from '../timeline.ts';
import { seriesColour } from '../colours.ts';
import { type Box, boxChart } from './box-chart.ts';
import { rowFrame, type Size } from './rows.ts';

/** A piece of the chain that decided the latency: nothing on it could have begun earlier. */
export interface PathPiece {
  readonly layer: string;
  readonly start: number;
  readonly end: number;
}

export const KIND_COLOURS = {
  analog: seriesColour(0),
  digital: seriesColour(1),
  load: seriesColour(2),
} as const;

/** Bars of the whole chart: a stage has its share of them. */
const MOST_PIECES = 400;

/**
 * One inference over time: a row for every layer, from first to last activity as a thin line, computing as a bar
 * (crossbars above digital cores where a layer has both); the critical path, where known, as a line through the rows.
 */
export function timelineChart(
  stages: Timeline,
  latency: number,
  path: readonly PathPiece[],
  size: Size,
): Drawing {
  const [scale, letter] = prefixOf(latency);
  const layers = [...new Set(stages.map(({ layer }) => layer))];
  const height = layers.length > 30 ? 18 : 26;
  const pieces = Math.max(1, Math.floor(MOST_PIECES / stages.length));
  const boxes = stages.flatMap((stage): Box[] => {
    const row = layers.indexOf(stage.layer);
    const kinds = new Set(stages.filter(({ layer }) => layer === stage.layer).map(({ kind }) => kind));
    const halves = kinds.size > 1;
    const lane = (height - 6) / (halves ? 2 : 1);
    const top = row * height + 3 + (halves && stage.kind === 'digital' ? lane : 0);
    const fill = KIND_COLOURS[stage.kind];
    const text = `${stage.stage}: ${engineering(stage.start, 's')} to ${engineering(stage.end, 's')}`;
    const middle = top + lane / 2;
    // Loading is all that a load does: a bar like those of computing, but slim.
    const half = stage.kind === 'load' ? 4 : 1.5;
    const span = { x: stage.start / scale, x2: stage.end / scale, y: middle - half, y2: middle + half };
    return [
      { ...span, fill, opacity: stage.kind === 'load' ? 1 : 0.45, stroke: 'none', text },
      ...inFewer(stage.computing, pieces).map(([from, to]) => ({
        ...{ x: from / scale, x2: to / scale, y: top, y2: top + lane, fill, stroke: 'none' },
        text: `${text}; computing ${engineering(from, 's')} to ${engineering(to, 's')}`,
      })),
    ];
  });
  const figures = layers.map((name) => {
    const own = stages.filter(({ layer }) => layer === name);
    const start = Math.min(...own.map(({ start }) => start));
    const end = Math.max(...own.map(({ end }) => end));
    return { name, figure: engineering(end - start, 's') };
  });
  const frame = rowFrame(size, figures, height, [0, latency / scale]);
  const perPixel = latency / scale / frame.width;
  return {
    title: 'One inference over time',
    description: `${layers.length} layers from 0 to ${engineering(latency, 's')}; the figures stand in the table below`,
    spec: boxChart({
      ...frame,
      axis: { title: `time (${letter}s)`, ticks: size === 'wide' ? 8 : 4 },
      boxes: [...boxes, ...pathBoxes(path, layers, height, scale, perPixel)],
    }),
  };
}

// Along a row where a piece ran, and down or up where the next one took over; a rim sets the line off from the bars.
function pathBoxes(
  path: readonly PathPiece[],
  layers: readonly string[],
  height: number,
  scale: number,
  perPixel: number,
): Box[] {
  const at = (layer: string) => (layers.indexOf(layer) + 0.5) * height;
  const lines = path
    .filter(({ layer }) => layers.includes(layer))
    .flatMap((piece, index, all): Omit<Box, 'fill'>[] => {
      const y = at(piece.layer);
      const x = piece.start / scale;
      const text = `critical path: ${engineering(piece.end - piece.start, 's')} in ${piece.layer}, from ${engineering(piece.start, 's')}`;
      const before = all[index - 1];
      const from = before === undefined ? y : at(before.layer);
      const across = { x: x - perPixel, x2: piece.end / scale + perPixel, y: y - 1, y2: y + 1, text };
      if (from === y) return [across];
      const turn = { x: x - perPixel, x2: x + perPixel, y: Math.min(from, y) - 1, y2: Math.max(from, y) + 1 };
      return [turn, across];
    });
  const rims = lines.map(({ x, x2, y, y2 }) => ({
    ...{ x: x - perPixel, x2: x2 + perPixel, y: y - 1, y2: y2 + 1 },
    ...{ fill: 'var(--background)', opacity: 0.7, stroke: 'none' },
  }));
  return [...rims, ...lines.map((line) => ({ ...line, fill: 'var(--ink)', stroke: 'none' }))];
}
