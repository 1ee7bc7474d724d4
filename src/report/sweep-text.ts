import { engineering, percent, table } from './format.ts';
import type { Figure, LoadSweep, SweptPolicy } from './serving.ts';

/** Policies under multiples of the load as a terminal shows them: a row a policy and factor, then where their knees are. */
export function sweepText({ policies }: LoadSweep): string {
  const header = [
    ...['policy', 'load', 'offered', 'goodput', 'right in time', 'missed'],
    ...['p50', 'p99', '± 95 %', 'energy/answer', ''],
  ];
  const rows = policies.flatMap((policy) =>
    policy.points.map(({ factor, figures, meetsDeadline }) => [
      policy.name,
      `× ${factor}`,
      ...[figures.offeredRate, figures.goodput].map((rate) =>
        shown(rate, (value) => engineering(value, '').trim()),
      ),
      ...[figures.accuracyGoodput, figures.missRatio].map((share) =>
        shown(share, (value) => percent(value, 2)),
      ),
      ...[figures.p50, figures.p99].map((time) => shown(time, (value) => engineering(value, 's'))),
      figures.p99 === null || figures.p99.interval95 === null
        ? '–'
        : engineering(figures.p99.interval95, 's'),
      shown(figures.energyPerAnswer, (value) => engineering(value, 'J')),
      [...(factor === policy.knee ? ['knee'] : []), ...(meetsDeadline === true ? ['in time'] : [])].join(
        ', ',
      ),
    ]),
  );
  return [
    table(header, rows, [0, header.length - 1]),
    '',
    ...policies.map((policy) => `${policy.name}: ${kneeText(policy)}; ${inTimeText(policy)}.`),
    'Knee: the load with the most throughput for its mean latency (Kleinrock’s power). In time: 99 % of the queries, dropped ones are not.',
  ].join('\n');
}

/** Where the knee of a policy is: `knee at 0.6 of the load (12.3 k/s)`. */
export function kneeText({ knee, points }: SweptPolicy): string {
  if (knee === null) return 'nothing was answered';
  const at = `knee at × ${knee} (${offered(points, knee)})`;
  if (knee === points.at(-1)!.factor) return `${at}, the highest load played: it may be beyond`;
  if (knee === points[0]!.factor) return `${at}, the lowest load played: it may be below`;
  return at;
}

/** Up to which load a policy answers in time. */
export function inTimeText({ highestInTime, points }: SweptPolicy): string {
  if (points[0]!.meetsDeadline === null) return 'no query is due';
  if (highestInTime === null) return 'at no load are 99 % in time';
  return `99 % in time up to × ${highestInTime} (${offered(points, highestInTime)})`;
}

function offered(points: SweptPolicy['points'], factor: number): string {
  const rate = points.find((point) => point.factor === factor)!.figures.offeredRate;
  return rate === null ? '–' : `${engineering(rate.mean, '')}/s`;
}

function shown(figure: Figure, text: (value: number) => string): string {
  return figure === null ? '–' : text(figure.mean);
}
