import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../src/input/onnx/read-onnx.ts';
import { readSamples } from '../../src/input/samples.ts';
import { readWorkload } from '../../src/input/workload.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { measureAccuracy, simulateLogits } from '../../src/numerics/accuracy.ts';
import { sarAdc, testSpec } from '../specs.ts';
import { allAnalog } from './sample-networks.ts';

/** Images by how long one takes. */
const workloads = [
  ...['mlp-sigmoid', 'mlp-relu', 'lenet5'].map((name) => [name, 1000] as const),
  ...['vgg8', 'resnet14', 'dscnn', 'vit-tiny'].map((name) => [name, 400] as const),
];

async function load(name: string, count: number) {
  const file = new URL(`../../workloads/${name}.yaml`, import.meta.url).pathname;
  const { value } = await readWorkload(file);
  const network = await readOnnx(value.model);
  const samples = await readSamples(value, network.input.shape, count);
  return { ...samples, lowered: lowerNetwork(network, samples.signed), reference: value.referenceAccuracy! };
}

describe('the sample networks', () => {
  test.each(workloads)(
    '%s: int8 answers are right within 0.5 points of float32 on %i images',
    async (name, count) => {
      const { lowered, images, labels, calibration, reference } = await load(name, count);
      const result = await measureAccuracy({
        ...{ lowered, images, labels, calibration: calibration.slice(0, calibration.length / 5) },
        ...{ spec: testSpec(), partitions: [], chips: 1, seed: 1, workers: 2 },
      });
      expect(Math.abs(result.floatCorrect - result.digitalCorrect)).toBeLessThanOrEqual(0.005 * count);
      // The images are a sample of those that the reference was measured on: 4 standard errors.
      const spread = Math.sqrt(count * reference * (1 - reference));
      expect(Math.abs(result.floatCorrect - count * reference)).toBeLessThan(4 * spread);
    },
  );

  test('LeNet-5 all-analog is all-digital bit for bit, on ideal cells and converters that lose nothing', async () => {
    const { lowered, images, calibration } = await load('lenet5', 4);
    const adc = sarAdc(26);
    for (const scheme of ['differential', 'offset'] as const) {
      for (const weightSlices of [1, 2, 4]) {
        for (const inputSliceBits of [1, 2, 4, 8]) {
          for (const range of ['max', 'calibrated'] as const) {
            const spec = testSpec({
              encoding: { scheme, weightSlices, inputSliceBits },
              adcBank: { adc, range },
            });
            const logits = await simulateLogits({
              ...{ lowered, spec, partition: allAnalog(lowered), images, seed: 1, collapse: false },
              calibration: calibration.slice(0, 784 * 4),
            });
            expect(logits.partition).toEqual(logits.digital);
          }
        }
      }
    }
  });
});
