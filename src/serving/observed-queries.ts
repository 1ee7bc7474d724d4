import type { ProfileDevice } from './profile-device.ts';

/** A query as a device that computes one cut answered it. Ticks. */
export interface ObservedQuery {
  readonly arrival: number;
  readonly entered: number;
  readonly followers: number[];
  answered: number;
}

/** What answers queries of one cut in the order in which they enter. */
export interface Answering {
  release(schedule: 0, tick: number): unknown;
  nextAnswer(until: number): { readonly tick: number } | undefined;
}

/** A device that computes one cut. */
export class OneCut implements Answering {
  readonly #device: ProfileDevice;

  constructor(device: ProfileDevice) {
    this.#device = device;
  }

  release(_schedule: 0, tick: number): void {
    this.#device.enter(0, 0, 0, tick);
  }

  nextAnswer(until: number): { readonly tick: number } | undefined {
    return this.#device.nextAnswer(until) < 0 ? undefined : { tick: this.#device.answeredAt };
  }
}

/** Queries that come at given ticks, at most so many in flight, the others waiting at the door. */
export async function observed(
  device: Answering,
  arrivals: readonly number[],
  inFlight: number,
  onPiece?: () => Promise<void>,
): Promise<readonly ObservedQuery[]> {
  const done: ObservedQuery[] = [];
  const flying: ObservedQuery[] = [];
  let next = 0;
  const enter = (now: number) => {
    for (const one of flying) one.followers.push(now);
    flying.push({ arrival: arrivals[next]!, entered: now, followers: [], answered: 0 });
    device.release(0, now);
  };
  while (done.length < arrivals.length) {
    const arrival = arrivals[next];
    const free = flying.length < inFlight;
    const until = arrival !== undefined && free ? arrival : Number.MAX_SAFE_INTEGER;
    const answer = device.nextAnswer(until);
    if (answer === undefined) {
      enter(arrival!);
      next += 1;
      continue;
    }
    const query = flying.shift()!;
    query.answered = answer.tick;
    done.push(query);
    await onPiece?.();
    // Who has waited at the door comes in.
    if (!free && arrival !== undefined && arrival <= answer.tick) {
      enter(answer.tick);
      next += 1;
    }
  }
  return done;
}
