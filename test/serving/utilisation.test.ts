import { describe, expect, test } from 'vitest';
import { serverOf } from '../../src/serving/run-job.ts';
import type { ServingSystem } from '../../src/serving/serving-system.ts';
import { cycleSystem } from './cycle-system.ts';

const CUTS = ['digital', 'prefix:1', 'analog'] as const;
const QUERIES = 400;

/** Utilisation of the stations, and queries that were answered per second, under 60 % of the highest rate of a cut. */
function served(system: ServingSystem, cut: number) {
  const { name, interval } = system.models[0]!.cuts[cut]!;
  const server = serverOf(system, {
    load: {
      load: { type: 'poisson', rate: 0.6 / interval },
      ...{ duration: 10, queries: QUERIES, drain: true, warmUp: 20 * interval, window: 10 },
      line: { capacity: QUERIES, full: 'reject' },
    },
    policy: { window: { type: 'static', cut: name }, request: [] },
    ...{ seed: 7, replication: 0 },
  });
  while (!server.advance(1e6));
  const { measured } = server.result();
  return { ...measured, rate: measured.answers / measured.length };
}

const own = await cycleSystem('mlp-relu', CUTS);
// All-digital shares no converters.
const ANALOG = CUTS.slice(1);
const shared = await cycleSystem('mlp-relu', ANALOG, ['analogCore.adcBank.sharedBy=core']);

describe.each([
  ['converters of each crossbar', own, CUTS],
  ['converters that a core shares', shared, ANALOG],
] as const)('%s', (_, system, cuts) => {
  test.each(cuts)('%s: profile and cycle say the same utilisation', (name) => {
    const cut = cuts.indexOf(name);
    const cycle = served(system, cut).utilisation.slice(0, system.parts);
    const profile = served({ ...system, cycle: undefined }, cut).utilisation;
    cycle.forEach((share, station) => {
      expect(Math.abs(profile[station]! - share)).toBeLessThanOrEqual(0.02 * share);
    });
    expect(cycle[0]! > 0).toBe(name !== 'digital');
    // Both lie below the highest rate of the cut.
    for (const share of cycle) expect(share).toBeLessThanOrEqual(0.7);
  });
});

test('of the crossbars it is rate × Σ time of MVMs × their crossbars / crossbars with layers', () => {
  const cut = CUTS.indexOf('analog');
  // Fully connected layers: an MVM a query on one copy; all crossbars that hold layers hold those of this cut.
  const schedule = own.cycle!.schedules[0]![cut]!;
  const copies = schedule.stages.flatMap((stage) => (stage.kind === 'analog' ? [stage] : []));
  expect(copies.length).toBeGreaterThan(1);
  const crossbars = copies.reduce((sum, { replicas, blocks }) => sum + replicas.length * blocks.length, 0);
  const { rate, utilisation } = served(own, cut);
  // 8 input bits; a bit takes the slower of 10 ns on the crossbar and of 256 conversions by 4 converters, or additions.
  const { crossbar, adcBank, shiftAndAdd, crossbars: inCore } = own.cycle!.spec.analogCore!;
  const times = copies.map(({ blocks }) => {
    const conversions = Math.max(...blocks.map(({ columns, groups }) => groups * columns));
    const convert = Math.ceil(conversions / adcBank.count) / 1.2e9;
    const add = Math.ceil((conversions * inCore) / shiftAndAdd.count) / shiftAndAdd.rate!;
    return 8 * Math.max(crossbar.readTime, convert, add);
  });
  const used = copies.reduce(
    (sum, { blocks, tasks }, layer) => sum + tasks * blocks.length * times[layer]!,
    0,
  );
  expect(utilisation[0]! / ((rate * used) / crossbars)).toBeCloseTo(1, 2);
});
