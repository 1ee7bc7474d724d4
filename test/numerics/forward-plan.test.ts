import { describe, expect, test } from 'vitest';
import { everyCut, partitionFrom } from '../../src/mapping/partition/index.ts';
import { type ForwardPlan, type Path, planForward } from '../../src/numerics/forward-plan.ts';
import { digitalPath, floatPath } from '../../src/numerics/paths.ts';
import { groupedNetwork, NetworkDraft, signedNetwork, smallLeNet } from './sample-networks.ts';

const networks = { smallLeNet: smallLeNet(), grouped: groupedNetwork(), signed: signedNetwork() };

function cutPaths(
  lowered: ReturnType<typeof smallLeNet>,
  chips: number,
  cuts = everyCut(lowered.candidates),
): Path[] {
  const paths: Path[] = [];
  for (let chip = 0; chip < chips; chip++) {
    for (const cut of cuts) {
      const analog = new Set(partitionFrom(cut, lowered.candidates).analog);
      paths.push({
        float: false,
        mode: (layer) => (analog.has(layer) ? 'analog' : 'digital'),
        chip: () => chip,
      });
    }
  }
  return paths;
}

function count(plan: ForwardPlan, mode: string): number {
  return plan.nodes.filter((node) => node.kind === 'mvm' && node.mode === mode).length;
}

describe('all prefix cuts on several chips', () => {
  const lowered = networks.smallLeNet;
  const n = lowered.candidates.length;
  const plan = planForward(lowered, cutPaths(lowered, 3));

  test('share their analog part: each layer runs once on each chip', () => {
    expect(count(plan, 'analog')).toBe(3 * n);
  });

  test('compute what is digital throughout once for all chips', () => {
    // After a cut behind layer k, layers k + 1 … n are digital for each chip; before any cut they are shared.
    expect(count(plan, 'digital')).toBe(n + (3 * (n * (n - 1))) / 2);
  });

  test('answer each path exactly once', () => {
    const answers = plan.nodes.flatMap((node) => node.answers).sort((a, b) => a - b);
    expect(answers).toEqual(Array.from({ length: 3 * (n + 1) }, (_, path) => path));
  });
});

describe.each(Object.entries(networks))('the memory of %s', (_, lowered) => {
  const paths = [floatPath, ...cutPaths(lowered, 2), ...cutPaths(lowered, 2, ['suffix:1', 'suffix:2'])];
  const plan = planForward(lowered, paths);

  test('no value overwrites another that is still needed', () => {
    const lastUse = plan.nodes.map((_, index) => index);
    plan.nodes.forEach(({ inputs }, index) => {
      for (const input of inputs) if (input >= 0) lastUse[input] = index;
    });
    plan.nodes.forEach((node, index) => {
      expect(node.offset + node.elements).toBeLessThanOrEqual(plan.elements);
      for (let other = 0; other < index; other++) {
        if (lastUse[other]! < index) continue;
        const alive = plan.nodes[other]!;
        const apart =
          alive.offset + alive.elements <= node.offset || node.offset + node.elements <= alive.offset;
        expect(apart, `node ${index} overwrites ${other}`).toBe(true);
      }
    });
  });

  test('is reused: far less than all values together', () => {
    const total = plan.nodes.reduce((sum, { elements }) => sum + elements, 0);
    expect(plan.elements).toBeLessThan(total / 3);
  });

  test('operands are computed before the layers that need them', () => {
    plan.nodes.forEach(({ inputs }, index) => {
      for (const input of inputs) expect(input).toBeLessThan(index);
    });
  });
});

test('a ReLU that only MVM layers read is left to the clip of their grid, but for the float baseline', () => {
  const net = new NetworkDraft([1, 6]);
  const first = net.add('relu', [net.dense(-1, 6)]);
  const second = net.add('relu', [net.dense(first, 6)]);
  const sum = net.add('add', [second, net.dense(second, 6)]);
  net.dense(sum, 3);
  const lowered = net.lower(false);
  const relus = (paths: Path[]) => {
    const { nodes } = planForward(lowered, paths);
    return nodes
      .filter(({ layer }) => lowered.network.layers[layer]?.operator === 'relu')
      .map(({ layer }) => layer);
  };
  expect(relus([floatPath])).toEqual([first, second]);
  expect(relus([digitalPath])).toEqual([second]);
});
