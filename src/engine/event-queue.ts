import { Fault } from '../base/fault.ts';

/**
 * An event calendar: the pending events of a simulation, taken out in the order of their times and, among
 * equal times, in the order in which they were scheduled. Times are whole ticks from 0 to 2^53 − 1 (the
 * simulator counts picoseconds: 2.5 hours). An event is four numbers and no object: its time, its kind
 * (0 to 255, the index of a handler) and two payload numbers `a` and `b` (32-bit signed).
 *
 * `pop` puts the event it took into the registers `time`, `kind`, `a` and `b`, which hold until the next `pop`.
 */
export interface EventQueue {
  /** Number of pending events. */
  readonly size: number;
  /** The present, in ticks: the time of the event popped last, or the limit that the last pop ran into. */
  readonly time: number;
  /** Kind of the event popped last. */
  readonly kind: number;
  /** First payload number of the event popped last. */
  readonly a: number;
  /** Second payload number of the event popped last. */
  readonly b: number;

  /** Schedules an event; a RangeError when its time lies before the present or a number is not whole or too large. */
  push(time: number, kind: number, a: number, b: number): void;

  /**
   * Takes the earliest event if its time is at most `limit` (whole ticks, or Infinity: the default) and says
   * whether there was one. If events are pending but all lie beyond the limit, the present moves up to it.
   */
  pop(limit?: number): boolean;

  /** Time of the event that `pop` would take; Infinity when nothing is pending. Nothing changes. Not for the hot loop. */
  nextTime(): number;

  /** Visits the pending events in the order in which `pop` would take them; nothing changes. */
  eachPending(visit: (time: number, kind: number, a: number, b: number) => void): void;
}

/** Most events that a calendar holds unless told otherwise: 2^24, about 290 MB in the timing wheel. */
export const defaultMaxPending = 2 ** 24;

/** Why a calendar refuses an event, as an error to throw; undefined when the event is sound. */
export function eventRefusal(
  present: number,
  time: number,
  kind: number,
  a: number,
  b: number,
): RangeError | undefined {
  if (!Number.isSafeInteger(time)) {
    return new RangeError(`cannot schedule at ${time} ticks: a time is a whole number up to 2^53 - 1`);
  }
  if (time < present) {
    return new RangeError(`cannot schedule at ${time} ticks, in the past: the clock stands at ${present}`);
  }
  if ((kind & 255) !== kind) {
    return new RangeError(`event kind ${kind} is not a whole number from 0 to 255`);
  }
  if ((a | 0) !== a || (b | 0) !== b) {
    return new RangeError(`event payload (${a}, ${b}) is not two 32-bit whole numbers`);
  }
  return undefined;
}

/** The fault of a simulation that keeps more events pending than its calendar may hold. */
export function calendarFull(maxPending: number): Fault {
  return new Fault(`more than ${maxPending} events are pending at once`, {
    cure: 'offer less load or simulate a shorter time: work arrives faster than it is done',
  });
}
