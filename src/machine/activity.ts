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
  /**
   * What has been heard so far, to be handed to `repeat`. A sink without both hears every activity of every inference;
   * one with both is told when inferences repeat, and does not hear of those.
   */
  snapshot?(): unknown;
  /** What was heard since a snapshot, `inferences` ago, happened `times` times more. */
  repeat?(since: unknown, times: number, inferences: number): void;

  /** So many more (or, negative, fewer) ready tasks wait for a digital core from a tick on; ticks never go back. */
  queue?(change: number, at: number): void;
}

/** Hands every activity to several sinks. */
export function activitySinks(sinks: readonly ActivitySink[]): ActivitySink {
  const record: ActivitySink['record'] = (action, unit, count, start, end, stage, inference) => {
    for (const sink of sinks) sink.record(action, unit, count, start, end, stage, inference);
  };
  const queue: ActivitySink['queue'] = (change, at) => {
    for (const sink of sinks) sink.queue?.(change, at);
  };
  if (sinks.some((sink) => sink.snapshot === undefined || sink.repeat === undefined))
    return { record, queue };
  return {
    record,
    queue,
    snapshot: () => sinks.map((sink) => sink.snapshot!()),
    repeat(since, times, inferences) {
      sinks.forEach((sink, index) => sink.repeat!((since as readonly unknown[])[index], times, inferences));
    },
  };
}
