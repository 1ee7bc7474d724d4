import type { ReplicaView } from '../scheduling/request/request-policy.ts';
import type { Device } from './device.ts';
import { DueTimes } from './due-times.ts';

/** What it takes to put a model on a device, and how much of a device it fills. */
export interface Residence {
  /** Crossbars of a replica. */
  readonly crossbars: number;
  /** Ticks and J to program them; undefined where nothing says, so that models stay where they are. */
  readonly programming: { readonly ticks: number; readonly energy: number } | undefined;
}

/** Which devices hold which models, and how many queries each computes for them. */
export class Replicas {
  readonly #devices: readonly Device[];
  readonly #residences: readonly Residence[];
  readonly #crossbars: number;
  /** By model. */
  readonly #ready: Replica[][];
  /** Being programmed, by model. */
  readonly #coming: Replica[][];
  readonly #programmed = new DueTimes();
  readonly #clock: { now: number };
  /** J spent on programming. */
  energy = 0;

  /** `placement`: devices of each model at the start, programmed already; `crossbars` of each device. */
  constructor(
    devices: readonly Device[],
    placement: readonly (readonly number[])[],
    residences: readonly Residence[],
    crossbars: number,
    clock: { now: number },
  ) {
    this.#devices = devices;
    this.#residences = residences;
    this.#crossbars = crossbars;
    this.#clock = clock;
    this.#ready = placement.map((held, model) => held.map((device) => this.#replica(model, device)));
    this.#coming = placement.map(() => []);
    devices.forEach((_, device) => this.#checkRoom(device));
  }

  /** Those of a model that can compute. */
  of(model: number): readonly Replica[] {
    return this.#ready[model]!;
  }

  /** A query of a model on a device is answered. */
  done(model: number, device: number): void {
    // One that the model has left does not count any more.
    const replica = this.#ready[model]!.find((one) => one.device === device);
    if (replica !== undefined && replica.inFlight > 0) replica.inFlight -= 1;
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
    const at = coming.findIndex(({ readyAt }) => readyAt === tick);
    if (at >= 0) this.#ready[model]!.push(...coming.splice(at, 1));
    return model;
  }

  /** Moves a model to other devices; whether anything changed. Those that it leaves finish what they compute. */
  move(model: number, devices: readonly number[]): boolean {
    const held = this.devicesOf(model);
    const wanted = [...new Set(devices)].sort((a, b) => a - b);
    if (held.join() === wanted.join()) return false;
    if (wanted.length === 0) throw new Error('a window policy leaves a model without a device');
    const stays = ({ device }: Replica) => wanted.includes(device);
    this.#ready[model] = this.#ready[model]!.filter(stays);
    this.#coming[model] = this.#coming[model]!.filter(stays);
    for (const device of wanted) {
      if (held.includes(device)) continue;
      if (this.#devices[device] === undefined)
        throw new Error(`a window policy chose device ${device} of ${this.#devices.length}`);
      const { programming } = this.#residences[model]!;
      if (programming === undefined)
        throw new Error('a window policy moves models that cannot be programmed');
      const replica = this.#replica(model, device);
      replica.readyAt = this.#clock.now + programming.ticks;
      this.energy += programming.energy;
      this.#coming[model]!.push(replica);
      this.#programmed.add(replica.readyAt, model);
      this.#checkRoom(device);
    }
    return true;
  }

  #checkRoom(device: number): void {
    const used = this.#residences.reduce(
      (sum, { crossbars }, model) => sum + (this.devicesOf(model).includes(device) ? crossbars : 0),
      0,
    );
    if (used > this.#crossbars)
      throw new Error(`models on device ${device} need ${used} crossbars, it has ${this.#crossbars}`);
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
  most = 1;
  readyAt = 0;

  constructor(model: number, device: number, computes: Device, clock: { readonly now: number }) {
    this.model = model;
    this.device = device;
    this.#computes = computes;
    this.#clock = clock;
  }

  estimate(cut: number): number {
    return this.#computes.estimate(this.model, cut, this.#clock.now) * TICK;
  }
}
