import { tradeOffChart } from '../../charts/trade-off-chart.ts';
import type { Draw } from '../../drawing.ts';
import { engineering, percent, prefixOf } from '../../format.ts';
import { htmlTable } from '../../html.ts';
import type { ServedScenario, ServingFigure } from '../../serving.ts';
import { ranked } from './figures.ts';

/** Policies by served accuracy against goodput and against energy; dominated ones pale. */
export async function policyPareto(scenario: ServedScenario, draw: Draw): Promise<string> {
  const charts = [
    await chart(scenario, 'goodput', 'goodput', '/s', 1, draw),
    await chart(scenario, 'energyPerAnswer', 'energy an answer', 'J', -1, draw),
  ].filter((one) => one.html !== '');
  if (charts.length === 0) return '';
  const rows = ranked(scenario).map(({ name, figures: { accuracy, goodput, energyPerAnswer } }) => [
    name,
    accuracy === null ? '–' : percent(accuracy.mean, 2),
    goodput === null ? '–' : engineering(goodput.mean, '/s'),
    energyPerAnswer === null ? '–' : engineering(energyPerAnswer.mean, 'J'),
    ...charts.map(({ best }) => (best.has(name) ? 'yes' : 'no')),
  ]);
  const header = [
    ...['policy', 'served accuracy', 'goodput', 'energy/answer'],
    ...charts.map(({ named }) => `Pareto-best by ${named}`),
  ];
  return `<p>Filled: no other policy is at least as good in both and better in one. Others are pale. Where a chart has no room for a name, the table says which are filled.</p><div class="plots">${charts.map(({ html }) => html).join('')}</div>${htmlTable(header, rows, [1, 2, 3])}`;
}

async function chart(
  { policies }: ServedScenario,
  field: ServingFigure,
  named: string,
  unit: string,
  sense: 1 | -1,
  draw: Draw,
): Promise<{ readonly html: string; readonly named: string; readonly best: ReadonlySet<string> }> {
  const known = policies.flatMap(({ name, figures }) => {
    const { accuracy } = figures;
    const other = figures[field];
    if (accuracy === null || other === null) return [];
    return [{ name, x: other.mean, y: accuracy.mean, interval: accuracy.interval95 ?? 0 }];
  });
  const dominated = (one: (typeof known)[number]) =>
    known.some(
      (other) =>
        other.y >= one.y &&
        sense * other.x >= sense * one.x &&
        (other.y > one.y || sense * other.x > sense * one.x),
    );
  const best = new Set(known.filter((one) => !dominated(one)).map(({ name }) => name));
  if (known.length === 0) return { html: '', named, best };
  const [size, letter] = prefixOf(Math.max(...known.map(({ x }) => Math.abs(x))));
  const title = `served accuracy against ${named}`;
  const drawing = tradeOffChart({
    title,
    description: known
      .map(({ name, x, y }) => `${name}: ${percent(y, 2)} at ${engineering(x, unit)}`)
      .join('; '),
    x: { title: `${named} (${letter}${unit})`, size },
    y: { title: 'served accuracy (%)', size: 0.01, limits: [0, 1] },
    farNames: true,
    points: known.map((one) => ({
      ...{ ...one, best: best.has(one.name), ring: 'transparent' },
      text: `${one.name}: ${percent(one.y, 2)}, ${engineering(one.x, unit)}`,
    })),
  });
  return {
    html: `<figure>${await draw(drawing)}<figcaption>${title}</figcaption></figure>`,
    named,
    best,
  };
}
