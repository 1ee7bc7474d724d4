import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Load } from '../report/analysis.ts';
import type { UnitOccupation } from './occupation.ts';
import { unitName, unitsOf } from './units.ts';

/** What a play kept busy. */
export interface Busy {
  readonly units: readonly UnitOccupation[];
  readonly layerOfStage: readonly string[];
  readonly spec: ArchitectureSpec;
  /** Played, with all that was busy in them; and those of the second half, which show the steady pace. */
  readonly inferences: number;
  readonly steadyInferences: number;
}

/** The same, and the pace that was found. */
export interface Loaded extends Busy {
  /** s: initiation interval. */
  readonly interval: number;
}

/**
 * For each layer the resource that it keeps busy longest, with the slack that this resource has. Any digital core takes
 * any task, so all of them count as one unit of their mean.
 */
export function loadsByLayer(loaded: Loaded): ReadonlyMap<string, Load> {
  const found = new Map<string, Load>();
  for (const unit of pooled(loaded)) {
    const busy = new Map<string, number>();
    unit.steady.forEach((ticks, stage) => {
      const layer = loaded.layerOfStage[stage]!;
      if (ticks > 0) busy.set(layer, (busy.get(layer) ?? 0) + ticks);
    });
    for (const [layer, ticks] of busy) {
      const load = loadOf(unit, ticks, loaded);
      if (load.busy > (found.get(layer)?.busy ?? 0)) found.set(layer, load);
    }
  }
  return found;
}

/** s that an inference keeps the busiest resource: no interval can be shorter. */
export function busiestLoad(busy: Busy): number {
  return busiest({ ...busy, interval: 0 })?.load ?? 0;
}

/** The busiest resource of all: no interval can be shorter than its load. */
export function busiest(loaded: Loaded): Load | undefined {
  let most: Load | undefined;
  for (const unit of pooled(loaded)) {
    const load = loadOf(unit, sumOf(unit.steady), loaded);
    if (load.load > (most?.load ?? 0)) most = load;
  }
  return most;
}

interface NamedUnit extends UnitOccupation {
  readonly name: string;
}

function pooled({ units, layerOfStage, spec }: Busy): readonly NamedUnit[] {
  const named = units
    .filter(({ resource }) => resource !== 'digitalCores')
    .map((unit) => ({ ...unit, name: unitName(unit, layerOfStage, spec) }));
  const cores = units.filter(({ resource }) => resource === 'digitalCores');
  if (cores.length === 0) return named;
  const count = unitsOf('digitalCores', spec);
  const mean = (ticks: (core: UnitOccupation) => Float64Array) =>
    Float64Array.from(
      layerOfStage,
      (_, stage) => cores.reduce((sum, core) => sum + ticks(core)[stage]!, 0) / count,
    );
  const busy = mean((core) => core.busy);
  const steady = mean((core) => core.steady);
  const name = count === 1 ? 'digital core' : `${count} digital cores`;
  return [...named, { resource: 'digitalCores', unit: 0, busy, steady, name }];
}

function loadOf(unit: NamedUnit, busy: number, { steadyInferences, interval }: Loaded): Load {
  const perInference = (ticks: number) => ticks / steadyInferences / TICKS_PER_SECOND;
  const load = perInference(sumOf(unit.steady));
  return {
    resource: unit.resource,
    unit: unit.name,
    busy: perInference(busy),
    load,
    slack: interval - load,
  };
}

function sumOf(ticks: Float64Array): number {
  return ticks.reduce((a, b) => a + b, 0);
}

const TICKS_PER_SECOND = 1e12;
