import type { AnalogStage } from '../mapping/schedule.ts';
import { type AnalogPlans, planOf } from './analog-plan.ts';
import { type MulticastTree, multicastTree } from '../mapping/multicast-tree.ts';
import type { Resources } from './resources.ts';
import { unitOf } from './task-place.ts';

/** The links from a tile to all tiles of a copy of a layer, worked out when they are first used. */
export class InputTrees {
  readonly #plans: AnalogPlans;
  readonly #resources: Resources;
  /** Per stage, by copy and sending tile. */
  readonly #trees: readonly Map<number, MulticastTree>[];

  constructor(plans: AnalogPlans, resources: Resources) {
    this.#plans = plans;
    this.#resources = resources;
    this.#trees = plans.map(() => new Map());
  }

  /** From a tile to the copy that computes a task. */
  of(stage: AnalogStage, task: number, from: number): MulticastTree {
    const trees = this.#trees[stage.index]!;
    const key = unitOf(stage, task) * this.#resources.bufferPorts.count + from;
    let tree = trees.get(key);
    if (tree === undefined) {
      const { routes, path } = this.#resources;
      tree = multicastTree(from, planOf(this.#plans, stage, task).tiles, routes, path);
      trees.set(key, tree);
    }
    return tree;
  }
}
