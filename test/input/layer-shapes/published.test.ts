import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { layerKinds } from '../../../src/input/layer-shapes/index.ts';
import { readLayerShapes, type ShapedNetwork } from '../../../src/input/layer-shapes/read-layer-shapes.ts';
import { lowerNetwork, networkMacs } from '../../../src/mapping/lowered-network.ts';
import { isConstant } from '../../../src/network/network.ts';

const shapes = new URL('../../../workloads/shapes/', import.meta.url).pathname;

/** Parameters and MACs worked out here from the paper's table, by a way of its own: sums over layers. */
interface Count {
  parameters: number;
  macs: number;
}

/** A convolution without bias: kernel, channels in and out, size of the output, groups. */
function conv(count: Count, k: number, cin: number, cout: number, size: number, groups = 1): void {
  const weights = (k * k * cin * cout) / groups;
  count.parameters += weights;
  count.macs += weights * size * size;
}

/** He et al. 2016, Table 1, 50 layers; the stride of a stage in its first 3 × 3 convolution (v1.5). */
function resnet50(): Count {
  const count: Count = { parameters: 0, macs: 0 };
  const normalized = (k: number, cin: number, cout: number, size: number) => {
    conv(count, k, cin, cout, size);
    count.parameters += 2 * cout;
  };
  normalized(7, 3, 64, 112);
  let [channels, size] = [64, 56];
  for (const [width, blocks] of [
    [64, 3],
    [128, 4],
    [256, 6],
    [512, 3],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      const out = block === 0 && width > 64 ? size / 2 : size;
      normalized(1, channels, width, size);
      normalized(3, width, width, out);
      normalized(1, width, 4 * width, out);
      if (block === 0) normalized(1, channels, 4 * width, out);
      [channels, size] = [4 * width, out];
    }
  }
  count.parameters += 2048 * 1000 + 1000;
  count.macs += 2048 * 1000;
  return count;
}

/** He et al. 2016, Table 1, 18 layers. */
function resnet18(): Count {
  const count: Count = { parameters: 0, macs: 0 };
  const normalized = (k: number, cin: number, cout: number, size: number) => {
    conv(count, k, cin, cout, size);
    count.parameters += 2 * cout;
  };
  normalized(7, 3, 64, 112);
  [64, 64, 128, 256].forEach((channels, stage) => {
    const [width, size] = [64 << stage, 56 >> stage];
    normalized(3, channels, width, size);
    for (let layer = 0; layer < 3; layer++) normalized(3, width, width, size);
    if (channels < width) normalized(1, channels, width, size);
  });
  count.parameters += 512 * 1000 + 1000;
  count.macs += 512 * 1000;
  return count;
}

/** Six convolutions of 3 × 3 with a pooling after each two, as NeuroSim and MNSIM have them, and what follows. */
function vgg8(
  ...last: readonly (readonly [k: number, inputs: number, outputs: number, size: number])[]
): Count {
  const count: Count = { parameters: 0, macs: 0 };
  const body = [3, 128, 128, 256, 256, 512].map(
    (inputs, layer) => [3, inputs, 128 << (layer >> 1), 32 >> (layer >> 1)] as const,
  );
  for (const [k, inputs, outputs, size] of [...body, ...last]) {
    conv(count, k, inputs, outputs, size);
    count.parameters += outputs;
  }
  return count;
}

/** Simonyan & Zisserman 2015, Table 1, column D. */
function vgg16(): Count {
  const count: Count = { parameters: 0, macs: 0 };
  let [channels, size] = [3, 224];
  for (const stage of [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ]) {
    for (const width of stage) {
      conv(count, 3, channels, width, size);
      count.parameters += width;
      channels = width;
    }
    size /= 2;
  }
  for (const [inputs, outputs] of [
    [512 * 7 * 7, 4096],
    [4096, 4096],
    [4096, 1000],
  ] as const) {
    count.parameters += inputs * outputs + outputs;
    count.macs += inputs * outputs;
  }
  return count;
}

/** Sandler et al. 2018, Table 2. */
function mobileNetV2(): Count {
  const count: Count = { parameters: 0, macs: 0 };
  const normalized = (k: number, cin: number, cout: number, size: number, groups = 1) => {
    conv(count, k, cin, cout, size, groups);
    count.parameters += 2 * cout;
  };
  normalized(3, 3, 32, 112);
  let [channels, size] = [32, 112];
  const table = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ];
  for (const [t, c, n, s] of table as [number, number, number, number][]) {
    for (let block = 0; block < n; block++) {
      const hidden = t * channels;
      const out = block === 0 ? size / s : size;
      if (t > 1) normalized(1, channels, hidden, size);
      normalized(3, hidden, hidden, out, hidden);
      normalized(1, hidden, c, out);
      [channels, size] = [c, out];
    }
  }
  normalized(1, 320, 1280, 7);
  count.parameters += 1280 * 1000 + 1000;
  count.macs += 1280 * 1000;
  return count;
}

/** L transformer blocks of dimension d: q, k, v and projection, an MLP of 4 d, two normalizations; biases everywhere. */
function blocks(L: number, d: number, tokens: number, context: number): Count {
  return {
    parameters: L * (4 * (d * d + d) + (4 * d * d + 4 * d) + (4 * d * d + d) + 4 * d),
    macs: L * (12 * d * d * tokens + 2 * tokens * context * d),
  };
}

