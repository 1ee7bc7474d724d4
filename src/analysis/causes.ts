import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { ticks } from '../machine/ticks.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Hold, Part } from './first-inference.ts';
import type { HoldIndex } from './hold-index.ts';
import { mvmTail } from './mvm-tail.ts';
import { Steps } from './steps.ts';

/** What a hold waited for. */
export interface Cause {
  readonly hold: Hold;
  /** It was the beginning of that hold that mattered (its unit could fetch again), not its end. */
  readonly began: boolean;
  /** What the time between the two was spent on. */
  readonly delay: Part;
}

/** A unit can fetch its next task when it begins one; a digital task may be vector work alone. */
const COMPUTES: readonly Part[] = ['MVMs', 'MACs', 'vector work'];

/**
 * Finds what each hold of a play waited for, as the machine chains them (see `Steps`). Of several the one that fits to the
 * tick is taken, with the delay of memory, routers or the tail of an MVM; then the hold of the same unit before; then, on
 * chips whose tiles work in lock step, what ended within the cycle before; else what ended last.
 */
export class Causes {
  readonly #index: HoldIndex;
  readonly #schedule: Schedule;
  readonly #steps: Steps;
  readonly #digital: readonly number[];
  readonly #tails: readonly number[];
  readonly #memoryLatency: readonly number[];
  /** Ticks that a message takes behind the last link that holds it up; of a head, one link further. */
  readonly #routers: readonly number[];
  readonly #heads: readonly number[];
  readonly #toCrossbars: readonly number[];
  readonly #cycle: number;

  constructor(index: HoldIndex, schedule: Schedule, { chip, tile, ...rest }: ArchitectureSpec) {
    this.#index = index;
    this.#schedule = schedule;
    this.#steps = new Steps(schedule);
    this.#digital = schedule.stages.filter(({ kind }) => kind === 'digital').map((stage) => stage.index);
    this.#tails = schedule.stages.map((stage) => mvmTail(stage, { chip, tile, ...rest }));
    this.#memoryLatency = [ticks(chip.memory.latency)];
    const hop = ticks(chip.interconnect.hopLatency);
    const between = chip.chipLink === undefined ? undefined : ticks(chip.chipLink.latency);
    this.#heads = between === undefined ? [hop] : [hop, between];
    this.#routers = [0, 1].flatMap((chips) =>
      chips > 0 && between === undefined
        ? []
        : Array.from({ length: MOST_HOPS + 1 }, (_, hops) => hops * hop + chips * (between ?? 0)).slice(
            1 - chips,
          ),
    );
    this.#toCrossbars = this.#memoryLatency.flatMap((latency) =>
      [0, ...this.#routers].map((way) => latency + way),
    );
    this.#cycle = tile.cycle === undefined ? 0 : ticks(tile.cycle);
  }

  /** The cause of a hold among those not used yet; undefined when nothing came before. */
  of(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    return (
      this.#exact(hold, used) ??
      this.#unit(hold, used) ??
      this.#inCycle(hold, used) ??
      this.#latest(hold, used)
    );
  }

  #exact(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    const { start, stage, part: own } = hold;
    const index = this.#index;
    for (const { stage: from, part } of this.#steps.before(hold)) {
      for (const delay of this.#delays(from, part, own)) {
        const cause = index
          .endingAt(from, part, start - delay)
          .find((one) => !used.has(one) && fits(one, hold));
        if (cause !== undefined) return { hold: cause, began: false, delay: delayPart(part) };
      }
    }
    if (own === 'programming' && index.before(hold)?.end !== start) {
      // The first weights come through links that pass on more of them.
      const link = index.lastBeginningBy(stage, 'links', start);
      if (link !== undefined && link.end > start && !used.has(link))
        return { hold: link, began: true, delay: 'links' };
    }
    if (own === 'links') {
      // Weights are sent on while they are read.
      for (const latency of this.#memoryLatency) {
        const read = index.beginningAt(stage, 'memory reads', start - latency).find((one) => !used.has(one));
        if (read !== undefined) return { hold: read, began: true, delay: 'memory latency' };
      }
      // The head of a message is a router ahead of the link before.
      for (const hop of this.#heads) {
        const link = index
          .beginningAt(stage, 'links', start - hop)
          .find((one) => one !== hold && !used.has(one));
        if (link !== undefined) return { hold: link, began: true, delay: 'routers' };
      }
    }
    return undefined;
  }

  // Its unit was busy until then; or its unit began a task and could fetch the next.
  #unit(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    const { start, stage, part } = hold;
    const before = this.#index.before(hold);
    if (before !== undefined && before.end === start && !used.has(before)) {
      return { hold: before, began: false, delay: 'waiting' };
    }
    if (part !== 'buffer reads' && part !== 'memory reads') return undefined;
    const own = this.#schedule.stages[stage]!.kind === 'digital' ? this.#digital : [stage];
    for (const other of own) {
      for (const computed of COMPUTES) {
        const began = this.#index.beginningAt(other, computed, start).find((one) => !used.has(one));
        if (began !== undefined) return { hold: began, began: true, delay: 'waiting' };
      }
    }
    return undefined;
  }

  #inCycle(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    if (this.#cycle === 0 || hold.start % this.#cycle !== 0) return undefined;
    let best: Cause | undefined;
    let ended = hold.start - this.#cycle - 1;
    const consider = (one: Hold | undefined, delay: number) => {
      if (one === undefined || used.has(one) || one.end + delay <= ended || !fits(one, hold)) return;
      ended = one.end + delay;
      best = { hold: one, began: false, delay: delay > 0 ? delayPart(one.part) : 'lock step' };
    };
    for (const { stage, part } of this.#steps.before(hold)) {
      for (const delay of this.#delays(stage, part, hold.part)) {
        consider(this.#index.lastEndingBy(stage, part, hold.start - delay), delay);
      }
    }
    consider(this.#index.before(hold), 0);
    return best;
  }

  #latest(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    let best: Cause | undefined;
    for (const { stage, part } of this.#steps.before(hold)) {
      const one = this.#index.lastEndingBy(stage, part, hold.start);
      if (one === undefined || used.has(one) || one.end <= (best?.hold.end ?? -1)) continue;
      best = { hold: one, began: false, delay: delayPart(part) };
    }
    const before = this.#index.before(hold);
    if (before === undefined || used.has(before) || before.end <= (best?.hold.end ?? -1)) return best;
    return { hold: before, began: false, delay: 'waiting' };
  }

  #delays(stage: number, part: Part, of: Part): readonly number[] {
    // Weights are there when the last router has passed them on.
    if (part === 'memory reads') return of === 'programming' ? this.#toCrossbars : this.#memoryLatency;
    if (part === 'MVMs') return [this.#tails[stage]!];
    return part === 'links' ? this.#routers : NONE;
  }
}

const NONE: readonly number[] = [0];
/** Routers between the link that holds a message up most and its end. */
const MOST_HOPS = 32;

/** Vector work follows the MACs of its own core. */
function fits(cause: Hold, hold: Hold): boolean {
  return cause.part !== 'MACs' || hold.part !== 'vector work' || cause.unit === hold.unit;
}

function delayPart(part: Part): Part {
  if (part === 'memory reads') return 'memory latency';
  if (part === 'links') return 'routers';
  return part === 'MVMs' ? 'last conversions and additions' : 'waiting';
}
