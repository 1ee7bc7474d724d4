/** A model as the policies of a serving system see it. Frozen. */
export interface ServedModel {
  readonly name: string;
  /** s after its arrival by which a query's answer is due; Infinity: never. */
  readonly deadline: number;
  /** The ways in which a query may run, in the order of the scenario. */
  readonly cuts: readonly ServedCut[];
  /** What it takes to hold the model on one more device; undefined: it stays where it is. */
  readonly replica?: ReplicaCost | undefined;
  /**
   * s to program a replica that holds one cut (first index) to hold another one: it computes nothing meanwhile, and plans
   * are single cuts. Undefined where crossbars hold all cuts, and changes are free.
   */
  readonly switching?: readonly (readonly number[])[] | undefined;
}

export interface ReplicaCost {
  /** Crossbars of a device that it fills: from this number to below that, the same on every device. */
  readonly from: number;
  readonly to: number;
  /** s to program it, at most. */
  readonly programming: number;
}

/** One way to run a model: which layers run on crossbars, which on digital cores. */
export interface ServedCut {
  /** Partition, such as `prefix:3`. */
  readonly name: string;
  /** Expected share of right answers, 0 to 1. */
  readonly accuracy: number;
  /** s to the answer on an idle chip. */
  readonly latency: number;
  /** s between answers when one device computes nothing else. */
  readonly interval: number;
  /** J of one query, leakage not included. */
  readonly energy: number;
  /** s that one query takes of each station of its device (see `WindowView.stations`): the largest bounds its rate. */
  readonly work: readonly number[];
}

/** Queries per second that one device answers when all run with this cut. */
export function capacityOf(cut: ServedCut): number {
  return 1 / Math.max(cut.interval, ...cut.work);
}
