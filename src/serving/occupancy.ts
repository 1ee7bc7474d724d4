/**
 * The two sides of Little's law for a place that queries come to and leave, each counted by itself: the time integral of how many
 * are there, and how long each stayed. Query ticks.
 */
export class Occupancy {
  #present = 0;
  #integral = 0;
  #last = 0;
  #stays = 0;

  enter(now: number): void {
    this.#pass(now);
    this.#present += 1;
  }

  /** One leaves that came at tick `since`. */
  leave(since: number, now: number): void {
    this.#pass(now);
    this.#present -= 1;
    this.#stays += now - since;
  }

  /** The integral up to now. */
  integral(now: number): number {
    this.#pass(now);
    return this.#integral;
  }

  /** What those who left had stayed. */
  get stays(): number {
    return this.#stays;
  }

  #pass(now: number): void {
    this.#integral += this.#present * (now - this.#last);
    this.#last = now;
  }
}
