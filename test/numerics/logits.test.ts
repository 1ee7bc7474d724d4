import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulateLogits } from '../../src/numerics/accuracy.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';
import { referenceLogits } from './reference-forward.ts';
import {
  allAnalog,
  groupedNetwork,
  NetworkDraft,
  sampleImages,
  signedNetwork,
  smallLeNet,
} from './sample-networks.ts';

const networks = { smallLeNet: smallLeNet(), grouped: groupedNetwork(), signed: signedNetwork() };
const SEED = 3;
const IMAGES = 2;

async function run(
  name: keyof typeof networks,
  changes: SpecChanges,
  options: { collapse?: boolean; chip?: number } = {},
) {
  const lowered = networks[name];
  const spec = testSpec(changes);
  const images = sampleImages(lowered, IMAGES);
  const calibration = sampleImages(lowered, 8, 1);
  const partition = allAnalog(lowered);
  const logits = await simulateLogits({
    lowered,
    spec,
    partition,
    images,
    calibration,
    seed: SEED,
    ...options,
  });
  const chip = options.chip ?? 0;
  const reference = { lowered, spec, partition, calibration: logits.calibration, seed: SEED, chip };
  return { logits, reference, images };
}

/** A converter that no partial sum here can overrun. */
const enough = { adc: sarAdc(26) };
const schemes = ['differential', 'offset'] as const;
const signedInputs = ['signMagnitude', 'twosComplement', 'positiveThenNegative'] as const;

describe('ideal cells behind converters of enough bits', () => {
  const cases = Object.keys(networks).flatMap((network) =>
    schemes.flatMap((scheme) =>
      [1, 2, 4].flatMap((weightSlices) =>
        [1, 2, 4, 8].map((inputSliceBits) => ({ network, scheme, weightSlices, inputSliceBits })),
      ),
    ),
  ) as { network: keyof typeof networks; scheme: 'offset'; weightSlices: number; inputSliceBits: number }[];

  test.each(cases)(
    '$network, $scheme, $weightSlices weight slices, $inputSliceBits input bits at once: all-analog logits are the all-digital ones, bit for bit',
    async ({ network, ...encoding }) => {
      for (const range of ['max', 'calibrated'] as const) {
        for (const collapse of [true, false]) {
          const { logits } = await run(network, { encoding, adcBank: { ...enough, range } }, { collapse });
          expect(logits.partition).toEqual(logits.digital);
        }
      }
    },
  );

  test('encodings of other than eight bits: collapsed or slice by slice, the same logits', async () => {
    for (const [weightBits, inputBits, inputSliceBits] of [
      [16, 16, 8],
      [16, 12, 1],
      [4, 16, 2],
      [5, 3, 1],
    ] as const) {
      for (const network of Object.keys(networks) as (keyof typeof networks)[]) {
        for (const scheme of schemes) {
          const encoding = { scheme, weightBits, inputBits, inputSliceBits, weightSlices: 4 };
          const adc = { ...enough.adc, bits: 20 };
          const changes = { encoding, adcBank: { adc, range: 'max' } } as const;
          const collapsed = await run(network, changes, { collapse: true });
          const sliced = await run(network, changes, { collapse: false });
          expect(sliced.logits.partition).toEqual(collapsed.logits.partition);
          expect(sliced.logits.partition).toEqual(referenceLogits(sliced.reference, sliced.images));
        }
      }
    }
  });

  test.each(
    signedInputs.flatMap((how) =>
      schemes.flatMap((scheme) => [1, 2, 3].map((inputSliceBits) => ({ how, scheme, inputSliceBits }))),
    ),
  )(
    'signed inputs as $how, $scheme, $inputSliceBits bits at once: what is sent does not matter',
    async ({ how, ...encoding }) => {
      for (const range of ['max', 'calibrated'] as const) {
        const changes = { encoding: { ...encoding, signedInputs: how }, adcBank: { ...enough, range } };
        const { logits } = await run('signed', changes, { collapse: false });
        expect(logits.partition).toEqual(logits.digital);
      }
    },
  );

  test('codes of row blocks that overflow 32 bits together are added all the same', async () => {
    const net = new NetworkDraft([1, 130]);
    net.add('matmul', [-1, { dims: [130, 3], data: new Float32Array(390).fill(1) }]);
    const lowered = net.lower(false);
    const images = new Float32Array(130).fill(1);
    const encoding = { weightBits: 12, inputBits: 16, inputSliceBits: 1 };
    const spec = testSpec({ encoding, crossbar: { rows: 8 }, adcBank: { adc: { ...enough.adc, bits: 16 } } });
    const common = { lowered, spec, partition: allAnalog(lowered), seed: SEED };
    const logits = await simulateLogits({ ...common, images, calibration: images, collapse: false });
    expect(logits.partition).toEqual(
      referenceLogits({ ...common, calibration: logits.calibration, chip: 0 }, images),
    );
    // Every product is 2047 · 32767.
    const { scale } = logits.calibration.grids[0]!.analog;
    expect(logits.partition[0]).toBe(Math.fround(130 * 2047 * 32767 * (scale / 2047)));
  });

  test('converters too wide for 32 bits are a fault', async () => {
    const encoding = { inputBits: 16 };
    const cell = { program: { type: 'normal', law: 'independent', sigma: 0.01 } };
    await expect(run('smallLeNet', { encoding, cell, adcBank: enough })).rejects.toThrow('overflow 32 bits');
  });

  test('the digital logits are the reference, bit for bit', async () => {
    for (const network of Object.keys(networks) as (keyof typeof networks)[]) {
      const { logits, reference, images } = await run(network, {});
      const partition = { name: 'digital', analog: [] };
      expect(logits.digital).toEqual(referenceLogits({ ...reference, partition }, images));
    }
  });
});

