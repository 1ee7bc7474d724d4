import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Sensitivity, WhatIf } from '../report/analysis.ts';
import { capacities } from './capacities.ts';
import { timedParts } from './timed-parts.ts';

/** s: of a first inference on an idle chip, and between answers. */
export interface Pace {
  readonly latency: number;
  readonly interval: number;
}

/** Plays the same schedule on a chip whose parts take other times. */
export type Replay = (spec: ArchitectureSpec) => Promise<Pace>;

/** The energy of an inference, J, and the power that leaks, W. */
export interface EnergyParts {
  readonly total: number;
  readonly byComponent: readonly {
    readonly component: string;
    readonly dynamic: number;
    readonly leakage: number;
  }[];
}

/** Plays that `whatIf` and `sensitivity` ask for. */
export function replaysOf(spec: ArchitectureSpec): number {
  const parts = timedParts(spec).length;
  return SPEEDS.length * (parts + capacities(spec).length) + 2 * parts;
}

/** What the pace would be with one part twice or infinitely fast, large or wide, by gain in interval, then latency. */
export async function whatIf(spec: ArchitectureSpec, pace: Pace, replay: Replay): Promise<WhatIf> {
  const found: WhatIf = [];
  for (const { part, faster } of [...timedParts(spec), ...capacities(spec)]) {
    for (const speed of SPEEDS) {
      const { latency, interval } = await replay(faster(speed));
      found.push({
        part,
        speed: Number.isFinite(speed) ? speed : null,
        ...{ latency, interval },
        latencyGain: pace.latency / latency,
        intervalGain: pace.interval / interval,
      });
    }
  }
  return found.sort((a, b) => b.intervalGain - a.intervalGain || b.latencyGain - a.latencyGain);
}

/** How energy and pace move with each component by 10 % either way: energy from the ledger, time by playing again. */
export async function sensitivity(
  spec: ArchitectureSpec,
  pace: Pace,
  energy: EnergyParts,
  replay: Replay,
): Promise<Sensitivity> {
  const components = energy.byComponent
    .map(({ component, dynamic, leakage }) => {
      const change = CHANGE * (dynamic + leakage);
      return { component, total: { less: energy.total - change, more: energy.total + change } };
    })
    .filter(({ total }) => width(total) > 0)
    .sort((a, b) => width(b.total) - width(a.total));

  const leaking = energy.byComponent.reduce((sum, { leakage }) => sum + leakage, 0) / pace.interval;
  const dynamic = energy.byComponent.reduce((sum, one) => sum + one.dynamic, 0);
  const time: Sensitivity['time'] = [];
  for (const { part, faster } of timedParts(spec)) {
    const less = await replay(faster(1 / (1 - CHANGE)));
    const more = await replay(faster(1 / (1 + CHANGE)));
    time.push({
      part,
      latency: { less: less.latency, more: more.latency },
      interval: { less: less.interval, more: more.interval },
      energy: { less: dynamic + leaking * less.interval, more: dynamic + leaking * more.interval },
    });
  }
  time.sort((a, b) => width(b.interval) - width(a.interval) || width(b.latency) - width(a.latency));
  return { change: CHANGE, energy: components, time };
}

const SPEEDS = [2, Number.POSITIVE_INFINITY];
const CHANGE = 0.1;

function width({ less, more }: { less: number; more: number }): number {
  return Math.abs(more - less);
}
