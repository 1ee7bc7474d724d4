import type { Region } from './placement.ts';

/** A network that wants crossbars of some devices, the same ones on each: so many, or its even share. */
export interface RegionDemand {
  readonly crossbars: number | undefined;
  readonly devices: readonly number[];
}

/** That there are too few crossbars on a device: how many its networks ask for, and the last of them that asks. */
export class NoRoom extends Error {
  readonly demand: number;
  readonly device: number;
  readonly asked: number;

  constructor(demand: number, device: number, asked: number) {
    super('no room');
    this.demand = demand;
    this.device = device;
    this.asked = asked;
  }
}

/**
 * Crossbars for networks, so that those that are on one device have none in common: what each asks for, and of the rest of its
 * fullest device an even share. Each takes the first place that is free on all of its devices. Throws NoRoom.
 */
export function regionsOf(demands: readonly RegionDemand[], available: number): readonly Region[] {
  const devices = [...new Set(demands.flatMap((one) => one.devices))];
  const shareOf = new Map(
    devices.map((device) => {
      const here = demands.filter((one) => one.devices.includes(device));
      const asked = here.reduce((sum, { crossbars = 0 }) => sum + crossbars, 0);
      if (asked > available) {
        const last = demands.findLastIndex((one) => one.crossbars !== undefined && here.includes(one));
        throw new NoRoom(last, device, asked);
      }
      const open = here.filter(({ crossbars }) => crossbars === undefined).length;
      return [device, open === 0 ? 0 : Math.floor((available - asked) / open)];
    }),
  );
  const regions: Region[] = [];
  demands.forEach((demand, index) => {
    const count = demand.crossbars ?? Math.min(...demand.devices.map((device) => shareOf.get(device)!));
    const beside = regions.filter((_, other) =>
      demands[other]!.devices.some((device) => demand.devices.includes(device)),
    );
    const starts = [0, ...beside.map(({ first, count: taken }) => first + taken)].sort((a, b) => a - b);
    const first = starts.find((start) =>
      beside.every((other) => other.first >= start + count || other.first + other.count <= start),
    )!;
    if (first + count > available) throw new NoRoom(index, demand.devices[0]!, first + count);
    regions.push({ first, count });
  });
  return regions;
}
