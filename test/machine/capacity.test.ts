import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { playInFull, type Told } from './hand-schedule.ts';
import { chipOf, chips, networkOf, networks, planOf, policyNames, splits } from './random-networks.ts';

const plays = fc.record({
  network: networks,
  chip: chips,
  split: splits,
  policy: policyNames,
  inferences: fc.integer({ min: 1, max: 4 }),
});

describe('no resource does two things at a time', () => {
  test('ports, links, crossbars and digital cores, tick by tick', () => {
    const used = new Set<string>();
    fc.assert(
      fc.property(plays, ({ network, chip, split, policy, inferences }) => {
        const spec = chipOf(chip);
        const schedule = planOf(networkOf(network), spec, split);
        fc.pre(schedule !== undefined);
        const taskPolicy = taskPolicies.get(policy);
        const { run, told } = playInFull(schedule, spec, inferences, { taskPolicy, fastForward: false });
        const holds = new Map<string, (readonly [number, number])[]>();
        for (const activity of told) {
          const resource = resourceOf(activity);
          if (resource === undefined || activity.end === activity.start) continue;
          used.add(activity.component);
          holds.set(resource, [...(holds.get(resource) ?? []), [activity.start, activity.end]]);
        }
        for (const [resource, intervals] of holds) {
          intervals.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          const overlap = intervals.findIndex(([start], at) => at > 0 && start < intervals[at - 1]![1]);
          // Nothing goes on for longer than the machine says.
          expect(intervals.at(-1)![1]).toBeLessThanOrEqual(run.elapsed);
          expect(overlap, `${resource} ${intervals[overlap - 1]} and ${intervals[overlap]}`).toBe(-1);
        }
        for (const { resource, busy, servers } of run.occupancy)
          expect(busy, resource).toBeLessThanOrEqual(run.elapsed * servers);
      }),
      { numRuns: 150 },
    );
    for (const component of ['memory', 'buffer', 'interconnect', 'crossbar', 'macArray', 'vectorUnit'])
      expect(used).toContain(component);
  });

  test('as many ticks of ports and links are told as the machine says they were busy', () => {
    fc.assert(
      fc.property(plays, ({ network, chip, split, policy, inferences }) => {
        const spec = chipOf(chip);
        const schedule = planOf(networkOf(network), spec, split);
        fc.pre(schedule !== undefined);
        const { run, told } = playInFull(schedule, spec, inferences, {
          ...{ taskPolicy: taskPolicies.get(policy), fastForward: false },
        });
        const busy = (component: string) =>
          told
            .filter((activity) => activity.component === component)
            .reduce((sum, { start, end }) => sum + end - start, 0);
        const said = new Map(run.occupancy.map(({ resource, busy: ticks }) => [resource, ticks]));
        expect(busy('memory')).toBe(said.get('memoryPort'));
        expect(busy('buffer')).toBe(said.get('bufferPorts'));
        expect(busy('interconnect') + busy('chipLink')).toBe(said.get('links'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('dynamic energy', () => {
  // What an inference does is in its schedule: no policy, no pace and no neighbour changes how often anything happens. Where
  // a task of a digital core goes may depend on them, and with it the way that its bytes take: links apart. Weights that a
  // core reads anew when it turns to another layer, and crossbars programmed once a batch, are no matter of one inference.
  test('does not depend on the order of events', () => {
    fc.assert(
      fc.property(
        plays,
        fc.constantFrom(...taskPolicies.names),
        ({ network, chip, split, policy, inferences }, other) => {
          const spec = chipOf({ ...chip, weights: 1 << 20, batch: 0 });
          const schedule = planOf(networkOf(network), spec, split);
          fc.pre(schedule !== undefined);
          const table = actionTable(inventory(spec));
          const wander = schedule.stages.some(({ kind }) => kind === 'digital');
          const countsOf = (name: string, count: number) => {
            const counts = new Map<string, number>();
            playSchedule(schedule, spec, table, {
              ...{ inferences: count, taskPolicy: taskPolicies.get(name), fastForward: false },
              sink: {
                record(action, _unit, often, _start, _end, stage) {
                  const part = table.components[table.actions[action]!.component]!.name;
                  if (wander && (part === 'interconnect' || part === 'chipLink')) return;
                  const key = `${part} ${table.actions[action]!.name} ${stage}`;
                  counts.set(key, (counts.get(key) ?? 0) + often / count);
                },
              },
            });
            return counts;
          };
          const [a, b] = [countsOf(policy, inferences), countsOf(other, 1)];
          expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
          for (const [key, often] of a)
            expect(Math.abs(often - b.get(key)!), key).toBeLessThanOrEqual(1e-12 * often);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** What an activity holds; undefined for what goes on at the same time as another that is told of the same unit. */
function resourceOf({ component, action, unit, stage }: Told): string | undefined {
  if (component === 'memory') return 'memory port';
  if (component === 'buffer') return `port of tile ${unit}`;
  if (component === 'interconnect' || component === 'chipLink') return `${component} ${unit}`;
  if (component === 'crossbar' && action === 'read') return `copy ${unit} of stage ${stage}`;
  // The weights of a core stream in while its array works.
  if (component === 'macArray' || component === 'vectorUnit') return `digital core ${unit}`;
  return undefined;
}
