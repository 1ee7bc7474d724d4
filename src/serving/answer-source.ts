import { philox4x32 } from '../base/philox.ts';

/** What a model answers: whether it is right, and how sure, for each cut, simulated chip and image. */
export interface AnswerTable {
  readonly images: number;
  readonly chips: number;
  /** Of the numbers 0 to 255 in `margins`, how sure an answer is; undefined where not known. [cut][chip][image]. */
  readonly margins: Uint8Array | undefined;
  /** One bit for each [cut][chip][image], the lowest bit of a byte first: 1 where the answer is right. */
  readonly right: Uint8Array;
}

/** Whose chance it is. */
export interface ChanceKey {
  readonly seed: number;
  readonly replication: number;
  readonly model: number;
}

/** Whether the answers of queries are right: by a table computed from the network, or by an expected accuracy alone. */
export class AnswerSource {
  readonly #table: AnswerTable | undefined;
  readonly #accuracies: readonly number[];
  readonly #key: ChanceKey;
  readonly #words = new Uint32Array(4);

  /** Without a table, answers are right with the accuracy of their cut, those of a query together: chance is the query's. */
  constructor(table: AnswerTable | undefined, accuracies: readonly number[], key: ChanceKey) {
    this.#table = table;
    this.#accuracies = accuracies;
    this.#key = key;
  }

  /** Whether query number `query` is answered right with a cut on a device that is simulated chip `chip` (modulo chips). */
  isRight(query: number, cut: number, chip: number): boolean {
    const drawn = this.#draw(query);
    if (this.#table === undefined) return drawn < this.#accuracies[cut]!;
    const at = this.#at(this.#table, drawn, cut, chip);
    return ((this.#table.right[at >> 3]! >> (at & 7)) & 1) === 1;
  }

  /** How sure its answer is, 0 to 1; undefined where not known. */
  margin(query: number, cut: number, chip: number): number | undefined {
    const margins = this.#table?.margins;
    if (margins === undefined) return undefined;
    return margins[this.#at(this.#table!, this.#draw(query), cut, chip)]! / 255;
  }

  #at({ images, chips }: AnswerTable, drawn: number, cut: number, chip: number): number {
    return (cut * chips + (chip % chips)) * images + Math.floor(drawn * images);
  }

  // The same image for the same query under every policy: they are compared on equal questions.
  #draw(query: number): number {
    const { seed, replication, model } = this.#key;
    philox4x32(seed, STREAM, query, Math.floor(query / 2 ** 32), model, replication, this.#words);
    return this.#words[0]! / 2 ** 32;
  }
}

/** Stream of the images that queries ask about. */
const STREAM = 0x5e12;
