import type {
  AnswerView,
  Batch,
  DispatchView,
  QueryView,
  RequestPolicy,
} from '../scheduling/request/request-policy.ts';
import type { ServedModel } from '../scheduling/served-model.ts';

/** A request policy with its parameters. */
export interface ChosenPolicy {
  readonly policy: RequestPolicy;
  readonly parameters: unknown;
}

type Rule = 'order' | 'drop' | 'cut' | 'batch' | 'route' | 'again';

/** The rules of the lower level that count: of each the last policy's that gives it. Keeps what they remember of each model. */
export class Rules {
  readonly #chosen: readonly ChosenPolicy[];
  readonly #of: Readonly<Partial<Record<Rule, number>>>;
  readonly #learners: readonly number[];
  /** By policy and model. */
  readonly #states: unknown[][];

  constructor(chosen: readonly ChosenPolicy[], models: readonly ServedModel[]) {
    this.#chosen = chosen;
    const of: Partial<Record<Rule, number>> = {};
    chosen.forEach(({ policy }, index) => {
      for (const rule of ['order', 'drop', 'cut', 'batch', 'route', 'again'] as const)
        if (policy[rule] !== undefined) of[rule] = index;
    });
    this.#of = of;
    this.#learners = chosen.flatMap(({ policy }, index) => (policy.learn === undefined ? [] : [index]));
    this.#states = chosen.map(({ policy, parameters }) =>
      models.map((model) => policy.start?.(parameters as never, model)),
    );
  }

  order(query: QueryView): number {
    const index = this.#of.order;
    if (index === undefined) return query.arrival;
    return checkedNumber(
      this.#policy(index).order!(query, this.#parameters(index)),
      'an order',
      this.#policy(index),
    );
  }

  drop(view: DispatchView, model: number): boolean {
    const index = this.#of.drop;
    if (index === undefined) return false;
    return this.#policy(index).drop!(view, this.#parameters(index), this.#states[index]![model]);
  }

  /** Whether a query may get another cut than the planned one. */
  get choosesCut(): boolean {
    return this.#of.cut !== undefined;
  }

  cut(view: DispatchView, model: number): number {
    const index = this.#of.cut;
    if (index === undefined) return view.planned;
    const cut = this.#policy(index).cut!(view, this.#parameters(index), this.#states[index]![model]);
    return checkedIndex(cut, view.model.cuts.length, 'cut', this.#policy(index));
  }

  batch(view: DispatchView, cut: number, model: number): Batch {
    const index = this.#of.batch;
    if (index === undefined) return ONE;
    return this.#policy(index).batch!(view, cut, this.#parameters(index), this.#states[index]![model]);
  }

  /** An index of the view's replicas; undefined where no policy says. */
  route(view: DispatchView, model: number): number | undefined {
    const index = this.#of.route;
    if (index === undefined) return undefined;
    const replica = this.#policy(index).route!(view, this.#parameters(index), this.#states[index]![model]);
    return checkedIndex(replica, view.replicas.length, 'replica', this.#policy(index));
  }

  get asksAgain(): boolean {
    return this.#of.again !== undefined;
  }

  again(view: AnswerView, model: number): number | undefined {
    const index = this.#of.again;
    if (index === undefined) return undefined;
    const cut = this.#policy(index).again!(view, this.#parameters(index), this.#states[index]![model]);
    return cut === undefined
      ? undefined
      : checkedIndex(cut, view.model.cuts.length, 'cut', this.#policy(index));
  }

  get learns(): boolean {
    return this.#learners.length > 0;
  }

  learn(view: AnswerView, model: number): void {
    for (const index of this.#learners) {
      const states = this.#states[index]!;
      states[model] = this.#policy(index).learn!(view, this.#parameters(index), states[model]);
    }
  }

  #policy(index: number): RequestPolicy {
    return this.#chosen[index]!.policy;
  }

  #parameters(index: number): never {
    return this.#chosen[index]!.parameters as never;
  }
}

const ONE: Batch = { size: 1 };

function checkedNumber(value: number, what: string, { name }: RequestPolicy): number {
  if (!Number.isNaN(value)) return value;
  throw new Error(`request policy ${name} gave ${what} that is not a number`);
}

function checkedIndex(value: number, count: number, what: string, { name }: RequestPolicy): number {
  if (Number.isInteger(value) && value >= 0 && value < count) return value;
  throw new Error(`request policy ${name} chose ${what} ${value} of ${count}`);
}
