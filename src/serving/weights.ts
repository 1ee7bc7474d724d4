import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { programmingTicks } from '../machine/idle-programming.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { contentsOf, type CrossbarContents, missingWrites } from '../mapping/crossbar-contents.ts';
import type { Region } from '../mapping/placement.ts';
import type { PlacedCuts } from '../mapping/resident-cuts.ts';
import type { ServedModel } from '../scheduling/served-model.ts';
import { EnergySum } from './energy-sum.ts';

/** How the weights of a model come to crossbars. Plain data. */
export interface Weights {
  /** What crossbars hold, by cut: where all cuts are resident, of each the same. */
  readonly contents: readonly CrossbarContents[];
  /** Whether crossbars hold one cut at a time: another is programmed before its queries start. */
  readonly moved: boolean;
  /** Of each device; it says how cells are programmed. */
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
}

/** Ticks and J. */
export interface Programming {
  readonly ticks: number;
  readonly energy: number;
}

/**
 * Programming of what the crossbars do not hold already: cells and word lines, and the weights on their way from memory, as
 * for a network in turns. Memory and links are taken to have nothing else to do meanwhile (assumption).
 */
export function programmingOf(
  { contents, spec, table }: Weights,
  cut: number,
  holds: (crossbar: number, block: string) => boolean = () => false,
): Programming {
  const energy = new EnergySum(table);
  const ticks = programmingTicks(missingWrites(contents[cut]!, holds), spec, table, energy);
  return { ticks, energy: energy.total };
}

/** What the crossbars of one device hold, of whichever model. */
export class DeviceWeights {
  readonly #held = new Map<number, string>();

  /** Writes a cut of a model: what it takes. What is there already is left alone. */
  write(model: number, cut: number, weights: Weights): Programming {
    const name = (block: string) => `${model}:${block}`;
    const work = programmingOf(weights, cut, (crossbar, block) => this.#held.get(crossbar) === name(block));
    for (const [crossbar, { block }] of weights.contents[cut]!) this.#held.set(crossbar, name(block));
    return work;
  }
}

/** How the weights of a model come to crossbars; undefined where the chip does not say. */
export function weightsOf(
  { schedules, resident }: PlacedCuts,
  spec: ArchitectureSpec,
  table: ActionTable,
): Weights | undefined {
  if (spec.analogCore?.programming === undefined) return undefined;
  const own = schedules.map((schedule) => contentsOf(schedule, spec));
  const union = new Map(own.flatMap((contents) => [...contents]));
  return {
    contents: resident === undefined ? own : own.map(() => union),
    moved: resident === undefined,
    ...{ spec, table },
  };
}

/** What policies are told of moving a model, and of changing its cut. */
export function movesOf(
  { first, count }: Region,
  weights: Weights | undefined,
): Pick<ServedModel, 'replica' | 'switching'> {
  if (weights === undefined) return {};
  const seconds = ({ ticks }: Programming) => ticks / TICKS_PER_SECOND;
  const fresh = weights.contents.map((_, cut) => seconds(programmingOf(weights, cut)));
  const replica = { from: first, to: first + count, programming: Math.max(...fresh) };
  if (!weights.moved) return { replica };
  const switching = weights.contents.map((held) =>
    weights.contents.map((_, cut) =>
      seconds(programmingOf(weights, cut, (crossbar, block) => held.get(crossbar)?.block === block)),
    ),
  );
  return { replica, switching };
}