function vit(): Count {
  const { parameters, macs } = blocks(12, 768, 197, 197);
  return {
    parameters: parameters + (16 * 16 * 3 * 768 + 768) + 768 + 197 * 768 + 2 * 768 + (768 * 1000 + 1000),
    macs: macs + 196 * 16 * 16 * 3 * 768 + 768 * 1000,
  };
}

function gpt2(): Count {
  const { parameters, macs } = blocks(12, 768, 1, 1024);
  return { parameters: parameters + 50257 * 768 + 1024 * 768 + 2 * 768, macs: macs + 50257 * 768 };
}

/**
 * Published: torchvision's model cards (num_params, and GFLOPS, which count a MAC once); the paper of MobileNetV2
 * (300 M); Hugging Face's gpt2 (124,439,808 parameters); BERT-base without embeddings and pooler (85.05 M). The cards
 * round MACs to 10 M.
 */
describe.each([
  ['resnet50', resnet50(), { parameters: 25_557_032, macs: 4.09e9 }, 54],
  ['resnet18', resnet18(), { parameters: 11_689_512, macs: 1.81e9 }, 21],
  ['vgg8-cifar', vgg8([1, 8192, 1024, 1], [1, 1024, 10, 1]), { parameters: undefined, macs: undefined }, 8],
  ['vgg8-mnsim', vgg8([3, 512, 1024, 2], [1, 1024, 10, 1]), { parameters: undefined, macs: undefined }, 8],
  ['vgg16', vgg16(), { parameters: 138_357_544, macs: 15.47e9 }, 16],
  ['mobilenetv2', mobileNetV2(), { parameters: 3_504_872, macs: 0.3e9 }, 53],
  ['bert-base', blocks(12, 768, 128, 128), { parameters: 85_054_464, macs: undefined }, 72],
  ['vit-b16', vit(), { parameters: 86_567_656, macs: 17.56e9 }, 74],
  ['gpt2-small-decode', gpt2(), { parameters: 124_439_808, macs: undefined }, 73],
] as const)('%s', (name, own, published, layers) => {
  const read = (): Promise<ShapedNetwork> => readLayerShapes(`${shapes}${name}.yaml`);

  test('has the parameters and MACs of its closed form, and those that are published', async () => {
    const { network, parameters } = await read();
    const lowered = lowerNetwork(network, true);
    expect([parameters, networkMacs(lowered)]).toEqual([own.parameters, own.macs]);
    if (published.parameters !== undefined) expect(parameters).toBe(published.parameters);
    if (published.macs !== undefined) {
      expect(Math.abs(networkMacs(lowered) - published.macs)).toBeLessThanOrEqual(5e6);
    }
    expect(lowered.candidates).toHaveLength(layers);
  });

  test('stands so in workloads/README.md', async () => {
    const readme = await readFile(`${shapes}../README.md`, 'utf8');
    const [row] = readme.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));
    const cells = row!.split('|').map((cell) => cell.trim());
    expect(cells.slice(3, 6)).toEqual([layers, own.macs, own.parameters].map((n) => n.toLocaleString('en')));
  });

  test('holds no numbers, and its lowering none', async () => {
    const { network } = await read();
    for (const layer of network.layers) {
      for (const operand of layer.inputs) {
        if (isConstant(operand) && operand.dims.length > 0) expect(operand.data).toHaveLength(0);
      }
    }
    for (const lowering of lowerNetwork(network, true).lowerings) {
      if (lowering.kind === 'mvm') expect(lowering.weights).toHaveLength(0);
    }
  });
});

test('the last layers are what the papers say', async () => {
  const shapeOf = async (name: string) => {
    const { network } = await readLayerShapes(`${shapes}${name}.yaml`);
    return network.layers[network.output]!.outputShape;
  };
  expect(await shapeOf('resnet50')).toEqual([1, 1000]);
  expect(await shapeOf('bert-base')).toEqual([1, 128, 768]);
  expect(await shapeOf('vit-b16')).toEqual([1, 1000]);
  expect(await shapeOf('gpt2-small-decode')).toEqual([1, 1, 50257]);
});

test('products of activations stay digital, a depthwise convolution is one of as many groups as channels', async () => {
  const bert = lowerNetwork((await readLayerShapes(`${shapes}bert-base.yaml`)).network, true);
  const products = bert.lowerings.filter((lowering) => lowering.kind === 'product');
  expect(products).toHaveLength(24);
  expect(products.slice(0, 2).map(({ batch, m, k, n }) => [batch, m, k, n])).toEqual([
    [12, 128, 64, 128],
    [12, 128, 128, 64],
  ]);
  const mobile = lowerNetwork((await readLayerShapes(`${shapes}mobilenetv2.yaml`)).network, true);
  const depthwise = mobile.lowerings.flatMap((one) => (one.kind === 'mvm' && one.groups > 1 ? [one] : []));
  expect(depthwise).toHaveLength(17);
  expect(depthwise.every(({ rows, columns }) => rows === 9 && columns === 1)).toBe(true);
});

test('workloads/README.md lists every kind of layer', async () => {
  const readme = await readFile(`${shapes}../README.md`, 'utf8');
  for (const { name, summary } of layerKinds.parts) expect(readme).toContain(`| \`${name}\` | ${summary} |`);
});
