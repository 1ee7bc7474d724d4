import { beforeAll, describe, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { readNpy } from '../../src/input/npy.ts';
import { areaWeights, createPreprocessing, preprocessingSteps } from '../../src/input/preprocessing.ts';

const oracles = new URL('../oracles/onnx/', import.meta.url).pathname;
const scale = { type: 'scale', factor: 1 / 255 };

beforeAll(loadUnits);

describe('area resampling', () => {
  test('from 28 to 20 is the reference matrix', async () => {
    const { dims, data } = await readNpy(`${oracles}area_28to20.npy`);
    expect(dims).toEqual([20, 28]);
    areaWeights(28, 20).forEach((weight, i) => {
      expect(weight).toBeCloseTo(data[i]!, 14);
    });
  });

  test('equals the reference inputs to the last bit of float32, but for a few', async () => {
    const images = await readNpy(`${oracles}test64_u8.npy`);
    const inputs = await readNpy(`${oracles}test64_mlp_input.npy`);
    const steps = [scale, { type: 'resize-area', height: 20, width: 20 }, { type: 'flatten' }];
    const preprocessing = createPreprocessing(steps, [28, 28]);
    expect(preprocessing.shape).toEqual([400]);
    let different = 0;
    let worst = 0;
    for (let image = 0; image < 64; image++) {
      const sample = preprocessing.run(images.data.subarray(image * 784, (image + 1) * 784) as Uint8Array);
      sample.forEach((value, i) => {
        const error = Math.abs(value - inputs.data[image * 400 + i]!);
        worst = Math.max(worst, error);
        if (error > 0) different += 1;
      });
    }
    // The order of a sum in double precision may tip a rounding to float32.
    expect(worst).toBeLessThan(1e-7);
    expect(different).toBeLessThan(10);
  });

  test('keeps the mean, up and down, whole and fractional', () => {
    for (const [from, to] of [
      [28, 14],
      [28, 20],
      [5, 7],
      [7, 5],
      [3, 3],
      [1, 4],
      [6, 1],
    ] as const) {
      const weights = areaWeights(from, to);
      for (let i = 0; i < to; i++) {
        const row = weights.subarray(i * from, (i + 1) * from).reduce((a, b) => a + b, 0);
        expect(row).toBeCloseTo(1, 12);
      }
      for (let k = 0; k < from; k++) {
        let column = 0;
        for (let i = 0; i < to; i++) column += weights[i * from + k]!;
        expect(column).toBeCloseTo(to / from, 12);
      }
    }
  });

  test('takes grey images only', () => {
    expect(() => createPreprocessing([{ type: 'resize-area', height: 2, width: 2 }], [4, 4, 3])).toThrow(
      'resize-area takes images [H, W], got [4, 4, 3]',
    );
  });
});

describe('other steps', () => {
  const image = Uint8Array.of(0, 51, 102, 255);

  test('scale divides bytes as float32 arithmetic does', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const scaled = createPreprocessing([scale], [16, 16]).run(all);
    all.forEach((byte, i) => {
      expect(scaled[i]).toBe(Math.fround(byte / 255));
    });
    expect(createPreprocessing([{ type: 'scale', factor: 0.3 }], [2, 2]).run(image)[1]).toBeCloseTo(15.3, 5);
  });

  test('without steps, bytes become numbers', () => {
    const plain = createPreprocessing([], [2, 2]);
    expect(plain.shape).toEqual([2, 2]);
    expect(Array.from(plain.run(image))).toEqual([0, 51, 102, 255]);
  });

  test('normalize with one mean or one a channel', () => {
    const one = createPreprocessing([{ type: 'normalize', mean: [51], std: [102] }], [2, 2]);
    expect(Array.from(one.run(image))).toEqual([-0.5, 0, 0.5, 2]);
    const steps = [{ type: 'channels-first' }, { type: 'normalize', mean: [0, 10], std: [1, 2] }];
    const two = createPreprocessing(steps, [1, 2, 2]);
    expect(two.shape).toEqual([2, 1, 2]);
    // [H, W, C] = (0, 51), (102, 255) → channel 0: 0, 102; channel 1: (51 − 10) / 2, (255 − 10) / 2
    expect(Array.from(two.run(image))).toEqual([0, 102, 20.5, 122.5]);
    const wrong = [{ type: 'channels-first' }, { type: 'normalize', mean: [1, 2, 3], std: [1] }];
    expect(() => createPreprocessing(wrong, [1, 2, 2])).toThrow(
      'mean has 3 numbers for 2 channels (one, or one a channel)',
    );
  });

  test('add-channel and flatten change the shape alone', () => {
    const steps = [{ type: 'add-channel' }, scale, { type: 'flatten' }];
    expect(createPreprocessing([steps[0]!], [2, 2]).shape).toEqual([1, 2, 2]);
    const flat = createPreprocessing(steps, [2, 2]);
    expect(flat.shape).toEqual([4]);
    expect(Array.from(flat.run(image))).toEqual([0, 51, 102, 255].map((byte) => Math.fround(byte / 255)));
  });

  test('runs do not disturb each other, and an image of another size is refused', () => {
    const preprocessing = createPreprocessing([scale], [2, 2]);
    const first = preprocessing.run(image);
    preprocessing.run(Uint8Array.of(9, 9, 9, 9));
    expect(first[3]).toBe(1);
    expect(() => preprocessing.run(new Uint8Array(5))).toThrow(/has 4 bytes, got 5/);
  });

  test('an unknown step names the nearest', () => {
    expect(() => createPreprocessing([{ type: 'normalise' }], [2, 2])).toThrow('did you mean normalize?');
  });
});

describe('schemas', () => {
  test.each([
    [{ type: 'scale', factor: '1/255' }, true],
    [{ type: 'scale' }, true],
    [{ type: 'scale', factr: 1 }, false],
    [{ type: 'normalize', mean: [0.5], std: [0.5] }, true],
    [{ type: 'normalize', mean: [0.5], std: [0] }, false],
    [{ type: 'normalize', mean: [], std: [1] }, false],
    [{ type: 'resize-area', height: 20, width: 20 }, true],
    [{ type: 'resize-area', height: 0, width: 20 }, false],
    [{ type: 'flatten' }, true],
    [{ type: 'flatten', axis: 1 }, false],
  ])('%o', (written, good) => {
    expect(preprocessingSteps.get(written.type).schema.safeParse(written).success).toBe(good);
  });
});
