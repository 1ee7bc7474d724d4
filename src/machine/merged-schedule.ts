import type { AnalogStage, DigitalStage, LoadStage, Schedule, Stage } from '../mapping/schedule.ts';

/** Schedules that one chip plays side by side: their stages in one list, each schedule with inferences of its own. */
export interface MergedSchedule {
  readonly stages: readonly Stage[];
  /** By stage. */
  readonly scheduleOf: Int32Array;
  /** By schedule. */
  readonly outputs: readonly ScheduleOutput[];
}

/** Where the answers of a schedule come from. */
export interface ScheduleOutput {
  readonly stage: number;
  readonly bytes: number;
}

/** Puts schedules side by side: stages are numbered through. */
export function mergeSchedules(schedules: readonly Schedule[]): MergedSchedule {
  const stages: Stage[] = [];
  const scheduleOf: number[] = [];
  const outputs = schedules.map((schedule, number) => {
    const first = stages.length;
    for (const stage of schedule.stages) {
      stages.push(renumbered(stage, first));
      scheduleOf.push(number);
    }
    return { stage: first + schedule.output, bytes: schedule.outputBytes };
  });
  return { stages, scheduleOf: Int32Array.from(scheduleOf), outputs };
}

/**
 * The stage with its number and those of its sources moved. Handlers read stages millions of times: all kinds have the same
 * fields in the same order, none spread from another object, which Node reads several times slower.
 */
function renumbered(stage: Stage, first: number): Stage {
  const every: Partial<EveryStage> = stage;
  const fields = {
    index: first + stage.index,
    name: stage.name,
    kind: stage.kind,
    layers: stage.layers,
    positions: stage.positions,
    positionsPerTask: stage.positionsPerTask,
    tasks: stage.tasks,
    sources: stage.sources.map(({ stage: from, required, released, bytes }) => {
      return { stage: first + from, required, released, bytes };
    }),
    outputBytesPerPosition: stage.outputBytesPerPosition,
    homes: stage.homes,
    part: stage.part,
    capacity: stage.capacity,
    operationsPerPosition: every.operationsPerPosition,
    chargedPerPosition: every.chargedPerPosition,
    blocks: every.blocks,
    replicas: every.replicas,
    inputSlices: every.inputSlices,
    macsPerPosition: every.macsPerPosition,
    product: every.product,
  } satisfies Record<keyof EveryStage, unknown>;
  return fields as Stage;
}

/** What a stage of any kind has. */
type EveryStage = Omit<LoadStage & Omit<AnalogStage, 'kind'> & Omit<DigitalStage, 'kind'>, 'kind'> &
  Pick<Stage, 'kind'>;
