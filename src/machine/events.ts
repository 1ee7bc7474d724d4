import type { Engine } from '../engine/engine.ts';
import type { Stage } from '../mapping/schedule.ts';

// Kinds of events. Payload `a` is the task (numbered through all inferences), `b` its stage.

/** The inputs of a task are out of their buffers. */
export const FETCHED = 0;
/** They are where it is computed. */
export const DELIVERED = 1;
/** A copy of a layer or a digital core (`a`) can fetch its next task. */
export const UNIT_FREE = 2;
export const COMPUTED = 3;
/** The result of a task is at its home tile. */
export const ARRIVED = 4;
export const WRITTEN = 5;
/** One slice of an MVM is held, to be converted: `b` is the stage times SLICE_BASE plus the slice. */
export const SAMPLED = 6;
/** The answer of an inference (`a`) has left its buffer. */
export const ANSWER_READ = 7;
export const ANSWER_AT_MEMORY = 8;
/** The partial sums of an MVM are together. */
export const SUMMED = 9;
/** The crossbars hold the next part of the network. */
export const PROGRAMMED = 10;

/** An inference of a schedule (`a`) begins, where several schedules are played. */
export const RELEASED = 11;

/** Weights for the next part of the network have come in so far that only its word lines are waited for. */
export const WEIGHTS_THERE = 12;

export const EVENT_KINDS = 13;
export const SLICE_BASE = 64;

/** Writes what is still to happen, relative to an inference and to now. */
export function pendingState(
  engine: Engine,
  stages: readonly Stage[],
  inference: number,
  into: number[],
): void {
  const { now } = engine;
  engine.eachPending((time, kind, a, b) => {
    let relative = a;
    if (kind === ANSWER_READ || kind === ANSWER_AT_MEMORY) relative -= inference;
    else if (kind !== UNIT_FREE && kind !== PROGRAMMED && kind !== WEIGHTS_THERE) {
      const stage = kind === SAMPLED ? Math.floor(b / SLICE_BASE) : b;
      relative -= inference * stages[stage]!.tasks;
    }
    into.push(time - now, kind, relative, b);
  });
}