const encodings = fc.record({
  scheme: fc.constantFrom(...schemes),
  weightBits: fc.integer({ min: 2, max: 12 }),
  weightSlices: fc.constantFrom(1, 2, 3, 4),
  inputBits: fc.integer({ min: 2, max: 16 }),
  inputSliceBits: fc.constantFrom(1, 2, 3, 5, 8),
  signedInputs: fc.constantFrom(...signedInputs),
  weightScaling: fc.constantFrom('column' as const, 'layer' as const),
});
const chips = fc.record({
  network: fc.constantFrom(...(Object.keys(networks) as (keyof typeof networks)[])),
  encoding: encodings,
  crossbar: fc.record({ rows: fc.constantFrom(7, 16, 64, 256), columns: fc.constantFrom(16, 64, 256) }),
  adcBits: fc.integer({ min: 2, max: 12 }),
  range: fc.constantFrom('max' as const, 'calibrated' as const),
});

function changesOf(chip: typeof chips extends fc.Arbitrary<infer T> ? T : never): SpecChanges {
  const { encoding, crossbar, adcBits, range } = chip;
  return { encoding, crossbar, adcBank: { adc: { ...enough.adc, bits: adcBits }, range, percentile: 99 } };
}

describe('against the cell-by-cell reference', () => {
  test('ideal cells behind lossy converters: the same logits, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(chips, async (chip) => {
        const { logits, reference, images } = await run(chip.network, changesOf(chip), { collapse: false });
        expect(logits.partition).toEqual(referenceLogits(reference, images));
      }),
      { numRuns: 25 },
    );
  });

  const errors: readonly NonNullable<SpecChanges['cell']>[] = [
    { program: { type: 'normal', law: 'independent', sigma: 0.02 } },
    { program: { type: 'uniform', law: 'proportional', sigma: 0.1 }, onOffRatio: 20 },
    { program: { type: 'normal', law: 'inverse', sigma: 0.005 }, onOffRatio: 10 },
    { program: { type: 'pcm', maxConductance: 25e-6 }, stuckOff: 0.02, stuckOn: 0.01 },
    { onOffRatio: 7.3 },
  ];
  test.each(errors.map((cell, index) => ({ cell, index })))(
    'cells with errors ($index): the same logits up to single precision, unless a sum lies on the edge of a code',
    async ({ cell }) => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(chips, fc.nat(5), async (drawn, number) => {
          const changes = { ...changesOf(drawn), cell };
          const { logits, reference, images } = await run(drawn.network, changes, { chip: number });
          const doubted = new Set<number>();
          const expected = referenceLogits(reference, images, { doubt: (image) => doubted.add(image) });
          const outputs = expected.length / IMAGES;
          const scale = Math.max(...expected.map(Math.abs));
          for (let i = 0; i < expected.length; i++) {
            if (doubted.has(Math.floor(i / outputs))) continue;
            compared += 1;
            expect(Math.abs(expected[i]! - logits.partition[i]!)).toBeLessThanOrEqual(1e-6 * scale);
          }
        }),
        { numRuns: 8 },
      );
      expect(compared).toBeGreaterThan(0);
    },
  );
});

