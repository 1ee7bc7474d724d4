import type { Region } from '../mapping/placement.ts';
import type { ReplicaView } from '../scheduling/request/request-policy.ts';
import type { Device } from './device.ts';
import { DueTimes } from './due-times.ts';
import { DeviceWeights, type Weights } from './weights.ts';

/** Where a model lies on a device that holds it, and how it gets there. */
export interface Residence {
  /** Crossbars that it has there, the same on every device. */
  readonly region: Region;
  /** Undefined where nothing says how cells are programmed: the model stays where it is, with all its cuts. */
  readonly weights: Weights | undefined;
}

/**
 * Which devices hold which models, and how many queries each computes for them. A replica whose crossbars are to hold
 * something else finishes what it computes, is programmed, and computes again; so does one on crossbars that another model leaves.
 */
export class Replicas {
  readonly #devices: readonly Device[];
  readonly #residences: readonly Residence[];
  readonly #weights: readonly DeviceWeights[];
  /** By model: those that compute, and those that are, or wait to be, programmed. */
  readonly #ready: Replica[][];
  readonly #coming: Replica[][];
  /** That their model has left, with queries in flight. */
  #leaving: Replica[] = [];
  readonly #programmed = new DueTimes();
  readonly #clock: { now: number };
  /** J spent on programming, and how often replicas were programmed. */
  energy = 0;
  programmings = 0;

  /** `placement`: devices of each model at the start. */
  constructor(
    devices: readonly Device[],
    placement: readonly (readonly number[])[],
    residences: readonly Residence[],
    clock: { now: number },
  ) {
    this.#devices = devices;
    this.#residences = residences;
    this.#clock = clock;
    this.#weights = devices.map(() => new DeviceWeights());
    this.#coming = placement.map(() => []);
    this.#ready = placement.map(() => []);
    placement.forEach((held, model) =>
      held.forEach((device) => {
        this.#checkRoom(model, device);
        this.#ready[model]!.push(this.#replica(model, device));
      }),
    );
  }

  /** Those of a model that can compute. */
  of(model: number): readonly Replica[] {
    return this.#ready[model]!;
  }

  /** Whether replicas of a model hold one cut at a time. */
  holdsOneCut(model: number): boolean {
    return this.#residences[model]!.weights?.moved === true;
  }

  /** A query of a model on a device is answered. */
  done(model: number, cut: number, device: number): void {
    const on = (one: Replica) => one.device === device;
    const ready = this.#ready[model]!.find(on);
    if (ready !== undefined && ready.inFlight > 0) {
      ready.leave(cut);
      return;
    }
    const draining =
      this.#coming[model]!.find((one) => on(one) && one.inFlight > 0) ??
      this.#leaving.find((one) => on(one) && one.model === model);
    if (draining === undefined) return;
    draining.leave(cut);
    if (draining.inFlight > 0) return;
    this.#leaving = this.#leaving.filter((one) => one !== draining);
    this.#program();
  }

