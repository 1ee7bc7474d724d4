import { describe, expect, test } from 'vitest';
import { tensor } from '../../src/base/tensor.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { type LoweredNetwork, lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import type { Transition } from '../../src/network/transition.ts';
import { measureAccuracy, simulateLogits } from '../../src/numerics/accuracy.ts';
import { gridsOf } from '../../src/numerics/calibration.ts';
import { testSpec } from '../specs.ts';
import { NetworkDraft, sampleImages, smallLeNet } from './sample-networks.ts';

const spec = testSpec({});
const CHANNELS = 6;
const identity = Float32Array.from({ length: CHANNELS ** 2 }, (_, at) => (at % (CHANNELS + 1) === 0 ? 1 : 0));
const zeros = tensor([CHANNELS], new Float32Array(CHANNELS));

/** A layer for crossbars, a ReLU, and a digital layer that hands on its input: what it answers is what it was given, as its codes. */
function handingOn(kind: 'dense' | 'map'): LoweredNetwork {
  if (kind === 'dense') {
    const net = new NetworkDraft([1, 8]);
    const relu = net.add('relu', [net.dense(-1, CHANNELS)]);
    net.add('matmul', [relu, tensor([CHANNELS, CHANNELS], identity), zeros]);
    return net.lower(false);
  }
  const net = new NetworkDraft([1, 1, 5, 5]);
  const relu = net.add('relu', [net.conv(-1, CHANNELS, 3)]);
  const attributes = { group: 1, strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
  net.add('conv', [relu, tensor([CHANNELS, CHANNELS, 1, 1], identity), zeros], attributes);
  return net.lower(false);
}

function withTransition(lowered: LoweredNetwork, cut: string, transition: Transition): LoweredNetwork {
  const network = { ...lowered.network, transitions: new Map([[cut, transition]]) };
  return lowerNetwork(network, lowered.inputSigned);
}

/** Codes [images][channels][positions] of the digital layer's input. */
async function codes(lowered: LoweredNetwork) {
  const images = sampleImages(lowered, 30);
  const calibration = sampleImages(lowered, 16, 1);
  const partition = partitionFrom('prefix:1', lowered.candidates);
  const logits = await simulateLogits({ lowered, spec, partition, images, calibration, seed: 1 });
  const reader = lowered.candidates[1]!.layer;
  const { digital } = gridsOf(logits.calibration, reader, 0);
  const code = Array.from(logits.partition, (value) => Math.round(value / digital.scale));
  return {
    code,
    grid: digital,
    digital: logits.digital,
    float: logits.float,
    calibration: logits.calibration,
  };
}

const row = (of: (channel: number) => number) =>
  Float32Array.from({ length: CHANNELS }, (_, channel) => of(channel));

describe.each(['dense', 'map'] as const)(
  'a transition between crossbars and digital cores: %s',
  async (kind) => {
    const plain = handingOn(kind);
    const before = await codes(plain);
    const { low, high, scale: step } = before.grid;
    const positions = kind === 'dense' ? 1 : 9;
    const channelOf = (at: number) => Math.floor(at / positions) % CHANNELS;
    const clipped = (code: number) => Math.max(low, Math.min(high, code));

    test('moves every channel by its offset, and scales it', async () => {
      expect(new Set(before.code).size).toBeGreaterThan(20);
      const shift = (channel: number) => 9 * channel - 20;
      const moved = await codes(
        withTransition(plain, 'prefix:1', {
          scale: row(() => 1),
          offset: row((channel) => shift(channel) * step),
        }),
      );
      // What was clipped before may be larger by any amount.
      before.code.forEach((code, at) => {
        if (code < high) expect(moved.code[at]).toBe(clipped(code + shift(channelOf(at))));
      });
      // 255 − x, after the ReLU that has no value of its own.
      const mirrored = await codes(
        withTransition(plain, 'prefix:1', { scale: row(() => -1), offset: row(() => high * step) }),
      );
      expect(mirrored.code).toEqual(before.code.map((code) => high - code));
    });

    test('is for its partition alone: calibration and baselines are those without it', async () => {
      const changed = await codes(
        withTransition(plain, 'prefix:1', { scale: row(() => 0.5), offset: row(() => 0) }),
      );
      expect(changed.code).not.toEqual(before.code);
      expect(changed.calibration).toEqual(before.calibration);
      expect(changed.digital).toEqual(before.digital);
      expect(changed.float).toEqual(before.float);
      const other = await codes(
        withTransition(plain, 'layers:' + plain.network.layers[plain.candidates[0]!.layer]!.name, {
          scale: row(() => 0.5),
          offset: row(() => 0),
        }),
      );
      expect(other.code).toEqual(before.code);
    });

    test('takes two operations of a digital core for each number that passes', () => {
      const operations = (lowered: LoweredNetwork) => {
        const partition = partitionFrom('prefix:1', lowered.candidates);
        return buildSchedule(lowered, partition, spec).stages.reduce(
          (sum, stage) =>
            sum + (stage.kind === 'digital' ? stage.operationsPerPosition * stage.positions : 0),
          0,
        );
      };
      const changed = withTransition(plain, 'prefix:1', { scale: row(() => 1), offset: row(() => 0) });
      expect(operations(changed) - operations(plain)).toBeCloseTo(2 * CHANNELS * positions, 9);
    });
  },
);

test('worker threads compute it too: an identity changes no logit, a loud one does', async () => {
  const lowered = smallLeNet();
  const nine = (scale: number): Transition => ({
    scale: new Float32Array(9).fill(scale),
    offset: new Float32Array(9),
  });
  // The second convolution's nine maps, pooled, are flattened: 36 features.
  const features = (scale: number): Transition => ({
    scale: new Float32Array(36).fill(scale),
    offset: new Float32Array(36),
  });
  const hash = async (subject: LoweredNetwork) => {
    const result = await measureAccuracy({
      ...{ lowered: subject, spec, chips: 1, seed: 1, workers: 2 },
      partitions: [partitionFrom('prefix:2', subject.candidates)],
      images: sampleImages(subject, 6),
      labels: new Uint8Array(6),
      calibration: sampleImages(subject, 8, 1),
    });
    return result.logitsHash;
  };
  const plain = await hash(lowered);
  expect(await hash(withTransition(lowered, 'prefix:2', features(1)))).toBe(plain);
  expect(await hash(withTransition(lowered, 'prefix:2', features(0.2)))).not.toBe(plain);
  const place = { file: 'w.yaml', line: 3, column: 1 };
  expect(() => withTransition(lowered, 'prefix:2', { ...nine(1), place })).toThrow(
    /w\.yaml:3:1.*transition of prefix:2 has 9 scales and 9 offsets, .* has 36 channels/,
  );
  expect(() => withTransition(lowered, 'analog', nine(1))).toThrow(/no layer on digital cores/);
  expect(() => withTransition(lowered, 'prefix:9', { ...nine(1), place })).toThrow(/w\.yaml:3:1/);
});
