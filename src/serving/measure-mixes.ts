import { Fleet } from '../machine/fleet.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { MeasureOptions } from './measure-options.ts';

/** Queries of one cut and of another one in each round of a mix. */
export const MIXES = [
  [1, 1],
  [3, 1],
  [1, 3],
] as const;
/** Answers of a play, and how many of them are not looked at. */
const LOOP = { answers: 96, skipped: 32 };

/** A cut that is played in a mix. */
export interface MixedCut {
  readonly schedule: Schedule;
  /** Queries of it in flight at most. */
  readonly inFlight: number;
}

/**
 * Ticks between answers when queries of two cuts of a model take turns, so many of one and so many of the other, and never run
 * out: the next one starts as soon as its cut has room.
 */
export async function measureMix(
  cuts: readonly [MixedCut, MixedCut],
  [ones, others]: readonly [number, number],
  { spec, table, taskPolicy, onPiece }: MeasureOptions,
): Promise<number> {
  const schedules = cuts.map(({ schedule }) => schedule);
  const fleet = new Fleet(schedules, spec, table, { taskPolicy, sink: { record: () => undefined } });
  // Spread as a plan spreads them: the single one in the middle of its round.
  const round = Array.from({ length: ones + others }, (_, at) =>
    at === 1 ? Number(others <= ones) : Number(others > ones),
  );
  const flying = [0, 0];
  let next = 0;
  const start = (tick: number) => {
    for (;;) {
      const cut = round[next % round.length]!;
      if (flying[cut]! >= cuts[cut]!.inFlight) return;
      fleet.release(cut, tick);
      flying[cut]! += 1;
      next += 1;
    }
  };
  start(0);
  let first = 0;
  let last = 0;
  for (let answers = 1; answers <= LOOP.answers; answers++) {
    const { tick, schedule } = fleet.nextAnswer(Number.MAX_SAFE_INTEGER)!;
    if (answers === LOOP.skipped) first = tick;
    last = tick;
    flying[schedule]! -= 1;
    start(tick);
    await onPiece();
  }
  return (last - first) / (LOOP.answers - LOOP.skipped);
}

/** How long a mix of two cuts takes. */
export interface MeasuredMix {
  readonly cuts: readonly [number, number];
  /** Queries of each in a round, as in MIXES. */
  readonly round: readonly [number, number];
  /** Ticks between answers. */
  readonly interval: number;
}

/** Rounds of the fit, enough for all digits that matter. */
const ROUNDS = 400;

/**
 * Ticks that a query of each cut takes of a station that they share, so that mixes take as long as was measured, as nearly as can be
 * (least squares, by coordinate descent); 0 where no mix has it. Cuts that hinder each other may take more than their own pace.
 */
export function sharedWork(cuts: number, mixes: readonly MeasuredMix[]): readonly number[] {
  const work = new Array<number>(cuts).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    work.forEach((_, cut) => {
      let above = 0;
      let below = 0;
      for (const { cuts: two, round: queries, interval } of mixes) {
        const at = two.indexOf(cut);
        if (at < 0) continue;
        const other = 1 - at;
        const total = queries[0] + queries[1];
        const share = queries[at]! / total;
        above += share * (interval - (queries[other]! / total) * work[two[other]!]!);
        below += share ** 2;
      }
      if (below > 0) work[cut] = Math.max(0, above / below);
    });
  }
  return work;
}
