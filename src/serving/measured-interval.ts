import type { Device } from './device.ts';
import type { Replicas } from './replicas.ts';

const TICK = 1e-12;

/** What happened between the end of the warm-up and the end of a run. Times in s, energies in J. */
export interface MeasuredOutcome {
  /** 0 where the run was over before. */
  readonly length: number;
  /** Answers given in it, also to queries that came before it. */
  readonly answers: number;
  /** Of queries and of programming. */
  readonly energy: number;
  /** Busy share of each station (`Device.busy`), mean over devices. */
  readonly utilisation: readonly number[];
}

/**
 * The interval over which all rates, power and utilisation of a run are taken: from the end of the warm-up to the end of the
 * run, which is the last answer where all is answered. So a rate times its length is a count, and power times its length an energy.
 */
export class MeasuredInterval {
  readonly #devices: readonly Device[];
  readonly #replicas: Replicas;
  readonly #stations: number;
  readonly #start: number;
  #begun = false;
  #energy = 0;
  #busy: readonly number[] = [];
  #answers = 0;

  /** `start`: tick. */
  constructor(devices: readonly Device[], replicas: Replicas, stations: number, start: number) {
    this.#devices = devices;
    this.#replicas = replicas;
    this.#stations = stations;
    this.#start = start;
    if (start === 0) this.begin();
  }

  /** Tick at which it begins; Infinity once it has. */
  get next(): number {
    return this.#begun ? Number.POSITIVE_INFINITY : this.#start;
  }

  /** It begins: what was used before does not count. */
  begin(): void {
    this.#begun = true;
    this.#energy = this.#used();
    this.#busy = this.#busyUntil(this.#start);
  }

  answered(): void {
    if (this.#begun) this.#answers += 1;
  }

  /** The run ends at a tick. */
  outcome(end: number): MeasuredOutcome {
    const ticks = this.#begun ? end - this.#start : 0;
    if (ticks === 0)
      return { length: 0, answers: 0, energy: 0, utilisation: new Array<number>(this.#stations).fill(0) };
    const busy = this.#busyUntil(end);
    return {
      ...{ length: ticks * TICK, answers: this.#answers, energy: this.#used() - this.#energy },
      utilisation: busy.map(
        (until, station) => (until - this.#busy[station]!) / ticks / this.#devices.length,
      ),
    };
  }

  #used(): number {
    return this.#devices.reduce((sum, device) => sum + device.energy, this.#replicas.energy);
  }

  #busyUntil(tick: number): readonly number[] {
    return Array.from({ length: this.#stations }, (_, station) =>
      this.#devices.reduce((sum, device) => sum + device.busy(station, tick), 0),
    );
  }
}
