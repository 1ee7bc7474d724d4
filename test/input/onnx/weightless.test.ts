import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchitecture } from '../../../src/input/architecture.ts';
import { networkFromOnnx, readModel } from '../../../src/input/onnx/read-onnx.ts';
import { buildSchedule } from '../../../src/mapping/build-schedule.ts';
import { lowerNetwork, networkMacs } from '../../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../../src/mapping/partition/index.ts';
import { evaluateNetwork } from '../../../src/network/evaluate.ts';
import { isConstant, isWeightless, type Network } from '../../../src/network/network.ts';

import { faultOf, modelBytes, modelOf, type ModelNode, spreadTensor, whole } from './model.ts';

const { onnx } = onnxProto;
const models = new URL('../../../workloads/models/', import.meta.url).pathname;
const REALS = 1;

/** A model whose real tensors of several elements lie in a file that is not there, or nowhere. */
function stripped(bytes: Uint8Array, how: 'no data' | 'missing file'): Uint8Array {
  const model = onnx.ModelProto.decode(bytes);
  for (const tensor of model.graph!.initializer!) {
    const count = (tensor.dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
    if (tensor.dataType !== REALS || count === 1) continue;
    tensor.rawData = new Uint8Array(0);
    tensor.floatData = [];
    if (how === 'missing file') {
      tensor.dataLocation = 1;
      tensor.externalData = [onnx.StringStringEntryProto.create({ key: 'location', value: 'weights.bin' })];
    }
  }
  return onnx.ModelProto.encode(model).finish();
}

/** What time and energy depend on: no numbers of weights. */
function shapeOf(network: Network) {
  return network.layers.map(({ name, operator, attributes, inputs, inputShapes, outputShape }) => {
    const operands = inputs.map((operand) => (isConstant(operand) ? 'constant' : operand));
    return { name, operator, attributes, operands, inputShapes, outputShape };
  });
}

describe.each(['dscnn', 'lenet5', 'mlp_relu', 'mlp_sigmoid', 'resnet14', 'vgg8_small', 'vit_tiny'])(
  '%s without weights',
  (name) => {
    test('is the same network in shapes, and the same schedule on a chip', async () => {
      const bytes = await readFile(`${models}${name}.onnx`);
      const whole = networkFromOnnx(bytes, name);
      const missing: string[] = [];
      const bare = networkFromOnnx(stripped(bytes, 'no data'), name, {}, missing);
      expect(missing.length).toBeGreaterThan(3);
      expect(missing[0]).toMatch(/^tensor ".+" has no data$/);
      expect([isWeightless(whole), isWeightless(bare)]).toEqual([false, true]);
      expect(shapeOf(bare)).toEqual(shapeOf(whole));

      const { value: spec } = await readArchitecture('arch/hybrid-edge.yaml');
      const [lowered, shapes] = [lowerNetwork(whole, true), lowerNetwork(bare, true)];
      expect(networkMacs(shapes)).toBe(networkMacs(lowered));
      for (const cut of ['digital', 'analog']) {
        const partition = partitionFrom(cut, lowered.candidates);
        expect(buildSchedule(shapes, partition, spec)).toEqual(buildSchedule(lowered, partition, spec));
      }
    });

    test('holds no numbers, and computes none', async () => {
      const bytes = await readFile(`${models}${name}.onnx`);
      const bare = networkFromOnnx(stripped(bytes, 'no data'), name);
      const held = bare.layers.flatMap(({ inputs }) =>
        inputs.map((operand) => (isConstant(operand) ? operand.data.length : 0)),
      );
      expect(Math.max(...held)).toBeLessThanOrEqual(1);
      for (const lowering of lowerNetwork(bare, true).lowerings) {
        if (lowering.kind === 'mvm')
          expect([lowering.weights.length, lowering.bias?.length ?? 0]).toEqual([0, 0]);
      }
      const input = new Float32Array(bare.input.shape.reduce((a, b) => a * b, 1));
      expect(() => evaluateNetwork(bare, input)).toThrow(/^layer .* has no weights to compute with$/);
    });
  },
);

describe('what import folds', () => {
  const channel = (seed: number) => spreadTensor([3], seed);
  const positive = { dims: [3], values: [1, 2, 3] };
  const conv = { type: 'Conv', inputs: ['x', 'w'], outputs: ['c'], attributes: { kernel_shape: [3, 3] } };
  test.each([
    [
      'batch normalization',
      [conv, { type: 'BatchNormalization', inputs: ['c', 's', 'b', 'm', 'v'], outputs: ['y'] }],
      ['conv'],
    ],
    ['a factor a channel', [conv, { type: 'Mul', inputs: ['c', 'f'], outputs: ['y'] }], ['conv']],
    ['a shift of all channels', [conv, { type: 'Add', inputs: ['c', 'f'], outputs: ['y'] }], ['conv']],
    ['what cannot be folded', [conv, { type: 'Mul', inputs: ['c', 'map'], outputs: ['y'] }], ['conv', 'mul']],
    [
      'a constant computed of constants',
      [
        { type: 'Mul', inputs: ['w', 'w'], outputs: ['w2'] },
        { type: 'Conv', inputs: ['x', 'w2'], outputs: ['y'] },
      ],
      ['conv'],
    ],
    [
      'the bias of a Gemm',
      [
        { type: 'Flatten', inputs: ['x'], outputs: ['flat'] },
        { type: 'Gemm', inputs: ['flat', 'g', 'gb'], outputs: ['y'], attributes: { transB: 1 } },
      ],
      ['reshape', 'gemm'],
    ],
    [
      'the bias of a MatMul',
      [
        { type: 'Flatten', inputs: ['x'], outputs: ['flat'] },
        { type: 'MatMul', inputs: ['flat', 'k'], outputs: ['p'] },
        { type: 'Add', inputs: ['p', 'gb'], outputs: ['y'] },
      ],
      ['reshape', 'matmul'],
    ],
  ] as [string, ModelNode[], string[]][])('%s, without numbers', (_, nodes, operators) => {
    const initializers = {
      ...{ w: spreadTensor([3, 2, 3, 3]), f: spreadTensor([1, 3, 1, 1]), map: spreadTensor([1, 3, 3, 3]) },
      ...{ s: channel(1), b: channel(2), m: channel(3), v: positive },
      ...{ g: spreadTensor([5, 50]), k: spreadTensor([50, 5]), gb: spreadTensor([1, 5]) },
    };
    const bytes = modelBytes({ nodes, input: { dims: [1, 2, 5, 5] }, initializers });
    const whole = networkFromOnnx(bytes, 'hand');
    expect(whole.layers.map((layer) => layer.operator)).toEqual(operators);
    expect(shapeOf(networkFromOnnx(stripped(bytes, 'no data'), 'hand'))).toEqual(shapeOf(whole));
  });

  test('shapes that are computed must be known', () => {
    const nodes = [{ type: 'Reshape', name: 'r', inputs: ['x', 's'], outputs: ['y'] }];
    const model = modelOf({ nodes, initializers: { s: whole(2, 1) } });
    model.graph!.initializer![0]!.int64Data = [];
    expect(faultOf(onnx.ModelProto.encode(model).finish())).toBe(
      'hand.onnx: node "r" (Reshape): operand 2 ("s") has no data, and more than its shape is needed (keep small tensors in the model)',
    );
  });
});

describe('a model file without weights', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kirchhoff-weightless-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says which tensor is missing, and why', async () => {
    const bytes = await readFile(`${models}lenet5.onnx`);
    const file = join(folder, 'bare.onnx');
    await writeFile(file, stripped(bytes, 'missing file'));
    const { network, missing } = await readModel(file);
    expect(isWeightless(network)).toBe(true);
    expect(missing).toMatch(/^tensor ".+" lies in "weights.bin", which is missing$/);
    await writeFile(file, bytes);
    expect((await readModel(file)).missing).toBeUndefined();
  });
});
