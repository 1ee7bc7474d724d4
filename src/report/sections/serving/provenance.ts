import { details, escaped, htmlTable } from '../../html.ts';
import type { ServingReport } from '../../serving.ts';

/** What is counted and assumed, the parameters of every policy, and everything needed to get the figures again. */
export function servingProvenance({ provenance, scenarios }: ServingReport): string {
  const profiled = scenarios.some(({ fidelity }) => fidelity === 'profile');
  const counted = [
    'Right in time: answers that are right and come before their deadline, of all queries offered. Every query offered is answered in time, late, dropped, or in flight at the end.',
    'Queries count that come after the warm-up. Rates, power and utilisation are of one interval: from the end of the warm-up to the last answer, or to the end of the run where not all is answered.',
    'Counts of queries in serving.json are sums over all runs; shares, rates, times and energies are means over them.',
    'Energy an answer: all that this interval takes, leakage and programming too, by the answers given in it.',
    'Policies of a scenario meet the same arrivals, ask the same questions and run on the same simulated chips.',
    'Charts over time show the first run; the p99 of merged windows is the greatest of them, of several models that of the slowest.',
    'Parameters of policies and the shape of loads are assumptions of ours: the paper that proposed the two-level scheduler does not publish them.',
    ...(profiled
      ? [
          'Fidelity profile: times and energies of each cut are measured once on the machine; mixes of cuts that overlap are approximated from them. Fidelity cycle plays every MVM of every query.',
        ]
      : []),
    'Little’s law (mean queries present = rate × mean stay) takes a system that neither fills nor empties; a run of finite length meets it up to what is present at its ends.',
  ];
  const policies = scenarios.flatMap(({ name, policies: own }) =>
    own.map((policy) => [name, policy.name, JSON.stringify(policy.window), JSON.stringify(policy.request)]),
  );
  const facts = [
    ['Kirchhoff', provenance.kirchhoff],
    ['seed', String(provenance.seed)],
    ...scenarios.map(({ name, load }) => [`load of ${name}`, JSON.stringify(load)]),
    ...provenance.overrides.slice(0, 100).map((override) => ['--set', override]),
  ];
  const files = provenance.inputs.slice(0, 100).map(({ role, file, sha256 }) => [role, file, sha256]);
  return `<ul class="counted">${counted.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>
${details('Policies and their parameters', htmlTable(['scenario', 'policy', 'upper level', 'lower level'], policies))}
${details('Provenance as a table: the same files, flags and seed give the same bytes', htmlTable(['what', 'value'], facts) + htmlTable(['role', 'file', 'SHA-256'], files))}
<p>Every figure stands in serving.json (<code>kirchhoff schema serving</code>).</p>`;
}
