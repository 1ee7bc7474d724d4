import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { readModel } from '../../src/input/onnx/read-onnx.ts';
import { preprocessingSteps } from '../../src/input/preprocessing.ts';
import { readWorkload } from '../../src/input/workload.ts';
import { lowerNetwork, networkMacs } from '../../src/mapping/lowered-network.ts';

const workloads = new URL('../../workloads/', import.meta.url).pathname;
const names = ['mlp-sigmoid', 'mlp-relu', 'lenet5', 'vgg8', 'resnet14', 'dscnn', 'vit-tiny'];

describe('the workloads of the repository', () => {
  test.each(names)('%s reads, and its files are there', async (name) => {
    const { value, hash } = await readWorkload(`${workloads}${name}.yaml`);
    expect(value.name).toBe(name);
    expect(value.model).toMatch(/^\/.*\/workloads\/models\/[a-z0-9_]+\.onnx$/);
    expect(value.classes).toBe(10);
    expect(value.referenceAccuracy).toBeGreaterThan(0.85);
    expect(value.origin).toContain('PyTorch');
    expect(value.citation).toContain('MIT');
    expect(value.preprocessing[0]!.type).toBe('scale');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the table of the README says what the files say', async () => {
    const readme = await readFile(`${workloads}README.md`, 'utf8');
    for (const name of names) {
      const { value } = await readWorkload(`${workloads}${name}.yaml`);
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}.yaml\``))!;
      expect(row).toContain(`${(value.referenceAccuracy! * 100).toFixed(2)} %`);
    }
    for (const name of names) {
      const { value } = await readWorkload(`${workloads}${name}.yaml`);
      const lowered = lowerNetwork((await readModel(value.model)).network, true);
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}.yaml\``))!;
      const [layers, macs] = row.split('|').slice(3, 5);
      expect([Number(layers), Number(macs!.replaceAll(',', ''))]).toEqual([
        lowered.candidates.length,
        networkMacs(lowered),
      ]);
    }
    for (const { name, summary } of preprocessingSteps.parts) {
      expect(readme).toContain(`| \`${name}\` | ${summary} |`);
    }
  });
});

describe('bad workloads', () => {
  let folder = '';
  let good = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kirchhoff-workloads-'));
    good = (await readFile(`${workloads}lenet5.yaml`, 'utf8')).replaceAll(
      /(models|data)\//g,
      `${workloads}$1/`,
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function messageOf(text: string): Promise<string> {
    const file = join(folder, 'spec.yaml');
    await writeFile(file, text);
    try {
      await readWorkload(file);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.message
        .split('\n')
        .filter((line) => !line.startsWith('  '))
        .join('\n')
        .replaceAll(file, 'FILE')
        .replaceAll(workloads, 'WORKLOADS/')
        .replaceAll(folder, 'FOLDER');
    }
    throw new Error('the workload was accepted');
  }

  test('absolute paths are fine', async () => {
    const file = join(folder, 'good.yaml');
    await writeFile(file, good);
    expect((await readWorkload(file)).value.model).toBe(`${workloads}models/lenet5.onnx`);
  });

  test.each([
    [
      'a missing model',
      ['lenet5.onnx', 'lenet6.onnx'],
      'FILE:4:8 model: WORKLOADS/models/lenet6.onnx: no such file (did you mean lenet5.onnx?)',
    ],
    [
      'a model that is a folder',
      ['models/lenet5.onnx', 'models'],
      'FILE:4:8 model: WORKLOADS/models is a folder (name a file)',
    ],
    [
      'no model',
      [/^model:.*$/m, ''],
      'FILE:2:1: missing key model (add model: … # ONNX file; paths are relative to this file)',
    ],
    [
      'an unknown data set',
      ['type: idx', 'type: idy'],
      'FILE:7:9 dataset.type: unknown type "idy" (did you mean idx? known: idx)',
    ],
    [
      'accuracy over 100 %',
      [/referenceAccuracy:.*/, 'referenceAccuracy: 120 %'],
      /^FILE:\d+:20 referenceAccuracy: 1.2 is too large \(at most 1\)$/,
    ],
    ['one class', ['classes: 10', 'classes: 1'], /^FILE:\d+:10 classes: 1 is too small \(at least 2\)$/],
    [
      'an unknown step',
      ['type: scale', 'type: scales'],
      /^FILE:\d+:\d+ preprocessing\[0\].type: unknown type "scales" \(did you mean scale\? known: .*\)$/,
    ],
    ['a list of data sets', ['type: idx', '- idx'], /^FILE:\d+:\d+: /],
    [
      'a misspelt key',
      ['classes:', 'clases:'],
      /clases: unknown key \(did you mean classes\? known: name, description, model,/,
    ],
  ] as const)('%s', async (_, [find, replace], says) => {
    const message = await messageOf(good.replace(find, replace));
    if (typeof says === 'string') expect(message).toBe(says);
    else expect(message).toMatch(says);
  });

  test('all missing files are told at once, also where a folder is missing', async () => {
    const message = await messageOf(good.replaceAll(`${workloads}data/`, 'data/'));
    expect(message.split('\n')).toHaveLength(4);
    expect(message).toContain('FOLDER/data/fashion-mnist/t10k');
    expect(message).toContain('no such file (paths are relative to this file)');
  });
});
