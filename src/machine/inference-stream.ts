/** The inferences of a run: how many are asked for and played, and when the answer of each was there. */
export class InferenceStream {
  readonly asked: number;
  /** Ticks at which the answers of those played were in memory. */
  readonly completions: number[] = [];
  #played: number;
  #done = 0;

  constructor(asked: number) {
    this.asked = asked;
    this.#played = asked;
  }

  /** Inferences to play: fewer once it is known which repeat. */
  get played(): number {
    return this.#played;
  }

  /** Inferences that are counted instead of played. */
  get passedOver(): number {
    return this.asked - this.#played;
  }

  /** Inferences whose answer is there. */
  get done(): number {
    return this.#done + this.passedOver;
  }

  complete(inference: number, tick: number): void {
    this.completions[inference] = tick;
    this.#done += 1;
  }

  passOver(inferences: number): void {
    this.#played -= inferences;
  }
}
