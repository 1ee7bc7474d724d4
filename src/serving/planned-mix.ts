import type { ModelPlan } from '../scheduling/window/window-policy.ts';

/** Deals out the cuts of a plan in the shares that it asks for: always the cut that is furthest behind its share. */
export class PlannedMix {
  #shares: Float64Array;
  #owed: Float64Array;

  constructor(cuts: number) {
    this.#shares = new Float64Array(cuts);
    this.#owed = new Float64Array(cuts);
  }

  /** A new plan; what was owed of the one before is forgotten where the shares change. */
  follow({ mix }: ModelPlan): void {
    const shares = new Float64Array(this.#shares.length);
    const total = mix.reduce((sum, { share }) => sum + share, 0);
    for (const { cut, share } of mix) shares[cut] = shares[cut]! + share / total;
    if (shares.every((share, cut) => share === this.#shares[cut])) return;
    this.#shares = shares;
    this.#owed.fill(0);
  }

  /** Share of a cut in the plan. */
  share(cut: number): number {
    return this.#shares[cut]!;
  }

  /** The cut for the next query. */
  get next(): number {
    let best = -1;
    for (let cut = 0; cut < this.#shares.length; cut++) {
      if (
        this.#shares[cut]! > 0 &&
        (best < 0 || this.#owed[cut]! + this.#shares[cut]! > this.#owed[best]! + this.#shares[best]!)
      )
        best = cut;
    }
    return best;
  }

  /** So many queries started with a cut. */
  started(cut: number, queries: number): void {
    // A cut that the plan does not know was somebody else's choice: the plan goes on where it was.
    if (this.#shares[cut] === 0) return;
    for (let other = 0; other < this.#shares.length; other++)
      this.#owed[other] = this.#owed[other]! + this.#shares[other]! * queries;
    this.#owed[cut] = this.#owed[cut]! - queries;
  }
}
