import { intervalBars } from '../../charts/interval-bars.ts';
import { seriesColour } from '../../colours.ts';
import type { Draw } from '../../drawing.ts';
import { escaped, htmlTable } from '../../html.ts';
import type { ServedScenario } from '../../serving.ts';
import { figure } from '../section.ts';
import { shareText } from './figures.ts';

/** How far each policy stays below the clairvoyant bound; nothing where there is no bound. */
export async function regretSection(scenario: ServedScenario, draw: Draw): Promise<string> {
  const { bound, policies } = scenario;
  const known = policies
    .flatMap(({ name, regret }) => (regret === null ? [] : [{ name, regret }]))
    .sort((a, b) => a.regret.mean - b.regret.mean);
  if (bound === null || known.length === 0) return '';
  const rows = known.map(({ name, regret }) => ({
    ...{ name, value: regret.mean, interval: regret.interval95, colour: seriesColour(0) },
  }));
  const description = known.map(({ name, regret }) => `${name}: ${shareText(regret)}`).join('; ');
  const quantity = 'below the clairvoyant bound';
  const drawn = await figure(draw, (size) =>
    intervalBars({ title: 'regret', description, quantity, rows }, size),
  );
  return `<p>The clairvoyant bound is ${escaped(shareText(bound))}: no policy that does not look at the answers has more right answers in time, of all queries offered, in expectation. The thin line over a bar is its 95 % interval.</p>${drawn}${htmlTable(
    ['policy', 'regret'],
    known.map(({ name, regret }) => [name, shareText(regret)]),
    [1],
  )}`;
}
