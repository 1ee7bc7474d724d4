import { capacityOf, type ServedCut, type ServedModel } from '../scheduling/served-model.ts';
import type { AnswerTable } from './answer-source.ts';
import type { CycleChip } from './cycle-device.ts';
import type { ModelProfile } from './profile.ts';
import type { Residence } from './replicas.ts';

/** Chips that serve models: all that a run needs to know of them. Plain data, the same for every worker. */
export interface ServingSystem {
  readonly models: readonly ServedModel[];
  readonly profiles: readonly ModelProfile[];
  /** Shares of the queries that name no model. */
  readonly shares: readonly number[];
  readonly answers: readonly (AnswerTable | undefined)[];
  /** Of every device, in the order of `ServedCut.work`. */
  readonly stations: readonly string[];
  /** So many of the stations, the first, are parts of the chip of which utilisation is told; the others are what cuts cost each other. */
  readonly parts: number;
  readonly devices: number;
  readonly residences: readonly Residence[];
  /** By model: devices that hold it at the start. */
  readonly placement: readonly (readonly number[])[];
  /** By model and cut: in flight on a replica when another query starts. */
  readonly most: readonly (readonly number[])[];
  /** Where every MVM is to be played; undefined where profiles are enough. */
  readonly cycle: CycleChip | undefined;
  /** W of one device, used or not. */
  readonly leakage: number;
}

/** What arithmetic in a scenario may ask of its system: rates in queries per second, times in s. */
export function figuresOf(system: ServingSystem): {
  readonly capacity: number;
  readonly fastest: number;
  readonly latency: number;
  readonly interval: number;
} {
  const accurate = system.models.map(({ cuts }) => cuts.reduce((a, b) => (b.accuracy > a.accuracy ? b : a)));
  const fast = system.models.map(({ cuts }) =>
    cuts.reduce((a, b) => (capacityOf(b) > capacityOf(a) ? b : a)),
  );
  const total = system.shares.reduce((sum, share) => sum + share, 0);
  const mean = (of: (cut: ServedCut) => number) =>
    accurate.reduce((sum, cut, model) => sum + (system.shares[model]! / total) * of(cut), 0);
  return {
    capacity: rateOf(accurate, system),
    fastest: rateOf(fast, system),
    latency: mean(({ latency }) => latency),
    interval: mean(({ interval }) => interval),
  };
}

/**
 * Queries per second that all devices together answer when each model runs with one cut and its queries are spread
 * evenly over the devices that hold it: the station with the most work bounds it.
 */
export function rateOf(
  cuts: readonly ServedCut[],
  { shares, placement, devices, stations }: ServingSystem,
): number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let busiest = 0;
  for (let device = 0; device < devices; device++) {
    for (let station = 0; station < stations.length; station++) {
      let work = 0;
      cuts.forEach((cut, model) => {
        const held = placement[model]!;
        if (held.includes(device)) work += (shares[model]! / total / held.length) * cut.work[station]!;
      });
      busiest = Math.max(busiest, work);
    }
  }
  return 1 / busiest;
}
