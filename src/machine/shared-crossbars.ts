import { Fault } from '../base/fault.ts';
import type { AnalogStage } from '../mapping/schedule.ts';
import type { MergedSchedule } from './merged-schedule.ts';

/** Per stage: the stages that compute on the same crossbars, itself among them. Of one schedule no two do at a time. */
export function sharersOf({ stages, scheduleOf }: MergedSchedule): readonly (readonly number[])[] {
  const byCrossbars = new Map<string, number[][]>();
  return stages.map((stage) => {
    if (stage.kind !== 'analog') return [stage.index];
    const key = stage.replicas.map(({ crossbars }) => crossbars.join()).join(';');
    const groups = byCrossbars.get(key) ?? [];
    byCrossbars.set(key, groups);
    const schedule = scheduleOf[stage.index];
    let group = groups.find((others) => others.every((other) => scheduleOf[other] !== schedule));
    if (group === undefined) groups.push((group = []));
    group.push(stage.index);
    return group;
  });
}

/** A Fault where two schedules have crossbars in common, but not as the same copies of the same layer. */
export function checkSharedCrossbars({ stages, scheduleOf }: MergedSchedule): void {
  const owners = new Map<number, AnalogStage>();
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    for (const { crossbars } of stage.replicas) {
      for (const crossbar of crossbars) {
        const owner = owners.get(crossbar);
        if (owner === undefined) owners.set(crossbar, stage);
        else if (owner !== stage && !isSameLayer(owner, stage)) {
          const [one, other] = [owner, stage].map(
            ({ name, index }) => `${name} (schedule ${scheduleOf[index]})`,
          );
          throw new Fault(
            `${one} and ${other} lie on crossbar ${crossbar}, not as the same copies of one layer`,
            {
              cure: 'give each model crossbars of its own, and the cuts of a model the same',
            },
          );
        }
      }
    }
  }
}

function isSameLayer(one: AnalogStage, other: AnalogStage): boolean {
  const placed = ({ name, blocks, replicas }: AnalogStage) => JSON.stringify([name, blocks, replicas]);
  return placed(one) === placed(other);
}
