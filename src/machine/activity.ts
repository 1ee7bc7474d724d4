/**
 * Receives every activity of the machine as plain numbers: all that the machine says to the outside. Observers
 * fold activities into energy, utilisation or a trace; no object is made for one.
 */
export interface ActivitySink {
  /**
   * `count` times action number `action` (see `ActionTable`) of unit `unit` of its component, between two
   * ticks, on behalf of a stage and an inference.
   */
  record(
    action: number,
    unit: number,
    count: number,
    start: number,
    end: number,
    stage: number,
    inference: number,
  ): void;
}

/** Hands every activity to several sinks. */
export function activitySinks(sinks: readonly ActivitySink[]): ActivitySink {
  return {
    record(action, unit, count, start, end, stage, inference) {
      for (const sink of sinks) sink.record(action, unit, count, start, end, stage, inference);
    },
  };
}
