import { single } from '../scheduling/optimal-plan.ts';
import type { ServedModel } from '../scheduling/served-model.ts';
import type { ModelPlan, ModelWindow, WindowPolicy, WindowView } from '../scheduling/window/window-policy.ts';
import type { Device } from './device.ts';
import type { ModelCounts } from './model-counts.ts';
import type { PlannedMix } from './planned-mix.ts';
import type { QueryLine } from './query-line.ts';
import type { Replicas } from './replicas.ts';
import type { WindowOutcome } from './serving-run.ts';

const TICK = 1e-12;

/** What the upper level works with, by model where it is a list. */
export interface WindowParts {
  readonly policy: WindowPolicy;
  readonly parameters: unknown;
  /** Ticks of a window. */
  readonly length: number;
  readonly models: readonly ServedModel[];
  readonly stations: readonly string[];
  readonly devices: readonly Device[];
  readonly replicas: Replicas;
  readonly lines: readonly QueryLine[];
  readonly mixes: readonly PlannedMix[];
  readonly counts: readonly ModelCounts[];
  /** Queries of each model that come in the ticks from … to, for clairvoyant policies. */
  arrivals(from: number, to: number): readonly number[];
}

/** The upper level at work: asks its policy for a plan when a window begins, and keeps what became of each window. */
export class Windows {
  readonly #parts: WindowParts;
  readonly #rates: number[][];
  readonly outcomes: WindowOutcome[] = [];
  #plan: readonly ModelPlan[];
  #state: unknown;
  #energy = 0;
  #next = 0;
  switches = 0;
  moves = 0;

  constructor(parts: WindowParts) {
    this.#parts = parts;
    this.#rates = parts.models.map(() => []);
    this.#plan = parts.models.map(() => ({ mix: [{ cut: 0, share: 1 }] }));
    this.#state = parts.policy.start(parts.parameters as never, parts.models);
  }

  /** Tick at which the next window begins. */
  get next(): number {
    return this.#next;
  }

  /** A window ends (but before the first) and the next begins. */
  turn(now: number): void {
    if (this.outcomes.length > 0 || now > 0) this.close(now);
    const { policy, parameters, models, mixes, replicas } = this.#parts;
    const view = this.#view(now);
    const { plan, state } = policy.decide(view, this.#state, parameters as never);
    if (plan.length !== models.length)
      throw new Error(`window policy ${policy.name} planned ${plan.length} of ${models.length} models`);
    plan.forEach((one, model) => {
      checkPlan(one, models[model]!, policy.name);
      if (now > 0 && !sameMix(one, this.#plan[model]!)) this.switches += 1;
      const cut = mainCut(one);
      const oneCut = replicas.holdsOneCut(model);
      mixes[model]!.follow(oneCut ? single(cut) : one);
      if (now === 0) replicas.begin(model, cut);
      else if (oneCut) replicas.hold(model, cut);
      if (one.devices !== undefined && replicas.move(model, one.devices, cut)) this.moves += 1;
    });
    this.#plan = plan;
    this.#state = state;
    for (const { window } of this.#parts.counts) window.clear();
    this.#next = now + this.#parts.length;
  }

  /** The window ends: what became of it. */
  close(now: number): void {
    const { length, models, counts, lines, mixes, replicas, devices } = this.#parts;
    const start = this.#next - length;
    const energy = devices.reduce((sum, device) => sum + device.energy, replicas.energy);
    const seconds = (now - start) * TICK;
    this.outcomes.push({
      start: start * TICK,
      length: seconds,
      energy: energy - this.#energy,
      models: models.map(({ cuts }, model) => {
        const { window } = counts[model]!;
        const p99 = window.latency.percentile(0.99);
        return {
          ...{ offered: window.offered, answered: window.answered, onTime: window.onTime },
          ...{ dropped: window.dropped, right: window.right, expected: window.expected },
          p99: p99 === undefined ? undefined : p99 * TICK,
          waiting: lines[model]!.length,
          devices: replicas.devicesOf(model).length,
          plan: cuts.map((_, cut) => mixes[model]!.share(cut)),
        };
      }),
    });
    this.#energy = energy;
    counts.forEach(({ window }, model) => {
      const rates = this.#rates[model]!;
      rates.push(seconds > 0 ? window.offered / seconds : 0);
      if (rates.length > RATES) rates.shift();
    });
  }

  #view(now: number): WindowView {
    const { length, models, counts, lines, replicas, stations, devices, policy } = this.#parts;
    const ahead =
      policy.clairvoyant === true
        ? this.#parts.arrivals(now, now + length).map((queries) => queries / (length * TICK))
        : undefined;
    return {
      ...{ now: now * TICK, window: length * TICK, index: this.outcomes.length },
      ...{ stations, devices: devices.length },
      models: models.map((model, index): ModelWindow => {
        const { window } = counts[index]!;
        const p99 = window.latency.percentile(0.99);
        return {
          model,
          plan: this.#plan[index]!,
          devices: replicas.devicesOf(index),
          ...{ offered: window.offered, answered: window.answered },
          ...{ onTime: window.onTime, dropped: window.dropped },
          p99: p99 === undefined ? undefined : p99 * TICK,
          waiting: lines[index]!.length,
          inFlight: replicas.of(index).reduce((sum, { inFlight }) => sum + inFlight, 0),
          rates: [...this.#rates[index]!],
          ahead: ahead?.[index],
        };
      }),
    };
  }
}

/** Rates of past windows that policies see. */
const RATES = 64;

function checkPlan({ mix }: ModelPlan, { name, cuts }: ServedModel, policy: string): void {
  const total = mix.reduce((sum, { share }) => sum + share, 0);
  const sound = mix.every(
    ({ cut, share }) => Number.isInteger(cut) && cut >= 0 && cut < cuts.length && share >= 0,
  );
  if (sound && total > 0 && Number.isFinite(total)) return;
  throw new Error(`window policy ${policy} made no plan for ${name}: ${JSON.stringify(mix)}`);
}

/** The cut that most queries of a plan run with. */
function mainCut({ mix }: ModelPlan): number {
  return mix.reduce((most, one) => (one.share > most.share ? one : most)).cut;
}

function sameMix(a: ModelPlan, b: ModelPlan): boolean {
  const text = ({ mix }: ModelPlan) =>
    mix
      .filter(({ share }) => share > 0)
      .map(({ cut, share }) => `${cut}:${share}`)
      .sort()
      .join();
  return text(a) === text(b);
}
