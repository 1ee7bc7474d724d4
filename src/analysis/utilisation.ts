import { tileOfCrossbar } from '../mapping/placement.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { RESOURCES, type Utilisation } from '../report/analysis.ts';
import type { Loaded } from './loads.ts';
import { stageOf, tileOf, unitName, unitsOf } from './units.ts';

/** How busy every resource was over a play of `elapsed` ticks. */
export function utilisation(loaded: Loaded, schedule: Schedule, elapsed: number): Utilisation {
  const { units, spec, layerOfStage } = loaded;
  const shares = units.map((unit) => ({ unit, share: unit.busy.reduce((a, b) => a + b, 0) / elapsed }));
  const crossbarsOf = (unit: (typeof units)[number]) => {
    const stage = schedule.stages[stageOf(unit)];
    return stage?.kind === 'analog' ? stage.replicas[unit.unit]!.crossbars : [];
  };

  const groups = RESOURCES.map((resource) => {
    const own = shares.filter(({ unit }) => unit.resource === resource);
    const weight = (unit: (typeof units)[number]) =>
      resource === 'crossbars' ? crossbarsOf(unit).length : 1;
    const count = unitsOf(resource, spec);
    const sum = own.reduce((total, { unit, share }) => total + share * weight(unit), 0);
    return {
      ...{ resource, units: count, mean: count === 0 ? 0 : sum / count },
      highest: own.reduce((most, { share }) => Math.max(most, share), 0),
    };
  }).filter(({ units: count }) => count > 0);

  const floor = new Map<string, { layer: string; tile: number; crossbars: number; sum: number }>();
  for (const { unit, share } of shares) {
    for (const crossbar of unit.resource === 'crossbars' ? crossbarsOf(unit) : []) {
      const tile = tileOfCrossbar(spec, crossbar);
      const layer = layerOfStage[stageOf(unit)]!;
      const key = `${tile} ${layer}`;
      const at = floor.get(key) ?? { layer, tile, crossbars: 0, sum: 0 };
      floor.set(key, { ...at, crossbars: at.crossbars + 1, sum: at.sum + share });
    }
  }
  return {
    groups,
    units: [
      ...[...floor.values()].map(({ layer, tile, crossbars, sum }) => ({
        resource: 'crossbars' as const,
        unit: layer,
        ...{ tile, crossbars, utilisation: sum / crossbars },
      })),
      ...shares
        .filter(({ unit }) => unit.resource !== 'crossbars')
        .map(({ unit, share }) => ({
          resource: unit.resource,
          unit: unitName(unit, layerOfStage, spec),
          tile: tileOf(unit, schedule, spec),
          utilisation: share,
        })),
    ],
  };
}
