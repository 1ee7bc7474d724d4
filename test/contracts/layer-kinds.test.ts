import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layerKinds } from '../../src/input/layer-shapes/index.ts';
import { readLayerShapes } from '../../src/input/layer-shapes/read-layer-shapes.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kirchhoff-layer-kinds-'));
});
afterAll(() => rm(folder, { recursive: true }));

const map = [4, 6, 6];
const sequence = [5, 8];

/** One line of every kind with its least keys: what it takes, and what it yields. */
const examples: Readonly<
  Record<string, { takes: readonly number[]; keys: object; yields: readonly number[] }>
> = {
  conv: { takes: map, keys: { outputs: 7, kernel: 3 }, yields: [7, 4, 4] },
  dense: { takes: sequence, keys: { outputs: 7 }, yields: [5, 7] },
  pool: { takes: map, keys: { of: 'max', kernel: 2 }, yields: [4, 3, 3] },
  globalPool: { takes: map, keys: { of: 'mean' }, yields: [4] },
  flatten: { takes: map, keys: {}, yields: [144] },
  batchNorm: { takes: map, keys: {}, yields: map },
  layerNorm: { takes: sequence, keys: {}, yields: sequence },
  activation: { takes: map, keys: { function: 'relu' }, yields: map },
  add: { takes: map, keys: { with: ['input'] }, yields: map },
  multiply: { takes: map, keys: { by: 'input' }, yields: map },
  concat: { takes: map, keys: { with: ['input'] }, yields: [8, 6, 6] },
  embedding: { takes: [5], keys: { entries: 11, features: 8 }, yields: [5, 8] },
  positionEmbedding: { takes: sequence, keys: {}, yields: sequence },
  prependToken: { takes: sequence, keys: {}, yields: [6, 8] },
  selectToken: { takes: sequence, keys: {}, yields: [8] },
  tokens: { takes: map, keys: {}, yields: [36, 4] },
  scores: { takes: sequence, keys: { key: 'input', heads: 2 }, yields: [2, 5, 5] },
  softmax: { takes: sequence, keys: {}, yields: sequence },
  weightedSum: { takes: [], keys: { value: 'input' }, yields: sequence },
};

describe.each(layerKinds.parts.map(({ name }) => name))('layer kind %s', (type) => {
  const example = examples[type];

  async function read(keys: object) {
    const { takes } = example!;
    // Weights of a weighted sum have four axes, which no input has.
    const before = takes.length > 0 ? [] : [{ type: 'scores', key: 'input', heads: 2 }];
    const shape = takes.length > 0 ? takes : sequence;
    const file = join(folder, `${type}.yaml`);
    await writeFile(
      file,
      JSON.stringify({ name: 'one', input: { shape }, layers: [...before, { type, ...keys }] }),
    );
    return readLayerShapes(file);
  }

  test('has an example here, and builds layers that hardware understands', async () => {
    expect(example, 'add one to this file').toBeDefined();
    const { network } = await read(example!.keys);
    expect(network.layers[network.output]!.outputShape).toEqual([1, ...example!.yields]);
    expect(lowerNetwork(network, true).lowerings).toHaveLength(network.layers.length);
  });

  test('takes a name for reports, and refuses unknown keys and unknown sources', async () => {
    const { network } = await read({ ...example!.keys, name: 'mine' });
    expect(network.layers.some(({ name }) => name === 'mine' || name.startsWith('mine.'))).toBe(true);
    await expect(read({ ...example!.keys, nonsense: 1 })).rejects.toThrow(/nonsense: unknown key/);
    await expect(read({ ...example!.keys, from: 'nowhere' })).rejects.toThrow(
      /from: no layer "nowhere" before this/,
    );
  });
});
