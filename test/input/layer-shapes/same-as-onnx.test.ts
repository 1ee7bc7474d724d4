import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArchitecture } from '../../../src/input/architecture.ts';
import { readLayerShapes } from '../../../src/input/layer-shapes/read-layer-shapes.ts';
import { readOnnx } from '../../../src/input/onnx/read-onnx.ts';
import { buildSchedule } from '../../../src/mapping/build-schedule.ts';
import { lowerNetwork, networkMacs } from '../../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../../src/mapping/partition/index.ts';
import type { Schedule } from '../../../src/mapping/schedule.ts';

const models = new URL('../../../workloads/models/', import.meta.url).pathname;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kirchhoff-shapes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lenet5 = `
name: lenet5
input: { shape: [1, 28, 28], signed: false }
layers:
  - { type: conv, outputs: 6, kernel: 5, padding: 2, activation: relu }
  - { type: pool, of: max, kernel: 2 }
  - { type: conv, outputs: 16, kernel: 5, activation: relu }
  - { type: pool, of: max, kernel: 2 }
  - { type: flatten }
  - { type: dense, outputs: 120, activation: relu }
  - { type: dense, outputs: 84, activation: relu }
  - { type: dense, outputs: 10 }
`;

/** ResNet-14 of workloads/: three stages of two blocks, the second and third with a strided shortcut. */
const resnet14 = `
name: resnet14
input: { shape: [1, 28, 28], signed: false }
layers:
  - { type: conv, outputs: 16, kernel: 3, padding: 1, batchNorm: true, activation: relu }
  - type: residual
    times: 2
    layers:
      - { type: conv, outputs: 16, kernel: 3, padding: 1, batchNorm: true, activation: relu }
      - { type: conv, outputs: 16, kernel: 3, padding: 1, batchNorm: true }
    activation: relu
${[32, 64]
  .map(
    (width) => `
  - type: residual
    layers:
      - { type: conv, outputs: ${width}, kernel: 3, stride: 2, padding: 1, batchNorm: true, activation: relu }
      - { type: conv, outputs: ${width}, kernel: 3, padding: 1, batchNorm: true }
    shortcut:
      - { type: conv, outputs: ${width}, kernel: 1, stride: 2, batchNorm: true }
    activation: relu
  - type: residual
    layers:
      - { type: conv, outputs: ${width}, kernel: 3, padding: 1, batchNorm: true, activation: relu }
      - { type: conv, outputs: ${width}, kernel: 3, padding: 1, batchNorm: true }
    activation: relu`,
  )
  .join('')}
  - { type: globalPool, of: mean }
  - { type: dense, outputs: 10 }
`;

/** Everything of a schedule but names and numbers of layers. */
function unnamed(schedule: Schedule) {
  return schedule.stages.map(({ name: _, layers: __, ...stage }) => stage);
}

test.each([
  ['lenet5', lenet5],
  ['resnet14', resnet14],
])('%s described by its shapes has the schedules of its ONNX file', async (name, text) => {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, text);
  const described = lowerNetwork((await readLayerShapes(file)).network, false);
  const imported = lowerNetwork(await readOnnx(`${models}${name}.onnx`), false);
  expect(networkMacs(described)).toBe(networkMacs(imported));
  const { value: spec } = await readArchitecture('arch/hybrid-edge.yaml');
  for (const cut of ['digital', 'prefix:2', 'analog']) {
    const [own, reference] = [described, imported].map((lowered) =>
      buildSchedule(lowered, partitionFrom(cut, lowered.candidates), spec),
    );
    expect(unnamed(own!)).toEqual(unnamed(reference!));
  }
});

const vitTiny = `
name: vit-tiny
parameters: { features: 64, heads: 4 }
input: { shape: [1, 28, 28], signed: false }
layers:
  - { type: conv, outputs: features, kernel: 4, stride: 4 }
  - { type: tokens }
  - { type: positionEmbedding }
  - type: block
    times: 3
    layers:
      - type: residual
        layers:
          - { type: layerNorm, name: norm }
          - { type: dense, name: query, outputs: features, from: norm }
          - { type: dense, name: key, outputs: features, from: norm }
          - { type: dense, name: value, outputs: features, from: norm }
          - { type: scores, from: query, key: key, heads: heads }
          - { type: softmax }
          - { type: weightedSum, value: value }
          - { type: dense, outputs: features }
      - type: residual
        layers:
          - { type: layerNorm }
          - { type: dense, outputs: 2 * features, activation: gelu }
          - { type: dense, outputs: features }
  - { type: layerNorm }
  - { type: globalPool, of: mean }
  - { type: dense, outputs: 10 }
`;

test('the attention of vit-tiny is that of its ONNX file, layer for layer', async () => {
  const file = join(folder, 'vit-tiny.yaml');
  await writeFile(file, vitTiny);
  const described = lowerNetwork((await readLayerShapes(file)).network, false);
  const imported = lowerNetwork(await readOnnx(`${models}vit_tiny.onnx`), false);
  // Exporters write the keys' layers in another order: compared as a multiset.
  const work = ({ network, lowerings }: typeof described) =>
    lowerings
      .map((lowering, index) => {
        const { operator, outputShape } = network.layers[index]!;
        const { kind, positions } = lowering;
        const matrix = lowering.kind === 'mvm' ? [lowering.groups, lowering.rows, lowering.columns] : [];
        const operations = lowering.kind === 'vector' ? lowering.operations : 0;
        return JSON.stringify({ operator, outputShape, kind, positions, matrix, operations });
      })
      .sort();
  expect(work(described)).toEqual(work(imported));
  expect(described.signed.filter(Boolean)).toHaveLength(imported.signed.filter(Boolean).length);
});
