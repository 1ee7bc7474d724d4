import { stackedBars } from '../charts/stacked-bars.ts';
import { seriesColour } from '../colours.ts';
import type { Draw } from '../drawing.ts';
import { engineering } from '../format.ts';
import { atMost, details, htmlTable } from '../html.ts';
import type { Stalls } from '../analysis.ts';
import { figure, legend } from './section.ts';

const MOST_ROWS = 40;
const MOST_TABLE_ROWS = 100;

/** What layers waited for: a bar for every layer, a colour for every cause. */
export async function stallsSection(
  stalls: Stalls,
  /** In the order in which they are shown. */
  order: readonly string[],
  draw: Draw,
): Promise<string> {
  if (stalls.length === 0) return '';
  const byLayer = sumsByLayer(stalls);
  const resources = [...new Set(byLayer.map(({ resource }) => resource))];
  const waiting = new Set(byLayer.map(({ layer }) => layer));
  const layers = [...new Set([...order, ...waiting])].filter((layer) => waiting.has(layer));
  const totals = new Map<string, number>();
  for (const { layer, time } of byLayer) totals.set(layer, (totals.get(layer) ?? 0) + time);
  const kept = new Set([...layers].sort((a, b) => totals.get(b)! - totals.get(a)!).slice(0, MOST_ROWS));
  const colourOf = (resource: string) => seriesColour(resources.indexOf(resource));
  const rows = layers
    .filter((name) => kept.has(name))
    .map((name) => ({
      name,
      parts: byLayer
        .filter(({ layer }) => layer === name)
        .sort((a, b) => resources.indexOf(a.resource) - resources.indexOf(b.resource))
        .map(({ resource, time }) => ({
          name: causeText(resource),
          value: time,
          colour: colourOf(resource),
        })),
    }));
  const bars = {
    title: 'Waiting by layer and cause',
    description: `${layers.length} layers waited for ${resources.map(causeText).join(', ')}`,
    ...{ quantity: 'waiting per inference, tasks side by side', unit: 's', rows },
  };
  const { shown, rest } = atMost(MOST_TABLE_ROWS, stalls);
  const table = htmlTable(
    ['layer that waited', 'for', 'because of', 'time an inference'],
    shown.map(({ layer, resource, buffer, holder, time }) => [
      ...[
        layer,
        buffer === null ? causeText(resource) : `room in the ${buffer}`,
        holder,
        engineering(time, 's'),
      ],
    ]),
    [3],
  );
  return (
    legend(resources.map((resource) => ({ name: causeText(resource), colour: colourOf(resource) }))) +
    (await figure(
      draw,
      (size) => stackedBars(bars, size),
      details('Who waited for whom as a table', table + rest),
    ))
  );
}

/** Waiting by layer and cause, whoever held it. */
function sumsByLayer(stalls: Stalls) {
  const sums = new Map<string, { readonly layer: string; readonly resource: string; time: number }>();
  for (const { layer, resource, time } of stalls) {
    const key = JSON.stringify([layer, resource]);
    const sum = sums.get(key) ?? { layer, resource, time: 0 };
    sum.time += time;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

/** Names of the machine's waits in a reader's words. */
const CAUSES: Readonly<Record<string, string>> = {
  memoryPort: 'memory port',
  bufferPort: 'buffer port',
  link: 'link',
  adcBank: 'shared converters',
  digitalCore: 'digital core',
  crossbar: 'crossbars at work on an earlier MVM',
  input: 'data of an earlier layer',
  room: 'room in the buffers',
  programming: 'crossbars that hold another part, or are programmed',
  weightsFromMemory: 'weights from memory, to program crossbars with',
};

function causeText(resource: string): string {
  return CAUSES[resource] ?? resource;
}