  /** Devices that hold a model or are being programmed with it. */
  devicesOf(model: number): readonly number[] {
    return [...this.#ready[model]!, ...this.#coming[model]!]
      .map(({ device }) => device)
      .sort((a, b) => a - b);
  }

  /** Tick at which the next replica is programmed. */
  get nextProgrammed(): number {
    return this.#programmed.tick;
  }

  /** The replica is programmed: its model. */
  takeProgrammed(): number {
    const model = this.#programmed.id;
    const tick = this.#programmed.tick;
    this.#programmed.removeEarliest();
    const coming = this.#coming[model]!;
    const replica = coming.find(({ readyAt }) => readyAt === tick);
    if (replica === undefined) return model;
    replica.readyAt = Number.POSITIVE_INFINITY;
    if (replica.holds === replica.wanted) {
      coming.splice(coming.indexOf(replica), 1);
      this.#ready[model]!.push(replica);
    }
    // It may have been told to hold another cut meanwhile, or others wait for its crossbars.
    this.#program();
    return model;
  }

  /** What the replicas of a model hold at the start: it was programmed before. */
  begin(model: number, cut: number): void {
    const { weights } = this.#residences[model]!;
    for (const replica of this.#ready[model]!) {
      replica.holds = replica.wanted = cut;
      if (weights !== undefined) this.#weights[replica.device]!.write(model, cut, weights);
    }
  }

  /** A model that holds one cut at a time shall hold this one from now on. */
  hold(model: number, cut: number): void {
    const ready = this.#ready[model]!;
    const coming = this.#coming[model]!;
    for (const replica of [...ready, ...coming]) replica.wanted = cut;
    // One that has not begun to be programmed holds what it held.
    const stays = coming.filter((one) => one.holds === cut && one.readyAt === Number.POSITIVE_INFINITY);
    const goes = ready.filter(({ holds }) => holds !== cut);
    this.#ready[model] = [...ready.filter(({ holds }) => holds === cut), ...stays];
    this.#coming[model] = [...coming.filter((one) => !stays.includes(one)), ...goes];
    this.#program();
  }

  /** Moves a model to other devices, to hold a cut there; whether anything changed. Those that it leaves finish what they compute. */
  move(model: number, devices: readonly number[], cut: number): boolean {
    const held = this.devicesOf(model);
    const wanted = [...new Set(devices)].sort((a, b) => a - b);
    if (held.join() === wanted.join()) return false;
    if (wanted.length === 0) throw new Error('a window policy leaves a model without a device');
    if (this.#residences[model]!.weights === undefined)
      throw new Error('a window policy moves models that cannot be programmed');
    const stays = ({ device }: Replica) => wanted.includes(device);
    const all = [...this.#ready[model]!, ...this.#coming[model]!];
    this.#leaving.push(...all.filter((one) => !stays(one) && one.inFlight > 0));
    this.#ready[model] = this.#ready[model]!.filter(stays);
    this.#coming[model] = this.#coming[model]!.filter(stays);
    for (const device of wanted) {
      if (held.includes(device)) continue;
      if (this.#devices[device] === undefined)
        throw new Error(`a window policy chose device ${device} of ${this.#devices.length}`);
      this.#checkRoom(model, device);
      const replica = this.#replica(model, device);
      replica.wanted = cut;
      this.#coming[model]!.push(replica);
    }
    this.#program();
    return true;
  }

  /** Programs those that wait for nobody any more. */
  #program(): void {
    for (const coming of this.#coming) {
      for (const replica of coming) {
        const { model, device, inFlight, readyAt, wanted } = replica;
        if (inFlight > 0 || readyAt !== Number.POSITIVE_INFINITY) continue;
        if (this.#leaving.some((one) => one.device === device && this.#overlap(model, one.model))) continue;
        const { ticks, energy } = this.#weights[device]!.write(
          model,
          wanted,
          this.#residences[model]!.weights!,
        );
        replica.holds = wanted;
        replica.readyAt = this.#clock.now + ticks;
        this.energy += energy;
        if (energy > 0 || ticks > 0) this.programmings += 1;
        this.#programmed.add(replica.readyAt, model);
      }
    }
  }

  #overlap(one: number, other: number): boolean {
    const [a, b] = [this.#residences[one]!.region, this.#residences[other]!.region];
    return a.first < b.first + b.count && b.first < a.first + a.count;
  }

  #checkRoom(model: number, device: number): void {
    const other = this.#residences.findIndex(
      (_, one) => one !== model && this.#overlap(one, model) && this.devicesOf(one).includes(device),
    );
    if (other < 0) return;
    throw new Error(
      `models ${other} and ${model} have crossbars in common, and cannot both be on device ${device}`,
    );
  }

  #replica(model: number, device: number): Replica {
    return new Replica(model, device, this.#devices[device]!, this.#clock);
  }
}

const TICK = 1e-12;

/** A model on a device. */
export class Replica implements ReplicaView {
  readonly model: number;
  readonly device: number;
  readonly #computes: Device;
  readonly #clock: { readonly now: number };
  inFlight = 0;
  /** Queries in flight with which another one of the next one's cut may start: each cut has a pipeline of its own. */
  most = 1;
  readonly #ofCut: number[] = [];
  /** Tick at which it is programmed; Infinity where it is not being programmed. */
  readyAt = Number.POSITIVE_INFINITY;
  /** Cut that its crossbars hold, or are being programmed with (-1: none), and the one that they shall hold. */
  holds = -1;
  wanted = -1;

  constructor(model: number, device: number, computes: Device, clock: { readonly now: number }) {
    this.model = model;
    this.device = device;
    this.#computes = computes;
    this.#clock = clock;
  }

  /** Queries of a cut start. */
  enter(cut: number, queries: number): void {
    this.inFlight += queries;
    this.#ofCut[cut] = this.#inFlightOf(cut) + queries;
  }

  /** A query of a cut is answered. */
  leave(cut: number): void {
    this.inFlight -= 1;
    this.#ofCut[cut] = this.#inFlightOf(cut) - 1;
  }

  /** The next query runs with a cut, of which so many may be in flight: whether it may start. */
  setMost(cut: number, most: number): boolean {
    this.most = most + this.inFlight - this.#inFlightOf(cut);
    return this.inFlight < this.most;
  }

  #inFlightOf(cut: number): number {
    return this.#ofCut[cut] ?? 0;
  }

  estimate(cut: number): number {
    return this.#computes.estimate(this.model, cut, this.#clock.now) * TICK;
  }
}
