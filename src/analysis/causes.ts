import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { ticks } from '../machine/ticks.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Hold, Part } from './first-inference.ts';
import type { HoldIndex } from './hold-index.ts';
import { mvmTail } from './mvm-tail.ts';

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
 * Finds what each hold of a play waited for, as the machine chains them: reads of inputs follow the writes of sources, or the
 * beginning of a task that freed a unit, or the reads of consumers that made room; then links, the computation, links and the write. Of several the one that
 * fits to the tick (with the delay of memory, routers or the tail of an MVM) is taken, else the one that ended last.
 */
export class Causes {
  readonly #index: HoldIndex;
  readonly #schedule: Schedule;
  readonly #spec: ArchitectureSpec;
  readonly #digital: readonly number[];
  readonly #tails: readonly number[];
  readonly #consumers: readonly (readonly number[])[];

  constructor(index: HoldIndex, schedule: Schedule, spec: ArchitectureSpec) {
    this.#index = index;
    this.#schedule = schedule;
    this.#spec = spec;
    this.#digital = schedule.stages.filter(({ kind }) => kind === 'digital').map((stage) => stage.index);
    this.#consumers = schedule.stages.map((stage) =>
      schedule.stages
        .filter(({ sources }) => sources.some((source) => source.stage === stage.index))
        .map(({ index: consumer }) => consumer),
    );
    this.#tails = schedule.stages.map((stage) => mvmTail(stage, spec));
  }

  /** The cause of a hold among those not used yet; undefined when nothing came before. */
  of(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    return this.#exact(hold, used) ?? this.#latest(hold, used);
  }

  #exact(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    const { start, stage } = hold;
    const index = this.#index;
    for (const { stage: from, part } of this.#steps(hold)) {
      for (const delay of this.#delays(from, part)) {
        const cause = index
          .endingAt(from, part, start - delay)
          .find((one) => !used.has(one) && fits(one, hold));
        if (cause !== undefined) return { hold: cause, began: false, delay: delayPart(part) };
      }
    }
    if (hold.part === 'links') {
      // The head of a message is a router ahead of the link before.
      const hop = ticks(this.#spec.chip.interconnect.hopLatency);
      const link = index
        .beginningAt(stage, 'links', start - hop)
        .find((one) => one !== hold && !used.has(one));
      if (link !== undefined) return { hold: link, began: true, delay: 'routers' };
    }
    const before = index.before(hold);
    if (before !== undefined && before.end === start && !used.has(before)) {
      return { hold: before, began: false, delay: 'waiting' };
    }
    if (hold.part === 'MVMs' || hold.part === 'MACs' || hold.part === 'vector work') {
      // A window that brings nothing new still waits for its turn at the port.
      for (const source of this.#schedule.stages[stage]!.sources) {
        for (const tile of new Set(this.#schedule.stages[source.stage]!.homes)) {
          const turn = index.endingOnUnit('bufferPorts', tile, start).find((one) => !used.has(one));
          if (turn !== undefined) return { hold: turn, began: false, delay: 'waiting' };
        }
      }
    }
    if (hold.part !== 'buffer reads') return undefined;
    const own = this.#schedule.stages[stage]!.kind === 'digital' ? this.#digital : [stage];
    for (const other of own) {
      for (const part of COMPUTES) {
        const began = index.beginningAt(other, part, start).find((one) => !used.has(one));
        if (began !== undefined) return { hold: began, began: true, delay: 'waiting' };
      }
    }
    return undefined;
  }

  #latest(hold: Hold, used: ReadonlySet<Hold>): Cause | undefined {
    let best: Cause | undefined;
    for (const { stage, part } of this.#steps(hold)) {
      const one = this.#index.lastEndingBy(stage, part, hold.start);
      if (one === undefined || used.has(one) || one.end <= (best?.hold.end ?? -1)) continue;
      best = { hold: one, began: false, delay: delayPart(part) };
    }
    const before = this.#index.before(hold);
    if (before === undefined || used.has(before) || before.end <= (best?.hold.end ?? -1)) return best;
    return { hold: before, began: false, delay: 'waiting' };
  }

  /** The steps that may come directly before one, the likeliest first. */
  #steps({ part, stage }: Hold): readonly { stage: number; part: Part }[] {
    const own = (...parts: Part[]) => parts.map((one) => ({ stage, part: one }));
    switch (part) {
      case 'buffer writes':
        return own('links', 'MVMs', 'vector work', 'MACs', 'memory reads');
      case 'buffer reads': {
        const { sources } = this.#schedule.stages[stage]!;
        const written = sources.map((source) => ({ stage: source.stage, part: 'buffer writes' as const }));
        const answer = stage === this.#schedule.output ? own('buffer writes') : [];
        return [...written, ...answer, ...this.#takers(stage)];
      }
      case 'memory reads':
        return this.#takers(stage);
      case 'links':
        return own('buffer reads', 'vector work', 'MACs', 'MVMs');
      case 'MVMs':
      case 'MACs':
        return own('links', 'buffer reads');
      case 'vector work':
        return own('MACs', 'links', 'buffer reads');
      case 'memory writes':
        return own('links', 'buffer reads');
      default:
        return [];
    }
  }

  /** A task begins when stages behind it have taken what fills the buffers. */
  #takers(stage: number): readonly { stage: number; part: Part }[] {
    return this.#consumers[stage]!.map((one) => ({ stage: one, part: 'buffer reads' as const }));
  }

  #delays(stage: number, part: Part): readonly number[] {
    const { chip } = this.#spec;
    if (part === 'memory reads') return [ticks(chip.memory.latency)];
    if (part === 'MVMs') return [this.#tails[stage]!];
    if (part !== 'links') return [0];
    return [ticks(chip.interconnect.hopLatency)];
  }
}

/** Vector work follows the MACs of its own core. */
function fits(cause: Hold, hold: Hold): boolean {
  return cause.part !== 'MACs' || hold.part !== 'vector work' || cause.unit === hold.unit;
}

function delayPart(part: Part): Part {
  if (part === 'memory reads') return 'memory latency';
  if (part === 'links') return 'routers';
  return part === 'MVMs' ? 'last conversions and additions' : 'waiting';
}
