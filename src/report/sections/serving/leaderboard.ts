import { sharedChips } from '../../shared-chips.ts';
import { engineering, percent, significant } from '../../format.ts';
import { abridged, escaped, htmlTable } from '../../html.ts';
import { mlperfText } from '../../mlperf-text.ts';
import type { ServedScenario } from '../../serving.ts';
import { apartText } from '../../told-apart.ts';
import { differenceText, quantityText, ranked, shareText } from './figures.ts';

/** The policy with the most right answers in time, as cards. */
export function servingHeadline(scenario: ServedScenario): string {
  const [best] = ranked(scenario);
  const { figures, regret, name } = best!;
  const more = scenario.policies.length > 1 ? `Best of ${scenario.policies.length} policies: ` : 'Policy: ';
  const apart = apartText(scenario);
  const cards = [
    ['right answers in time', shareText(figures.accuracyGoodput), 'of all queries offered'],
    [
      'goodput',
      quantityText(figures.goodput, '/s'),
      `answers in time; offered ${quantityText(figures.offeredRate, '/s')}`,
    ],
    ['late or dropped', shareText(figures.missRatio), 'of all queries offered'],
    ['p99', quantityText(figures.p99, 's'), 'from arrival to answer'],
    [
      'served accuracy',
      shareText(figures.accuracy),
      `worst window ${figures.worstWindowAccuracy === null ? '–' : percent(figures.worstWindowAccuracy.mean, 2)}`,
    ],
    ['energy', quantityText(figures.energyPerAnswer, 'J'), 'an answer, leakage and programming shared out'],
    ['regret', shareText(regret), 'below the clairvoyant bound'],
  ];
  const shown = cards.map(
    ([title, figure, note]) =>
      `<div class="card"><h3>${escaped(title!)}</h3><p class="figure">${escaped(figure!).replace(/ (± .*)$/, ' <small>$1</small>')}</p><p>${escaped(note!)}</p></div>`,
  );
  const { capacity, fastest, devices, duration, replications } = scenario;
  const facts = [
    `${devices} ${devices === 1 ? 'chip' : 'chips'}`,
    `capacity ${engineering(capacity, '/s')} with the most accurate cuts, ${engineering(fastest, '/s')} with the fastest`,
    `${engineering(duration, 's')} of queries, the first ${engineering(scenario.warmUp, 's')} not counted`,
    `${replications} ${replications === 1 ? 'run' : 'runs'} a policy`,
    `fidelity ${scenario.fidelity}`,
    ...mlperfText(scenario),
  ];
  const notes = scenario.notes.map((note) => `<p class="note"><b>Note:</b> ${escaped(note)}</p>`);
  return `<h2 class="best">${more}<b>${escaped(abridged(name))}</b>${apart === '' ? '' : `, ${escaped(apart)}`}</h2><div class="cards">${shown.join('')}</div><ul class="facts">${facts.map((fact) => `<li>${escaped(fact)}</li>`).join('')}</ul>${notes.join('')}`;
}

/** All policies in a table, with intervals and the paired difference to the first. */
export function leaderboard(scenario: ServedScenario): string {
  const first = scenario.policies[0]!;
  const header = [
    'policy',
    ...[
      'right in time',
      `minus ${abridged(first.name, 20)}`,
      'regret',
      'goodput',
      'late or dropped',
      'accuracy',
    ],
    ...['worst window', 'p50', 'p99', 'p99.9', 'energy/answer', 'energy/right in time', 'power', 'switches'],
  ];
  const rows = ranked(scenario).map((policy) => {
    const { figures, regret, againstFirst, name } = policy;
    return [
      name,
      shareText(figures.accuracyGoodput),
      policy === first ? '' : differenceText(againstFirst),
      shareText(regret),
      quantityText(figures.goodput, '/s'),
      ...[figures.missRatio, figures.accuracy, figures.worstWindowAccuracy].map(shareText),
      ...[figures.p50, figures.p99, figures.p999].map((figure) => quantityText(figure, 's')),
      ...[figures.energyPerAnswer, figures.energyPerRightOnTime].map((figure) => quantityText(figure, 'J')),
      quantityText(figures.power, 'W'),
      figures.switches === null ? '–' : significant(figures.switches.mean),
    ];
  });
  const numbers = header.map((_, column) => column).slice(1);
  // Figures break before their intervals alone.
  const broken = rows.map(([policy, ...figures]) => [
    policy!,
    ...figures.map((text) => text.replaceAll(' ', '\u00a0').replace('\u00a0±', ' ±')),
  ]);
  return `${htmlTable(header, broken, numbers)}<p>Every figure, switches too, is the mean over runs with other arrivals and chips, with its 95 % interval (Student’s t).${sharedChips(scenario)} Differences are run by run, on the same arrivals, questions and chips; * where the interval leaves out zero.</p>`;
}
