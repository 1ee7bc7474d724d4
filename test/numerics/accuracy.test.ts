import { describe, expect, test } from 'vitest';
import { everyCut, partitionFrom } from '../../src/mapping/partition/index.ts';
import { type AccuracyRequest, measureAccuracy, simulateLogits } from '../../src/numerics/accuracy.ts';
import { PoolCrew } from '../../src/numerics/pool-crew.ts';
import { sarAdc, testSpec } from '../specs.ts';
import { groupedNetwork, sampleImages, signedNetwork, smallLeNet } from './sample-networks.ts';

const IMAGES = 70;
const spec = testSpec({
  cell: {
    program: { type: 'normal', law: 'independent', sigma: 0.03 },
    read: { type: 'normal', law: 'independent', sigma: 0.02 },
    stuckOff: 0.01,
  },
  encoding: { weightSlices: 2 },
  adcBank: { range: 'calibrated' },
});

function request(lowered = smallLeNet(), changes: Partial<AccuracyRequest> = {}): AccuracyRequest {
  return {
    lowered,
    spec,
    partitions: everyCut(lowered.candidates).map((cut) => partitionFrom(cut, lowered.candidates)),
    images: sampleImages(lowered, IMAGES),
    labels: Uint8Array.from({ length: IMAGES }, (_, image) => image % 3),
    calibration: sampleImages(lowered, 10, 1),
    chips: 2,
    seed: 9,
    workers: 2,
    ...changes,
  };
}

describe('a run', () => {
  test('has the same result for 1, 2 and 4 workers', async () => {
    const one = await measureAccuracy(request(smallLeNet(), { workers: 1 }));
    expect(await measureAccuracy(request(smallLeNet(), { workers: 2 }))).toEqual(one);
    expect(await measureAccuracy(request(smallLeNet(), { workers: 4 }))).toEqual(one);
  });

  test('has the same result for 1 and 3 workers with groups that fill no unit', async () => {
    const one = await measureAccuracy(request(groupedNetwork(), { workers: 1 }));
    expect(await measureAccuracy(request(groupedNetwork(), { workers: 3 }))).toEqual(one);
  });

  test('counts what simulateLogits answers, each partition as if it were alone', async () => {
    const { lowered, partitions, images, labels, calibration, seed } = request();
    const result = await measureAccuracy(request());
    const right = (logits: Float32Array) => {
      const outputs = logits.length / IMAGES;
      return Array.from(labels).filter((label, image) => {
        const own = logits.subarray(image * outputs, (image + 1) * outputs);
        return own.indexOf(Math.max(...own)) === label;
      }).length;
    };
    for (const [index, partition] of partitions.entries()) {
      for (const chip of [0, 1]) {
        const logits = await simulateLogits({ lowered, spec, partition, images, calibration, seed, chip });
        expect(result.partitions[index]!.correctPerChip[chip]).toBe(right(logits.partition));
        expect(result.digitalCorrect).toBe(right(logits.digital));
        expect(result.floatCorrect).toBe(right(logits.float));
      }
    }
  });

  test('of many chips begins with the same chips as one of few: rounds change nothing', async () => {
    const lowered = signedNetwork();
    const partitions = [partitionFrom('analog', lowered.candidates)];
    const few = await measureAccuracy(request(lowered, { partitions, chips: 3 }));
    const many = await measureAccuracy(request(lowered, { partitions, chips: 17 }));
    const { correctPerChip } = many.partitions[0]!;
    expect(correctPerChip).toHaveLength(17);
    expect(correctPerChip.slice(0, 3)).toEqual(few.partitions[0]!.correctPerChip);
    expect(new Set(correctPerChip).size).toBeGreaterThan(1);
    expect(many.digitalCorrect).toBe(few.digitalCorrect);
  });

  test('says what it calibrated, by operand, with converters where layers are analog', async () => {
    const lowered = signedNetwork();
    const partitions = [partitionFrom('prefix:1', lowered.candidates)];
    const { calibration } = await measureAccuracy(request(lowered, { partitions }));
    expect(calibration).toHaveLength(9);
    expect(calibration.map((operand) => operand.analog?.converters.length)).toEqual([
      2,
      ...Array(8).fill(undefined),
    ]);
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration);
  });

  test('reports progress up to the end', async () => {
    const steps: [number, number][] = [];
    await measureAccuracy(request(smallLeNet(), { onProgress: (done, total) => steps.push([done, total]) }));
    expect(steps.at(-1)).toEqual([2 * IMAGES, 2 * IMAGES]);
    expect(steps.map(([done]) => done)).toEqual([...steps.map(([done]) => done)].sort((a, b) => a - b));
  });

  test('gives all chips the same answers where nothing is left to chance', async () => {
    const ideal = testSpec({ adcBank: { range: 'calibrated' } });
    const { partitions } = await measureAccuracy(request(smallLeNet(), { spec: ideal, chips: 3 }));
    for (const { correctPerChip } of partitions) expect(new Set(correctPerChip).size).toBe(1);
  });

  test('different chips and seeds give different answers', async () => {
    const one = await measureAccuracy(request());
    const other = await measureAccuracy(request(smallLeNet(), { seed: 10 }));
    expect(other.logitsHash).not.toBe(one.logitsHash);
  });
});

