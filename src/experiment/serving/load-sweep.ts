import { Fault } from '../../base/fault.ts';
import { figureOf, figuresOver } from './figures-over-runs.ts';
import type { Scenario } from '../../input/scenario.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import { loadModels } from '../../load/index.ts';
import type { TraceRows } from '../../load/trace.ts';
import type { LoadSweep } from '../../report/serving.ts';
import { kleinrockPower, kneeOf, leastInTime, meetsDeadline } from '../../serving/knee.ts';
import type { RunFigures } from '../../serving/run-figures.ts';
import type { LoadChoice } from '../../serving/run-job.ts';
import type { ServingRun } from '../../serving/serving-run.ts';

/** A run and its figures; the windows of a sweep's runs are not kept. */
export interface PlayedRun {
  readonly run: ServingRun;
  readonly figures: RunFigures;
}

/** A Fault where the load of a scenario has no rate that a sweep could multiply. */
export function checkHasRate({ value, place }: Spec<Scenario>): void {
  if (loadModels.get(value.load.type).scaled !== undefined) return;
  const others = loadModels.parts.filter(({ scaled }) => scaled !== undefined).map(({ name }) => name);
  throw new Fault(`a load of type ${value.load.type} has no rate that --sweep could scale`, {
    cure: `leave out --sweep, or give it one that has: ${others.join(', ')}`,
    place: place(['load', 'type']),
  });
}

/** The load with so many times its rate; the load itself where that changes nothing. */
export function scaledLoad(load: LoadChoice, factor: number): LoadChoice {
  const scaled = loadModels.get(load.load.type).scaled!(load.load as never, factor);
  return factor === 1 && scaled.type === load.load.type ? load : { ...load, load: scaled };
}

/** Whether any query is ever due: its model says by when, or its row in a trace. */
export function hasDeadlines(
  models: readonly { readonly deadline: number }[],
  { load }: LoadChoice,
): boolean {
  const { deadline } = (load.rows ?? {}) as Partial<TraceRows>;
  return deadline !== undefined || models.some((model) => Number.isFinite(model.deadline));
}

/**
 * What came of each policy (by name) at each factor of the load: figures over the runs of `played`, the knee, and, where queries are
 * `due`, whether they are in time.
 */
export function sweepOf(
  { factors, independent }: { readonly factors: readonly number[]; readonly independent?: number },
  policies: readonly string[],
  due: boolean,
  played: (policy: number, factor: number) => readonly PlayedRun[],
): LoadSweep {
  return {
    factors: [...factors],
    policies: policies.map((name, policy) => {
      const points = factors.map((factor, at) => {
        const runs = played(policy, at);
        const inTime = leastInTime(modelSums(runs));
        return {
          factor,
          inTime,
          meetsDeadline: due ? meetsDeadline(inTime) : null,
          kleinrockPower: figureOf(runs.map(({ figures }) => kleinrockPower(figures))),
          figures: figuresOver(
            runs.map(({ figures }) => figures),
            independent,
          ),
        };
      });
      const knee = kneeOf(
        points.map(({ factor, kleinrockPower: power }) => ({ load: factor, power: power?.mean })),
      );
      const inTime = points.filter((point) => point.meetsDeadline === true).map(({ factor }) => factor);
      return { name, knee: knee ?? null, highestInTime: inTime.at(-1) ?? null, points };
    }),
  };
}

/** Counts of each model over all runs. */
function modelSums(runs: readonly PlayedRun[]): { offered: number; onTime: number; inFlight: number }[] {
  return runs[0]!.run.models.map((_, model) => {
    const sum = (of: (one: ServingRun['models'][number]) => number) =>
      runs.reduce((total, { run }) => total + of(run.models[model]!), 0);
    return {
      offered: sum(({ offered }) => offered),
      onTime: sum(({ onTime }) => onTime),
      inFlight: sum(({ inFlight }) => inFlight),
    };
  });
}
