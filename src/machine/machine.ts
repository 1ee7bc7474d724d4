import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { MachineOptions, MachineRun, Play } from './play.ts';
import { Player } from './player.ts';

export type { MachineOptions, MachineRun, Play } from './play.ts';

/**
 * Plays a schedule on a chip: every task fetches its inputs through the ports they pass, computes on its
 * crossbars or digital core, sends its result home and writes it. A task starts as soon as the positions that it needs
 * are there and the buffers of its stage have room for what it makes; each replica and core fetches one task ahead. Same
 * schedule, same policy: same events in the same order.
 */
export function playSchedule(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  options: MachineOptions,
): MachineRun {
  const play = startSchedule(schedule, spec, table, options);
  while (!play.advance(Number.POSITIVE_INFINITY));
  return play.result();
}

/** Events between which others may run: some 50 ms of play. */
const EVENTS_AT_ONCE = 50_000;

/** What `playSchedule` plays, in pieces: after each, `onPiece` is told the inferences that are done, and may throw. */
export async function playInPieces(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  options: MachineOptions,
  onPiece: (done: number) => Promise<void>,
): Promise<MachineRun> {
  const play = startSchedule(schedule, spec, table, options);
  for (let ended = false; !ended;) {
    ended = play.advance(EVENTS_AT_ONCE);
    await onPiece(play.done);
  }
  return play.result();
}

/** Starts what `playSchedule` plays in one go. */
export function startSchedule(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  options: MachineOptions,
): Play {
  return new Player(schedule, spec, table, options);
}
