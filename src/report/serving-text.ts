import { sharedChips } from './shared-chips.ts';
import { engineering, percent, significant, table } from './format.ts';
import type { Figure, ServedPolicy, ServedScenario, ServingReport } from './serving.ts';
import { apartText } from './told-apart.ts';
import { mlperfText } from './mlperf-text.ts';
import { sweepText } from './sweep-text.ts';

/** The leaderboard as a terminal shows it: for each scenario a row a policy, the most right answers in time first. */
export function servingText(report: ServingReport): string {
  return report.scenarios.map((scenario) => scenarioText(scenario, report.architecture)).join('\n\n');
}

function scenarioText(scenario: ServedScenario, architecture: string): string {
  const { name, models, devices, duration, replications, fidelity } = scenario;
  const what = models.map((model) => model.name).join(', ');
  const chips = devices === 1 ? architecture : `${devices} × ${architecture}`;
  const header = [
    'policy',
    'right in time',
    '± 95 %',
    'regret',
    'vs first',
    'goodput',
    'missed',
    'accuracy',
    'p50',
    'p99',
    'energy/answer',
    'power',
    'switches',
  ];
  const sorted = [...scenario.policies].sort(
    (a, b) => (b.figures.accuracyGoodput?.mean ?? 0) - (a.figures.accuracyGoodput?.mean ?? 0),
  );
  const first = scenario.policies[0]!;
  const apart = apartText(scenario);
  const rows = sorted.map((policy) => [policy.name, ...figuresOf(policy, first)]);
  const bound =
    scenario.bound === null
      ? ''
      : ` No policy that does not look at the answers passes ${percent(scenario.bound.mean, 2)} in expectation; regret is what each misses of it, in expectation.`;
  return [
    `${name}: ${what} on ${chips}, ${engineering(duration, 's')} of queries, ${replications} ${replications === 1 ? 'run' : 'runs'} a policy (${fidelity})`,
    `capacity ${engineering(scenario.capacity, '')}/s with the most accurate cuts, ${engineering(scenario.fastest, '')}/s with the fastest; offered ${engineering(first.figures.offeredRate?.mean ?? 0, '')}/s on average`,
    ...scenario.notes.map((note) => `Note: ${note}`),
    '',
    table(header, rows, [0]),
    '',
    `Right in time: right answers in time, of all queries offered.${bound} Every figure, switches too, is the mean over runs with other arrivals and chips; counts in serving.json are sums over them.${sharedChips(scenario)}`,
    `vs first: the difference to ${first.name}, run by run on the same arrivals, questions and chips; * where its 95 % interval leaves out zero.`,
    ...(apart === '' ? [] : [`Best: ${sorted[0]!.name}, ${apart}.`]),
    ...mlperfText(scenario),
    ...(scenario.sweep === null ? [] : ['', sweepText(scenario.sweep)]),
  ].join('\n');
}

function figuresOf(policy: ServedPolicy, first: ServedPolicy): readonly string[] {
  const { figures, regret, againstFirst } = policy;
  return [
    shown(figures.accuracyGoodput, (value) => percent(value, 2)),
    half(figures.accuracyGoodput),
    shown(regret, (value) => percent(Math.max(0, value) === 0 && value > -5e-5 ? 0 : value, 2)),
    policy === first ? '' : difference(againstFirst),
    shown(figures.goodput, (value) => engineering(value, '').trim()),
    shown(figures.missRatio, (value) => percent(value, 2)),
    shown(figures.accuracy, (value) => percent(value, 2)),
    shown(figures.p50, (value) => engineering(value, 's')),
    shown(figures.p99, (value) => engineering(value, 's')),
    shown(figures.energyPerAnswer, (value) => engineering(value, 'J')),
    shown(figures.power, (value) => engineering(value, 'W')),
    shown(figures.switches, significant),
  ];
}

function shown(figure: Figure, text: (value: number) => string): string {
  return figure === null ? '–' : text(figure.mean);
}

function half(figure: Figure): string {
  return figure === null || figure.interval95 === null ? '–' : percent(figure.interval95, 2);
}

function difference(figure: Figure): string {
  if (figure === null) return '–';
  const { mean, interval95 } = figure;
  const sure = interval95 !== null && Math.abs(mean) > interval95;
  return `${mean >= 0 ? '+' : '−'}${percent(Math.abs(mean), 2)}${sure ? ' *' : ''}`;
}
