import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readIdxImages, readIdxLabels } from '../../../src/input/idx.ts';
import { readNpy } from '../../../src/input/npy.ts';
import { readModel, readOnnx } from '../../../src/input/onnx/read-onnx.ts';
import { createPreprocessing } from '../../../src/input/preprocessing.ts';
import { createEvaluator } from '../../../src/network/evaluate.ts';
import { operators } from '../../../src/network/operators/index.ts';

const models = new URL('../../../workloads/models/', import.meta.url).pathname;
const oracles = new URL('../../oracles/onnx/', import.meta.url).pathname;

/**
 * Multiply-accumulates of one inference, counted outside this project from the graphs of the same files when
 * the networks were trained (one per weight and output position, and per term of an attention product).
 */
const MACS: Readonly<Record<string, number>> = {
  mlp_relu: 58920,
  mlp_sigmoid: 58920,
  lenet5: 416520,
  vgg8_small: 14939264,
  dscnn: 4219840,
  resnet14: 20183936,
  vit_tiny: 5789696,
};

describe.each(Object.keys(MACS))('%s', (name) => {
  const mlp = name.startsWith('mlp');

  test('answers as the reference logits say, within 1e-4', async () => {
    const network = await readOnnx(`${models}${name}.onnx`);
    const { data: logits } = await readNpy(`${oracles}${name}_logits64.npy`);
    const images = await readNpy(`${oracles}test64_u8.npy`);
    const resize = mlp ? [{ type: 'resize-area', height: 20, width: 20 }] : [];
    const preprocessing = createPreprocessing([{ type: 'scale', factor: 1 / 255 }, ...resize], [28, 28]);
    const evaluator = createEvaluator(network);
    let worst = 0;
    for (let image = 0; image < 64; image++) {
      const pixels = images.data.subarray(image * 784, (image + 1) * 784) as Uint8Array;
      const output = evaluator.run(preprocessing.run(pixels));
      output.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - logits[image * 10 + i]!));
      });
    }
    expect(worst).toBeLessThan(1e-4);
  });

  test('counts the multiply-accumulates of its graph', async () => {
    const network = await readOnnx(`${models}${name}.onnx`);
    let macs = 0;
    for (const layer of network.layers) {
      const lowering = operators.get(layer.operator).lower(layer);
      if (lowering.kind === 'mvm')
        macs += lowering.positions * lowering.groups * lowering.rows * lowering.columns;
      if (lowering.kind === 'product') macs += lowering.batch * lowering.m * lowering.k * lowering.n;
    }
    expect(macs).toBe(MACS[name]);
  });
});

test('the vision transformer comes back in one piece: normalizations, GELUs and biases', async () => {
  const network = await readOnnx(`${models}vit_tiny.onnx`);
  const count = (operator: string) => network.layers.filter((layer) => layer.operator === operator).length;
  // 3 encoder layers of 2 normalizations, one GELU, 6 weight matrices with bias; one last normalization.
  expect(count('layer-normalization')).toBe(7);
  expect(count('gelu')).toBe(3);
  const weighted = network.layers.filter(
    (layer) => operators.get(layer.operator).lower(layer).kind === 'mvm',
  );
  expect(weighted.length).toBe(20);
  expect(weighted.every((layer) => layer.inputs.length === 3)).toBe(true);
  // What remains are the two residual sums of each layer and the positions.
  expect(count('add')).toBe(7);
  // Every layer up to the mean over the tokens streams its 49 tokens.
  const streamed = network.layers.filter(
    (layer) => operators.get(layer.operator).lower(layer).positions === 49,
  );
  expect(streamed.length).toBe(network.layers.length - 2);
});

test('a model carries the hash of its file', async () => {
  // sha256 of the file as its training record states it
  const { sha256, network } = await readModel(`${models}resnet14.onnx`);
  expect(sha256).toBe('cc5a2973a99434a5b4358286834dcbeba0a72e1e244f3309decfeb9df316193e');
  expect(network.name).toBe('resnet14');
});

test('the first 64 test images are those of the oracle, and there are 10,000 with labels', async () => {
  const data = new URL('../../../workloads/data/fashion-mnist/', import.meta.url).pathname;
  const images = await readIdxImages(`${data}t10k-images-idx3-ubyte.gz`);
  const labels = await readIdxLabels(`${data}t10k-labels-idx1-ubyte.gz`);
  const first = await readNpy(`${oracles}test64_u8.npy`);
  expect(images.count).toBe(10_000);
  expect(images.shape).toEqual([28, 28]);
  expect(labels.length).toBe(10_000);
  expect(
    Buffer.compare(Buffer.from(images.pixels.subarray(0, 64 * 784)), Buffer.from(first.data as Uint8Array)),
  ).toBe(0);
});

test('the calibration images are 1,000 with labels, none of them a test image', async () => {
  const data = new URL('../../../workloads/data/fashion-mnist/', import.meta.url).pathname;
  const images = await readIdxImages(`${data}calibration-images-idx3-ubyte.gz`);
  const labels = await readIdxLabels(`${data}calibration-labels-idx1-ubyte.gz`);
  const tests = await readIdxImages(`${data}t10k-images-idx3-ubyte.gz`);
  expect(images.count).toBe(1000);
  expect(labels.length).toBe(1000);
  const known = new Set(Array.from({ length: tests.count }, (_, i) => imageText(tests.pixels, i)));
  const shared = Array.from({ length: images.count }, (_, i) => imageText(images.pixels, i)).filter((image) =>
    known.has(image),
  );
  expect(shared).toEqual([]);
});

function imageText(pixels: Uint8Array, image: number): string {
  return Buffer.from(pixels.subarray(image * 784, (image + 1) * 784)).toString('latin1');
}

test('the notice of the data is there', async () => {
  const readme = await readFile(
    new URL('../../../workloads/data/fashion-mnist/README.md', import.meta.url),
    'utf8',
  );
  expect(readme).toContain('Copyright © 2017 Zalando SE');
  expect(readme).toContain('The above copyright notice and this permission notice shall be included');
});
