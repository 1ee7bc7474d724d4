/**
 * A calendar of events in whole ticks. Events leave in order of time, and in order of arrival among equal times:
 * one total order, the same on every machine. An event is four numbers; no object is made for it.
 */
export interface EventQueue {
  /** Events waiting. */
  readonly size: number;
  /** Adds an event; `time` must not lie before the event that left last. */
  push(time: number, kind: number, a: number, b: number): void;
  /** Takes the next event into `time`, `kind`, `a` and `b`; false when there is none. */
  pop(): boolean;
  readonly time: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}