describe('calibrated ranges', () => {
  test('of the first layer are the percentile of its partial sums over the calibration images', async () => {
    for (const [network, how] of [
      ...(Object.keys(networks) as (keyof typeof networks)[]).map(
        (network) => [network, 'signMagnitude'] as const,
      ),
      ['signed', 'twosComplement'] as const,
    ]) {
      const changes = {
        encoding: { weightSlices: 2, signedInputs: how },
        adcBank: { adc: { ...enough.adc, bits: 4 }, range: 'calibrated', percentile: 97 },
      } as const;
      const { logits, reference } = await run(network, changes);
      const first = reference.partition.analog[0]!;
      const sums: number[][] = [[], []];
      const calibration = sampleImages(networks[network], 8, 1);
      const unconverted = { ...logits.calibration, ranges: {} };
      referenceLogits({ ...reference, calibration: unconverted }, calibration, {
        sum: (layer, slice, sum) => {
          if (layer === first) sums[slice]!.push(Math.abs(sum));
        },
      });
      sums.forEach((seen, slice) => {
        const sorted = seen.sort((a, b) => a - b);
        const fullScale = sorted[Math.ceil(sorted.length * 0.97) - 1]!;
        const range = logits.calibration.ranges[first]![slice]!;
        expect(range).toEqual({ low: -7, high: 7, lsb: Math.max(1, Math.fround(fullScale / 7)), zero: 0 });
      });
    }
  });
});

describe('read noise', () => {
  const noisy: SpecChanges = {
    cell: {
      program: { type: 'normal', law: 'independent', sigma: 0.01 },
      read: { type: 'normal', law: 'independent', sigma: 0.02 },
    },
    encoding: { weightSlices: 2 },
    adcBank: { range: 'calibrated' },
  };

  test.each(Object.keys(networks) as (keyof typeof networks)[])(
    '%s: is the same however many images are computed at once',
    async (network) => {
      const lowered = networks[network];
      const images = sampleImages(lowered, 13);
      const calibration = sampleImages(lowered, 8, 1);
      const common = { lowered, spec: testSpec(noisy), partition: allAnalog(lowered), images, seed: SEED };
      const one = await simulateLogits({ ...common, calibration, imagesAtOnce: 1 });
      for (const imagesAtOnce of [2, 5, 13]) {
        const many = await simulateLogits({ ...common, calibration: one.calibration, imagesAtOnce });
        expect(many).toEqual(one);
      }
    },
  );

  test('differs between chips, seeds and images', async () => {
    const lowered = networks.smallLeNet;
    const image = sampleImages(lowered, 1);
    const images = new Float32Array(2 * image.length);
    images.set(image);
    images.set(image, image.length);
    const calibration = sampleImages(lowered, 8, 1);
    const common = { lowered, spec: testSpec(noisy), partition: allAnalog(lowered), images, calibration };
    const logits = await Promise.all(
      [
        { seed: 1, chip: 0 },
        { seed: 1, chip: 1 },
        { seed: 2, chip: 0 },
      ].map((choice) => simulateLogits({ ...common, ...choice })),
    );
    const answers = logits.flatMap(({ partition }) => [
      partition.slice(0, 5).join(),
      partition.slice(5).join(),
    ]);
    expect(new Set(answers).size).toBe(6);
  });
});
