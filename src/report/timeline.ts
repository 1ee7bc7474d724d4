import { z } from 'zod';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ActivitySink } from '../machine/activity.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { chargedLayer } from './charged-layer.ts';
import { Intervals } from './intervals.ts';

const seconds = z.number().describe('s');

/** When each stage of one inference worked, on a chip that was idle before: 0 is when it begins. */
export const timelineSchema = z
  .array(
    z.strictObject({
      stage: z.string(),
      layer: z.string().describe('that it is charged to'),
      kind: z.enum(['load', 'analog', 'digital']),
      start: seconds.describe('first activity: fetching from memory or a buffer'),
      end: seconds.describe('last activity: writing its result'),
      computing: z
        .array(z.tuple([seconds, seconds]))
        .describe(
          'when its crossbars or digital cores worked, in at most 12 pieces: shorter gaps are closed',
        ),
    }),
  )
  .describe('one inference alone: every stage from its first to its last activity');

export type Timeline = z.output<typeof timelineSchema>;

/** Actions that count as computing; all others move or hold data, or program. */
const COMPUTING = new Set(['crossbar read', 'macArray mac', 'vectorUnit operate']);
const MOST_PIECES = 12;

/** Observer of one inference: first and last tick of each stage, and when it computed. */
export class StageTimeline implements ActivitySink {
  readonly #computes: readonly boolean[];
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #computing: readonly Intervals[];

  constructor(table: ActionTable, stages: number) {
    this.#computes = table.actions.map(({ component, name }) =>
      COMPUTING.has(`${table.components[component]!.name} ${name}`),
    );
    this.#starts = new Float64Array(stages).fill(Number.POSITIVE_INFINITY);
    this.#ends = new Float64Array(stages);
    this.#computing = Array.from({ length: stages }, () => new Intervals(MOST_PIECES));
  }

  record(
    action: number,
    _unit: number,
    _count: number,
    start: number,
    end: number,
    stage: number,
    inference: number,
  ): void {
    if (inference > 0) return;
    if (start < this.#starts[stage]!) this.#starts[stage] = start;
    if (end > this.#ends[stage]!) this.#ends[stage] = end;
    if (this.#computes[action] === true) this.#computing[stage]!.add(start, end);
  }

  /** What was seen of a schedule, in s; stages that never acted are left out. */
  report(schedule: Schedule, layerNames: readonly string[], ticksPerSecond: number): Timeline {
    return schedule.stages
      .filter(({ index }) => this.#starts[index]! <= this.#ends[index]!)
      .map((stage) => ({
        stage: stage.name,
        layer: chargedLayer(stage, layerNames),
        kind: stage.kind,
        start: this.#starts[stage.index]! / ticksPerSecond,
        end: this.#ends[stage.index]! / ticksPerSecond,
        computing: inSeconds(this.#computing[stage.index]!.pieces(), ticksPerSecond),
      }));
  }
}

function inSeconds(
  pieces: readonly (readonly [number, number])[],
  ticksPerSecond: number,
): [number, number][] {
  return pieces.map(([start, end]) => [start / ticksPerSecond, end / ticksPerSecond]);
}