describe('a run that ends early', () => {
  test('is aborted by its signal, and says so', async () => {
    const abort = new AbortController();
    const images = sampleImages(smallLeNet(), 3000);
    const labels = new Uint8Array(3000);
    const running = measureAccuracy(
      request(smallLeNet(), { images, labels, signal: abort.signal, onProgress: () => abort.abort() }),
    );
    await expect(running).rejects.toThrow('the accuracy run was aborted');
  });

  test('does not begin when the signal has come already', async () => {
    await expect(measureAccuracy(request(smallLeNet(), { signal: AbortSignal.abort() }))).rejects.toThrow();
  });

  test('fails with the worker that failed', async () => {
    const { lowered, images, labels, calibration } = request();
    const { network, inputSigned } = lowered;
    const context = { network, inputSigned, spec, partitions: [], seed: 1, collapse: true };
    const crew = new PoolCrew(context, lowered, { images, labels, calibration }, 1, undefined);
    crew.begin({ kind: 'observe', images: 4 });
    await expect(crew.run({ kind: 'program', layer: 99, chip: 0 })).rejects.toThrow(
      'a worker of the accuracy run failed',
    );
    await crew.close();
  });

  test('carries faults of the input out of the worker', async () => {
    const images = sampleImages(smallLeNet(), IMAGES);
    const calibration = sampleImages(smallLeNet(), 4).fill(Number.NaN);
    await expect(measureAccuracy(request(smallLeNet(), { images, calibration }))).rejects.toThrow(
      'activations are not finite on the calibration images',
    );
  });
});

describe('a request that does not fit together', () => {
  const lowered = smallLeNet();
  const cases: [string, Partial<AccuracyRequest>, string][] = [
    [
      'images of another size',
      { images: new Float32Array(145) },
      'images of 145 numbers do not fit an input of 144',
    ],
    ['no images', { images: new Float32Array(0) }, 'no images'],
    ['no calibration images', { calibration: new Float32Array(0) }, 'no calibration images'],
    ['too few labels', { labels: new Uint8Array(3) }, '3 labels for 70 images'],
    ['no chips', { chips: 0 }, 'chips must be a whole number from 1 to 65536, got 0'],
    ['half a worker', { workers: 0.5 }, 'workers must be a whole number from 1 to 512, got 0.5'],
    [
      'analog layers on a chip without crossbars',
      { spec: { ...spec, analogCore: undefined } as AccuracyRequest['spec'] },
      'schedule prefix:1 puts layers on crossbars, test has none',
    ],
    [
      'a converter of one bit under signed sums',
      {
        spec: testSpec({
          adcBank: { adc: sarAdc(1) },
        }),
      },
      'cannot tell the sign of a partial sum',
    ],
  ];
  test.each(cases)('%s', async (_, changes, message) => {
    await expect(measureAccuracy(request(lowered, changes))).rejects.toThrow(message);
  });

  test('an earlier calibration that did not see a layer on crossbars', async () => {
    const { images, calibration: set } = request();
    const common = { lowered, spec, images, seed: 1 };
    const digital = { name: 'digital', analog: [] };
    const { calibration } = await simulateLogits({ ...common, partition: digital, calibration: set });
    const partition = partitionFrom('prefix:1', lowered.candidates);
    await expect(simulateLogits({ ...common, partition, calibration })).rejects.toThrow(
      'has no calibrated converters',
    );
  });

  test('a chip without crossbars answers for digital partitions', async () => {
    const digital = { ...spec, analogCore: undefined } as AccuracyRequest['spec'];
    const partitions = [{ name: 'digital', analog: [] }];
    const result = await measureAccuracy(request(lowered, { spec: digital, partitions }));
    expect(result.partitions[0]!.correctPerChip).toEqual([result.digitalCorrect, result.digitalCorrect]);
  });
});
