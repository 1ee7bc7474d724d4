import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { routesOf } from '../hardware/routes.ts';
import { crossbarCount, tileOfCrossbar } from '../mapping/placement.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Resource } from '../report/analysis.ts';
import type { UnitOccupation } from './occupation.ts';

/** Units of a resource on the whole chip. */
export function unitsOf(resource: Resource, spec: ArchitectureSpec): number {
  switch (resource) {
    case 'crossbars':
      return crossbarCount(spec);
    case 'programming':
      return spec.analogCore?.programming === undefined ? 0 : 1;
    case 'digitalCores':
      return tileCount(spec) * spec.tile.digitalCores;
    case 'bufferPorts':
      return tileCount(spec);
    case 'links':
      return routesOf(spec).links;
    case 'memoryPort':
      return 1;
  }
}

/** Where a unit stands; null for the memory and programming. Copies of a layer are where their first crossbar is. */
export function tileOf(unit: UnitOccupation, schedule: Schedule, spec: ArchitectureSpec): number | null {
  switch (unit.resource) {
    case 'crossbars': {
      const stage = schedule.stages[stageOf(unit)]!;
      return stage.kind === 'analog' ? tileOfCrossbar(spec, stage.replicas[unit.unit]!.crossbars[0]!) : null;
    }
    case 'digitalCores':
      return Math.floor(unit.unit / spec.tile.digitalCores);
    case 'bufferPorts':
      return unit.unit;
    case 'links':
      return routesOf(spec).tileOf(unit.unit);
    case 'programming':
    case 'memoryPort':
      return null;
  }
}

/** The stage that crossbars belong to. */
export function stageOf({ busy }: UnitOccupation): number {
  return busy.findIndex((ticks) => ticks > 0);
}

/** A unit in words. */
export function unitName(
  unit: UnitOccupation,
  layerOfStage: readonly string[],
  spec: ArchitectureSpec,
): string {
  switch (unit.resource) {
    case 'crossbars':
      return `${layerOfStage[stageOf(unit)]} copy ${unit.unit + 1}`;
    case 'digitalCores':
      return `digital core ${unit.unit}`;
    case 'bufferPorts':
      return `buffer port of tile ${unit.unit}`;
    case 'links': {
      const routes = routesOf(spec);
      return `${routes.nameOf(unit.unit)} of tile ${routes.tileOf(unit.unit)}`;
    }
    case 'programming':
      return 'programming';
    case 'memoryPort':
      return 'memory port';
  }
}
