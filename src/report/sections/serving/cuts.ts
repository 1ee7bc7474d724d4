import { engineering, percent } from '../../format.ts';
import { abridged, escaped, htmlTable } from '../../html.ts';
import type { ServedScenario } from '../../serving.ts';

/** What each model's cuts offer: accuracy, times, energy, and the work of crossbars and digital cores. */
export function cutSection({ models, stations, policies }: ServedScenario): string {
  const parts = policies[0]?.utilisation.length ?? 0;
  const shares = models.reduce((sum, { share }) => sum + share, 0);
  return models
    .map((model, index) => {
      const { name, cuts, share, deadline, measured } = model;
      const header = [
        ...['cut', 'accuracy', 'latency', 'interval', 'energy'],
        ...stations.slice(0, parts).map((station) => `work of ${station}`),
        ...policies.map((policy) => `answers, ${policy.name}`),
      ];
      const rows = cuts.map((cut, at) => [
        ...[
          cut.name,
          percent(cut.accuracy, 2),
          engineering(cut.latency, 's'),
          engineering(cut.interval, 's'),
        ],
        ...[engineering(cut.energy, 'J'), ...cut.work.slice(0, parts).map((work) => engineering(work, 's'))],
        ...policies.map((policy) => String(policy.models[index]?.answersByCut[at] ?? 0)),
      ]);
      const due = deadline === null ? 'no deadline' : `due ${engineering(deadline, 's')} after arrival`;
      const known = measured ? 'measured on test images and simulated chips' : 'given by the scenario';
      const text = `${due}; share of the queries ${percent(share / shares)}; accuracy ${known}.`;
      const numbers = header.map((_, column) => column).slice(1);
      return `<h3 class="apart">${escaped(abridged(name))}</h3><p>${escaped(text)}</p>${htmlTable(header, rows, numbers)}`;
    })
    .join('\n');
}
