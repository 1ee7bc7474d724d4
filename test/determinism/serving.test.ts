import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CalibrationMemory } from '../../src/numerics/calibration-memory.ts';
import { comparePolicies } from '../../src/experiment/serving/comparison.ts';
import { ROOT } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const scenario = join(folder, 'two.yaml');
writeFileSync(
  scenario,
  `name: two models on two chips
models:
  - workload: ${join(ROOT, 'workloads/mlp-relu.yaml')}
    cuts: [digital, analog]
    deadline: 8 * latency
    accuracy: {digital: 90 %, analog: 85 %}
  - workload: ${join(ROOT, 'workloads/mlp-sigmoid.yaml')}
    cuts: [digital, analog]
    deadline: 12 * latency
    accuracy: {digital: 91 %, analog: 80 %}
devices: 2
load: {type: mmpp, low: 0.4 * capacity, high: 1.3 * capacity, lowDwell: 200 * interval, highDwell: 100 * interval}
duration: 1000 * interval
window: 100 * interval
line: {capacity: 100}
replications: 2
policies:
  two-level: {window: {type: forecast}, request: [{type: edf}, {type: in-time}, {type: early-drop}]}
  threshold: {window: {type: threshold}, request: [{type: aimd}, {type: least-loaded}]}
  digital: {window: {type: static, cut: digital}}
  clairvoyant: {window: {type: clairvoyant}}
`,
);

/** Keeps what was measured of each cut: what is compared is what is served. */
class Memory implements CalibrationMemory {
  readonly #kept = new Map<string, unknown>();

  read(key: string): Promise<unknown> {
    return Promise.resolve(this.#kept.get(key));
  }

  keep(key: string, value: unknown): Promise<void> {
    this.#kept.set(key, value);
    return Promise.resolve();
  }
}

const memory = new Memory();
const compare = (workers: number, policies: readonly string[] = []) =>
  comparePolicies({
    architecture: join(ROOT, 'arch/hybrid-edge.yaml'),
    ...{ scenarios: [scenario], overrides: [], policies, sweep: [0.5], seed: 1, workers, memory },
  });

describe('compare', async () => {
  const one = await compare(1);
  const all = one.scenarios[0]!.policies;
  const names = all.map(({ name }) => name);

  test('gives the same bytes with 3 workers as with 1', async () => {
    expect(JSON.stringify(await compare(3))).toBe(JSON.stringify(one));
    // That the bytes say something: every policy fares in a way of its own.
    expect(new Set(all.map(({ models }) => JSON.stringify(models))).size).toBe(all.length);
  });

  test.each([
    ['backwards', [...names].reverse()],
    ['alone', names.slice(1, 2)],
  ])('named %s, policies have the same figures', async (_, order) => {
    const { policies } = (await compare(1, order)).scenarios[0]!;
    expect(policies.map(({ name }) => name)).toEqual(order);
    // The best of all is another one than the best of some.
    for (const { againstFirst, againstBest: _best, ...figures } of policies) {
      const {
        againstFirst: __,
        againstBest: ___,
        ...before
      } = all.find(({ name }) => name === figures.name)!;
      expect(figures).toEqual(before);
      if (figures.name === order[0]) expect(againstFirst).toMatchObject({ mean: 0 });
    }
    if (order.length === 1) return;
    // How far one is ahead of another, the other is behind it.
    const [ahead, behind] = [all.at(-1)!.againstFirst!, policies.at(-1)!.againstFirst!];
    expect(ahead.mean).not.toBe(0);
    expect(ahead.mean).toBeCloseTo(-behind.mean, 14);
    expect(ahead.interval95).toBeCloseTo(behind.interval95!, 14);
  });
});
