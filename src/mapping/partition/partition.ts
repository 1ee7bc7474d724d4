import type { Part } from '../../base/registry.ts';

/** Which of a network's MVM layers run on crossbars: the split that a schedule is made for. */
export interface Partition {
  /** The text it was asked for with, such as `prefix:3`: the row's name in every report. */
  readonly name: string;
  /** Layer indices that run analog, ascending. */
  readonly analog: readonly number[];
}

/** A layer that may be put on crossbars, as partition strategies see it. */
export interface Candidate {
  /** Index in the network. */
  readonly layer: number;
  readonly name: string;
  readonly macs: number;
}

/** A rule that picks analog layers: one file each, one line in `index.ts`. Named `name` or `name:argument`. */
export interface PartitionStrategy extends Part {
  /** How it is written, such as `prefix:K`. */
  readonly usage: string;
  /** The picked layers among candidates in topological order; a Fault when the argument does not fit. */
  choose(argument: string | undefined, candidates: readonly Candidate[]): readonly number[];
}
