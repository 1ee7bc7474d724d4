import type { CutProfile } from './profile.ts';

/**
 * Stations of a device that the cuts of one model share: queries take them one after the other, in the order in which they
 * enter (assumption), and wait for the one that is longest behind. A stretch in which a station serves one cut alone is
 * told by the pace and the overlaps of that cut; a station that is a cut beside the others counts while that cut is there.
 */
export class MixedCuts {
  /** By station: tick at which all is done that entered; whose that is since it was idle, MIXED where of several cuts. */
  readonly #freeAt: Float64Array;
  readonly #of: Int32Array;
  /** By station that is a cut beside the others: whether that cut entered since it was idle. */
  readonly #there: Uint8Array;
  /** By station: ticks that the queries in flight take of it. */
  readonly #inFlight: Float64Array;

  constructor(stations: number) {
    this.#freeAt = new Float64Array(stations);
    this.#of = new Int32Array(stations);
    this.#there = new Uint8Array(stations);
    this.#inFlight = new Float64Array(stations);
  }

  /** Ticks that a query of a cut would wait for others if it entered now. */
  wait(cut: number, { visits }: CutProfile, now: number): number {
    let longest = 0;
    for (const { station, beside = cut } of visits) {
      if (this.#of[station] === cut || (beside !== cut && this.#there[station] === 0)) continue;
      longest = Math.max(longest, this.#behind(station, now));
    }
    return longest;
  }

  /** A query of a cut enters. */
  enter(cut: number, { visits }: CutProfile, now: number): void {
    for (const { station, work, beside } of visits) {
      const behind = this.#behind(station, now);
      if (behind === 0) this.#there[station] = 0;
      if (beside === cut) this.#there[station] = 1;
      if (behind === 0) this.#of[station] = cut;
      else if (this.#of[station] !== cut) this.#of[station] = MIXED;
      this.#freeAt[station] = now + behind + work;
      this.#inFlight[station] = this.#inFlight[station]! + work;
    }
  }

  /** A query is answered. */
  leave({ visits }: CutProfile): void {
    for (const { station, work } of visits) this.#inFlight[station] = this.#inFlight[station]! - work;
  }

  /** Ticks of work that a station has not done yet: no more than those in flight ask of it. */
  #behind(station: number, now: number): number {
    return Math.max(0, Math.min(this.#freeAt[station]! - now, this.#inFlight[station]!));
  }
}

const MIXED = -1;
