import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CalibrationCache, calibrationFolder } from '../../src/calibration-cache.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { measureAccuracy } from '../../src/numerics/accuracy.ts';
import { type CalibrationMemory, gridsKey, rangesKey } from '../../src/numerics/calibration-memory.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';
import { sampleImages, smallLeNet } from './sample-networks.ts';

const lowered = smallLeNet();
const IMAGES = 6;
const set = sampleImages(lowered, 8, 1);

function measured(changes: SpecChanges, calibrations?: CalibrationMemory, calibration = set) {
  return measureAccuracy({
    ...{ lowered, calibration, calibrations, chips: 2, seed: 4, workers: 1 },
    spec: testSpec({ adcBank: { range: 'calibrated', adc: sarAdc(5) }, ...changes }),
    partitions: [partitionFrom('analog', lowered.candidates)],
    images: sampleImages(lowered, IMAGES),
    labels: new Uint8Array(IMAGES),
  });
}

/** Remembers, and says what it was asked. */
class Watched extends CalibrationCache {
  readonly found: boolean[] = [];

  override async read(key: string): Promise<unknown> {
    const value = await super.read(key);
    this.found.push(value !== undefined);
    return value;
  }
}

const noise: SpecChanges = {
  cell: { program: { type: 'normal', law: 'independent', sigma: 0.05 }, stuckOff: 0.01 },
};
const folder = () => mkdtempSync(join(tmpdir(), 'kirchhoff-calibrations-'));

describe('what a calibration found', () => {
  test('is found again for the same network, images and chip, whatever its cells err, and changes nothing', async () => {
    const memory = new Watched();
    const anew = await measured(noise);
    expect(await measured(noise, memory)).toEqual(anew);
    expect(await measured(noise, memory)).toEqual(anew);
    await measured({}, memory);
    expect(memory.found).toEqual([false, false, true, true, true, true]);
  });

  test('is not taken for what something else would have shown', async () => {
    const memory = new Watched();
    await measured({}, memory);
    const changes: SpecChanges[] = [
      { adcBank: { range: 'calibrated', adc: sarAdc(4) } },
      { adcBank: { range: 'calibrated', adc: sarAdc(5), percentile: 99 } },
      { encoding: { weightSlices: 2 } },
      { encoding: { inputSliceBits: 2 } },
      { crossbar: { rows: 16 } },
      { cell: { onOffRatio: 10 } },
    ];
    for (const change of changes) expect(await measured(change, memory)).toEqual(await measured(change));
    expect(memory.found.slice(2)).toEqual(changes.flatMap(() => [true, false]));
    memory.found.length = 0;
    const others = sampleImages(lowered, 8, 2);
    await measured({}, memory, others);
    await measured({ encoding: { inputBits: 6 } }, memory);
    expect(memory.found).toEqual([false, false, false, false]);
  });

  test('belongs to every number of the network and of the images', () => {
    const key = gridsKey(lowered, set, 8);
    const { network } = lowered;
    const layers = network.layers.map((layer) => ({ ...layer, inputs: [...layer.inputs] }));
    const at = layers.findIndex(({ inputs }) => inputs.some((operand) => typeof operand === 'object'));
    const operand = layers[at]!.inputs.findIndex((input) => typeof input === 'object');
    const tensor = layers[at]!.inputs[operand] as { dims: number[]; data: Float32Array };
    const data = Float32Array.from(tensor.data);
    data[data.length - 1]! += 1e-6;
    layers[at]!.inputs[operand] = { ...tensor, data };
    const touched = lowerNetwork({ ...network, layers }, lowered.inputSigned);
    expect(gridsKey(touched, set, 8)).not.toBe(key);
    expect(gridsKey(lowerNetwork(network, !lowered.inputSigned), set, 8)).not.toBe(key);
    const images = Float32Array.from(set);
    images[images.length - 1]! += 1e-6;
    expect(gridsKey(lowered, images, 8)).not.toBe(key);
    expect(gridsKey(lowered, set.slice(), 8)).toBe(key);
    expect(rangesKey(key, testSpec(noise), [0, 1])).toBe(rangesKey(key, testSpec({}), [0, 1]));
    expect(rangesKey(key, testSpec({}), [0])).not.toBe(rangesKey(key, testSpec({}), [0, 1]));
  });

  test('outlives the process in files; a damaged one is written anew', async () => {
    const place = folder();
    const anew = await measured({}, new CalibrationCache(place));
    const names = readdirSync(place);
    expect(names).toHaveLength(2);
    const written = names.map((name) => readFileSync(join(place, name), 'utf8'));
    const later = new Watched(place);
    expect(await measured({}, later)).toEqual(anew);
    expect(later.found).toEqual([true, true]);
    for (const damage of ['', '{', '{"0": [{"low": "x"}]}', '[{"layer": 0}]', 'null']) {
      for (const name of names) writeFileSync(join(place, name), damage);
      expect(await measured({}, new CalibrationCache(place))).toEqual(anew);
      expect(names.map((name) => readFileSync(join(place, name), 'utf8'))).toEqual(written);
    }
  });

  test('needs no folder that can be written', async () => {
    const anew = await measured({});
    expect(await measured({}, new CalibrationCache('/proc/none/of/these'))).toEqual(anew);
  });

  test('does not pile up: beyond 2000 files the older half goes', async () => {
    const place = folder();
    for (let i = 0; i < 2001; i++) {
      const file = join(place, `${i.toString(16).padStart(32, '0')}.json`);
      writeFileSync(file, '0');
      utimesSync(file, i, i);
    }
    writeFileSync(join(place, 'notes.txt'), 'mine');
    await new CalibrationCache(place).keep('a', 1);
    const left = readdirSync(place);
    expect(left).toHaveLength(1001 + 1);
    expect(left).toContain('notes.txt');
    expect(left).not.toContain(`${'0'.padStart(32, '0')}.json`);
    expect(left).toContain(`${(2000).toString(16).padStart(32, '0')}.json`);
  });

  test('lies in the user’s cache folder unless told otherwise', () => {
    expect(calibrationFolder({ KIRCHHOFF_CACHE: 'off' })).toBeUndefined();
    expect(calibrationFolder({ KIRCHHOFF_CACHE: '/a/b' })).toBe('/a/b');
    expect(calibrationFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/kirchhoff');
    expect(calibrationFolder({})).toMatch(/\/\.cache\/kirchhoff$/);
  });
});
