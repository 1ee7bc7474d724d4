import type { Block } from './blocks.ts';
import type { Replica } from './schedule.ts';

/** Which inputs and outputs of a layer each of its blocks has, by number: the same for every copy, so counted once. */
export interface BlockNumbers {
  /** Of each block, its range of rows; and of each range, its inputs. */
  readonly rangeOf: Int32Array;
  readonly inputs: readonly number[];
  /** Of each block, its column of blocks (whose partial sums are added up); and of each column, its outputs. */
  readonly columnOf: Int32Array;
  readonly outputs: readonly number[];
}

/** Numbers the row ranges and the columns of a layer's blocks, in the order in which they come. */
export function numberBlocks(blocks: readonly Block[]): BlockNumbers {
  const [ranges, columns] = [new Numbers(), new Numbers()];
  const [inputs, outputs]: [number[], number[]] = [[], []];
  const rangeOf = new Int32Array(blocks.length);
  const columnOf = new Int32Array(blocks.length);
  for (let index = 0; index < blocks.length; index++) {
    const { group, groups, rowStart, rows, columnStart, columns: width } = blocks[index]!;
    const range = ranges.of(group, rowStart);
    const column = columns.of(group, columnStart);
    rangeOf[index] = range;
    columnOf[index] = column;
    inputs[range] = groups * rows;
    outputs[column] = groups * width;
  }
  return { rangeOf, inputs, columnOf, outputs };
}

/** Which numbers (of ranges, or of columns) the blocks of a copy in each tile have; tiles in the order of the blocks. */
export function numbersPerTile(
  { crossbars }: Replica,
  numberOf: Int32Array,
  tileOf: (crossbar: number) => number,
): ReadonlyMap<number, ReadonlySet<number>> {
  const perTile = new Map<number, Set<number>>();
  let tile = -1;
  let numbers = new Set<number>();
  for (let block = 0; block < crossbars.length; block++) {
    const at = tileOf(crossbars[block]!);
    if (at !== tile) {
      tile = at;
      numbers = perTile.get(tile) ?? new Set();
      perTile.set(tile, numbers);
    }
    numbers.add(numberOf[block]!);
  }
  return perTile;
}

/** Numbers pairs of whole numbers in the order in which they are first seen; the blocks of a group follow each other. */
class Numbers {
  readonly #byGroup = new Map<number, Map<number, number>>();
  #group = -1;
  #ofGroup = new Map<number, number>();
  #count = 0;

  of(group: number, start: number): number {
    if (group !== this.#group) {
      this.#group = group;
      this.#ofGroup = this.#byGroup.get(group) ?? new Map<number, number>();
      this.#byGroup.set(group, this.#ofGroup);
    }
    let number = this.#ofGroup.get(start);
    if (number === undefined) this.#ofGroup.set(start, (number = this.#count++));
    return number;
  }
}
