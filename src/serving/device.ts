/**
 * A chip that computes queries: played cycle by cycle, or by its profile. Times are ticks (1 ps), whole numbers that
 * never go back. Models and cuts are numbers in the order of the scenario.
 */
export interface Device {
  /** A query starts; several calls at one tick start together, in the order of the calls. */
  enter(query: number, model: number, cut: number, now: number): void;
  /** Tick before which nothing happens on it by itself; Infinity when nothing is in flight. */
  readonly nextTime: number;
  /**
   * Plays on to the next answer, but not beyond tick `until`: the query (its tick in `answeredAt`), or -1 when none is
   * ready by then. A query that enters later never changes an answer that was given.
   */
  nextAnswer(until: number): number;
  readonly answeredAt: number;
  /** Ticks until a query that enters now would have its answer: an estimate from what is in flight. */
  estimate(model: number, cut: number, now: number): number;
  /** J used by queries up to now, leakage not included. */
  readonly energy: number;
  /**
   * Busy ticks of a station up to a tick that no later call precedes, mean over its servers: those crossbars that hold layers of the
   * model, each busy for the time of its MVMs, waiting for shared converters left out; the digital cores, each busy while it computes.
   */
  busy(station: number, until: number): number;
}
