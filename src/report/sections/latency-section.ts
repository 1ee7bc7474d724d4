import { KIND_COLOURS, type PathPiece, timelineChart } from '../charts/timeline-chart.ts';
import type { Draw } from '../drawing.ts';
import { engineering, percent } from '../format.ts';
import { atMost, details, escaped, htmlTable } from '../html.ts';
import type { CriticalPath } from '../analysis.ts';
import type { ScheduleReport } from '../report.ts';
import type { Timeline } from '../timeline.ts';
import { figure, legend } from './section.ts';

/** Layers that are drawn; of larger networks those that take longest. */
const MOST_LAYERS = 100;
const MOST_TABLE_ROWS = 250;
/** Of the critical path. */
const MOST_PIECES = 150;

/** One inference alone on the chip: its stages over time. */
export async function latencySection(row: ScheduleReport, draw: Draw): Promise<string> {
  const shown = longest(row.timeline);
  const path = pathPieces(row.analysis.criticalPath);
  const entries = [
    { name: 'crossbars', colour: KIND_COLOURS.analog },
    { name: 'digital cores', colour: KIND_COLOURS.digital },
    { name: 'memory to buffer', colour: KIND_COLOURS.load },
    ...(path.length > 0 ? [{ name: 'critical path', colour: 'var(--ink)' }] : []),
  ];
  const left =
    shown.length < row.timeline.length ? `Only the ${MOST_LAYERS} layers that take longest are drawn. ` : '';
  const caption = `<figcaption>${escaped(left)}Thin: from the first fetch of a layer to its last write, waiting included. Bars: crossbars or digital cores at work (shorter gaps are closed). Beside each: how long the layer was under way.</figcaption>`;
  const table = details('Stages over time as a table', stageTable(row)) + pathTable(row);
  return (
    legend(entries) +
    (await figure(draw, (size) => timelineChart(shown, row.latency, path, size), caption + table))
  );
}

/**
 * The critical path as a chart draws it: segments of one layer that touch are one piece, and what is too short to be seen
 * belongs to the piece before it.
 */
function pathPieces({ segments, latency }: CriticalPath): readonly PathPiece[] {
  for (let shortest = Math.max(latency / 1000, Number.MIN_VALUE); ; shortest *= 2) {
    const pieces: { layer: string; start: number; end: number }[] = [];
    for (const { layer, from, to } of segments) {
      const last = pieces.at(-1);
      if (last !== undefined && (last.layer === layer || to - from < shortest)) last.end = to;
      else pieces.push({ layer, start: from, end: to });
    }
    if (pieces.length <= MOST_PIECES) return pieces;
  }
}

function pathTable({ latency, analysis: { criticalPath } }: ScheduleReport): string {
  const parts = [...criticalPath.parts].sort((a, b) => b.time - a.time);
  const { shown, rest } = atMost(MOST_TABLE_ROWS, parts);
  const rows = shown.map(({ layer, part, time }) => [
    ...[layer, part, engineering(time, 's'), percent(latency === 0 ? 0 : time / latency)],
  ]);
  const table = htmlTable(['layer', 'on the critical path', 'time', 'share of latency'], rows, [2, 3]);
  return details('Critical path as a table', table + rest);
}

function longest(timeline: Timeline): Timeline {
  const layers = [...new Set(timeline.map(({ layer }) => layer))];
  if (layers.length <= MOST_LAYERS) return timeline;
  const span = (name: string) => {
    const own = timeline.filter(({ layer }) => layer === name);
    return Math.max(...own.map(({ end }) => end)) - Math.min(...own.map(({ start }) => start));
  };
  const spans = new Map(layers.map((name) => [name, span(name)]));
  const kept = new Set([...layers].sort((a, b) => spans.get(b)! - spans.get(a)!).slice(0, MOST_LAYERS));
  return timeline.filter(({ layer }) => kept.has(layer));
}

function stageTable({ timeline, latency, placement }: ScheduleReport): string {
  const where = new Map(placement.map((one) => [one.stage, one]));
  const { shown, rest } = atMost(MOST_TABLE_ROWS, timeline);
  const rows = shown.map(({ stage, kind, start, end, computing }) => {
    const place = where.get(stage);
    const computed = computing.reduce((sum, [from, to]) => sum + to - from, 0);
    return [
      stage,
      kind === 'analog' ? 'crossbars' : kind === 'digital' ? 'digital cores' : 'memory',
      place === undefined || place.replicas === 0 ? '' : String(place.replicas),
      place === undefined ? '' : tilesText(place.tiles.length > 0 ? place.tiles : place.homeTiles),
      engineering(start, 's'),
      engineering(end, 's'),
      computed === 0 ? '' : engineering(computed, 's'),
      percent(latency === 0 ? 0 : (end - start) / latency),
    ];
  });
  const header = ['stage', 'on', 'copies', 'tiles', 'begins', 'ends', 'computing', 'share of latency'];
  return htmlTable(header, rows, [2, 4, 5, 6, 7]) + rest;
}

function tilesText(tiles: readonly number[]): string {
  const first = tiles.slice(0, 8).join(', ');
  return tiles.length > 8 ? `${first}, … (${tiles.length})` : first;
}
