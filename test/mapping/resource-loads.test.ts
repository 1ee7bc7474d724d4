import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routesOf } from '../../src/hardware/routes.ts';
import { type ResourceLoads, resourceLoads } from '../../src/mapping/resource-loads.ts';
import { playInFull } from '../machine/hand-schedule.ts';
import { type ChipShape, chipOf, chips, networkOf, networks, planOf } from '../machine/random-networks.ts';

const PS = 1e12;

/** A chip whose links hold all else up: of one byte a nanosecond, beside buffers and a memory that are faster. */
const slowBus: ChipShape = {
  ...{ tiles: 4, analogCores: 6, crossbars: 1, digitalCores: 2, rows: 12, converters: 4, sharedBy: 'core' },
  ...{ inputSliceBits: 8, buffer: 16e9, bufferCapacity: 1 << 20, link: 1e9, memory: 8e9, type: 'bus' },
  ...{ sampleRate: 1e8, count: 1, accumulators: 'vectorUnit', cycle: 0, weights: 1 << 20, batch: 0 },
};

describe('work of an inference for what is shared', () => {
  // The machine is the oracle: what it tells of one inference, added up by unit. A transfer takes whole ticks there.
  test('is what a play of one inference keeps the busiest unit busy', () => {
    const bound = new Set<string>();
    fc.assert(
      fc.property(networks, chips, fc.constantFrom('all', 'first', 'none'), (network, chip, split) => {
        const spec = chipOf({ ...chip, batch: 0, weights: 1 << 20 });
        const schedule = planOf(networkOf(network), spec, split);
        fc.pre(schedule !== undefined);
        const loads = resourceLoads(schedule, spec, routesOf(spec));
        const { told, run } = playInFull(schedule, spec, 1);
        const busy = (components: readonly string[]) => {
          const units = new Map<string, { ticks: number; holds: number }>();
          for (const { component, unit, start, end } of told) {
            if (!components.includes(component)) continue;
            const key = `${component} ${unit}`;
            const { ticks, holds } = units.get(key) ?? { ticks: 0, holds: 0 };
            units.set(key, { ticks: ticks + end - start, holds: holds + 1 });
          }
          return [...units.values()].reduce((a, b) => (b.ticks > a.ticks ? b : a), { ticks: 0, holds: 0 });
        };
        const agrees = (resource: keyof ResourceLoads, components: readonly string[]) => {
          const { ticks, holds } = busy(components);
          expect(Math.abs(loads[resource] * PS - ticks), resource).toBeLessThanOrEqual(0.5 * holds + 1);
          if (loads[resource] === Math.max(...Object.values(loads))) bound.add(resource);
        };
        agrees('memoryPort', ['memory']);
        agrees('bufferPorts', ['buffer']);
        // Any digital core may take a task, near or far.
        if (schedule.stages.every(({ kind }) => kind !== 'digital'))
          agrees('links', ['interconnect', 'chipLink']);
        const cores = run.occupancy.find(({ resource }) => resource === 'digitalCores')!;
        const pooled = cores.busy / cores.servers;
        expect(loads.digitalCores * PS).toBeGreaterThanOrEqual(pooled - told.length);
        // No answer comes before the busiest has done its work.
        expect(Math.max(loads.crossbars, loads.adcBanks) * PS).toBeLessThanOrEqual(run.elapsed + told.length);
      }),
      { numRuns: 150, examples: [[{ side: 7, steps: [], head: false, before: 0 }, slowBus, 'all']] },
    );
    expect([...bound].sort()).toEqual(['bufferPorts', 'links', 'memoryPort']);
  });
});
