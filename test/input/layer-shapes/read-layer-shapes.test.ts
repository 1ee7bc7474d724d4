import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { readLayerShapes } from '../../../src/input/layer-shapes/read-layer-shapes.ts';
import { lowerNetwork } from '../../../src/mapping/lowered-network.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kirchhoff-layers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const head = 'name: net\ninput: { shape: [4, 8, 8] }\nlayers:\n';

async function read(layers: string, before = head) {
  const file = join(folder, 'net.yaml');
  await writeFile(file, before + layers);
  return readLayerShapes(file);
}

/** Names and output shapes of what the lines become. */
async function shapes(layers: string, before = head): Promise<string[]> {
  const { network } = await read(layers, before);
  return network.layers.map(({ name, outputShape }) => `${name} ${outputShape.slice(1).join('×')}`);
}

async function faultOf(layers: string, before = head): Promise<string> {
  try {
    await read(layers, before);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.message.replaceAll(join(folder, 'net.yaml'), 'FILE').split('\n')[0]!;
  }
  throw new Error('the file was accepted');
}

describe('lines become layers', () => {
  test('strides, paddings of one, two and four numbers, dilation', async () => {
    expect(
      await shapes(`
  - { type: conv, name: a, outputs: 3, kernel: 3, padding: 1, stride: 2 }
  - { type: conv, name: b, outputs: 3, kernel: [1, 3], padding: [0, 1] }
  - { type: conv, name: c, outputs: 3, kernel: 2, padding: [0, 0, 1, 1] }
  - { type: conv, name: d, outputs: 3, kernel: 3, dilation: 2, padding: [2, 1] }
  - { type: pool, of: mean, kernel: 2 }`),
    ).toEqual(['a 3×4×4', 'b 3×4×4', 'c 3×4×4', 'd 3×4×2', 'pool 3×2×1']);
  });

  test('blocks repeat under their name, residual blocks add what they take', async () => {
    expect(
      await shapes(`
  - type: residual
    name: twice
    times: 2
    layers:
      - { type: conv, outputs: 4, kernel: 1, activation: relu }
  - type: residual
    name: wider
    layers: [{ type: conv, outputs: 6, kernel: 1 }]
    shortcut: [{ type: conv, name: match, outputs: 6, kernel: 1 }]
    activation: relu6`),
    ).toEqual([
      ...['twice.1.conv 4×8×8', 'twice.1.conv.relu 4×8×8', 'twice.1.add 4×8×8'],
      ...['twice.2.conv 4×8×8', 'twice.2.conv.relu 4×8×8', 'twice.2.add 4×8×8'],
      ...['wider.conv 6×8×8', 'wider.shortcut.match 6×8×8', 'wider.add 6×8×8', 'wider.add.relu6 6×8×8'],
    ]);
  });

  test('from takes another value, input what the list takes; names of inner lists end with them', async () => {
    const { network } = await read(`
  - { type: conv, name: a, outputs: 4, kernel: 1 }
  - type: block
    layers:
      - { type: conv, name: b, outputs: 4, kernel: 1 }
      - { type: conv, name: c, outputs: 4, kernel: 1, from: input }
      - { type: add, with: [a, b] }
  - { type: concat, from: input, with: [a] }`);
    const inputs = network.layers.map(({ name, inputs }) => [
      name,
      ...inputs.filter((operand) => typeof operand === 'number'),
    ]);
    expect(inputs).toEqual([
      ['a', -1],
      ['b', 0],
      ['c', 0],
      ['add', 2, 0],
      ['add_2', 3, 1],
      ['concat', -1, 0],
    ]);
  });

  test('squeeze and excitation, and vectors', async () => {
    const names = await shapes(`
  - { type: conv, name: map, outputs: 6, kernel: 1, activation: silu }
  - { type: globalPool, of: mean }
  - { type: dense, outputs: 2, activation: hardSwish }
  - { type: dense, name: gate, outputs: 6, activation: sigmoid }
  - { type: multiply, from: map, by: gate }
  - { type: batchNorm }
  - { type: flatten }
  - { type: activation, function: tanh }`);
    expect(names.slice(-5)).toEqual([
      'multiply.gate 6×1×1',
      'multiply 6×8×8',
      'batchNorm 6×8×8',
      'flatten 384',
      'activation.tanh 384',
    ]);
  });

  test('parameters of the file are names for numbers, with arithmetic', async () => {
    const before = 'name: n\nparameters: { d: 8 }\ninput: { shape: [5, d] }\nlayers:\n';
    expect(await shapes('  - { type: dense, outputs: 4 * d }', before)).toEqual(['dense 5×32']);
  });

  test('a cache of keys and values is constant, costs no parameters, and is multiplied like the new ones', async () => {
    const before = 'name: n\ninput: { shape: [1, 8] }\nlayers:\n';
    const { network, parameters } = await read(
      `
  - { type: scores, from: input, key: input, heads: 2, cache: 9 }
  - { type: softmax }
  - { type: weightedSum, value: input, cache: 9 }`,
      before,
    );
    expect(parameters).toBe(0);
    const lowered = lowerNetwork(network, true);
    const products = lowered.lowerings.flatMap((one) =>
      one.kind === 'product' ? [[one.batch, one.m, one.k, one.n]] : [],
    );
    // Scores with 9 cached keys and the new one; weights of 9 cached values and the new one.
    expect(products).toEqual([
      [2, 1, 4, 9],
      [2, 1, 4, 1],
      [2, 1, 9, 4],
      [2, 1, 1, 4],
    ]);
    expect(lowered.candidates).toEqual([]);
    expect(network.layers[network.output]!.outputShape).toEqual([1, 1, 8]);
  });

  test('parameters count as publications do', async () => {
    const count = async (layers: string, before?: string) => (await read(layers, before)).parameters;
    const kernel = 3 * 3 * 4 * 6;
    expect(await count('  - { type: conv, outputs: 6, kernel: 3 }')).toBe(kernel + 6);
    expect(await count('  - { type: conv, outputs: 6, kernel: 3, bias: false }')).toBe(kernel);
    expect(await count('  - { type: conv, outputs: 6, kernel: 3, batchNorm: true }')).toBe(kernel + 12);
    expect(await count('  - { type: conv, outputs: 6, kernel: 3, batchNorm: true, bias: true }')).toBe(
      kernel + 18,
    );
    expect(await count('  - { type: conv, outputs: 4, groups: 4, kernel: 3, bias: false }')).toBe(9 * 4);
    const tokens = 'name: n\ninput: { shape: [3] }\nlayers:\n';
    const tied = `
  - { type: embedding, name: table, entries: 11, features: 8 }
  - { type: positionEmbedding, entries: 5 }
  - { type: layerNorm }
  - { type: dense, outputs: 11, bias: false, shared: table }`;
    expect(await count(tied, tokens)).toBe(11 * 8 + 5 * 8 + 2 * 8);
  });
});

describe('what is wrong is told at its place', () => {
  test.each([
    [
      '  - { type: cnv }',
      /^FILE:4:13 layers\[0\].type: unknown type "cnv" \(did you mean conv\? known: conv, /,
    ],
    [
      '  - { type: conv, outpts: 6, kernel: 3 }',
      /^FILE:4:19 layers\[0\].outpts: unknown key \(did you mean outputs\? known: type, name, from, outputs, kernel/,
    ],
    ['  - { type: conv, kernel: 3 }', 'FILE:4:5 layers[0]: missing key outputs (add outputs: 64 # channels)'],
    [
      '  - { type: conv, outputs: 6, kernel: 0 }',
      'FILE:4:39 layers[0].kernel: found 0 (needs a whole number of at least 1, or a list [vertical, horizontal] of them)',
    ],
    [
      '  - type: residual\n    layers:\n      - { type: pool, of: mx, kernel: 2 }',
      'FILE:6:27 layers[0].layers[0].of: unknown value "mx" (did you mean max? known: max, mean)',
    ],
    [
      '  - { type: conv, outputs: 6, kernel: 3, groups: 4 }',
      'FILE:4:5 layers[0]: 4 groups do not divide 4 input and 6 output channels',
    ],
    [
      '  - { type: conv, outputs: 6, kernel: 9 }',
      'FILE:4:5 layers[0]: a window of 9 is larger than the padded map of 8',
    ],
    [
      '  - { type: dense, outputs: 6 }',
      'FILE:4:5 layers[0]: dense takes a vector or a sequence, got [4, 8, 8] (put a layer of type flatten before it)',
    ],
    [
      '  - { type: residual, layers: [{ type: conv, outputs: 6, kernel: 1 }] }',
      'FILE:4:5 layers[0]: the layers yield [6, 8, 8], the shortcut [4, 8, 8] (give it a shortcut that fits)',
    ],
    [
      '  - { type: conv, name: one, outputs: 6, kernel: 1 }\n  - { type: pool, from: onne, of: max, kernel: 1 }',
      'FILE:5:25 layers[1].from: no layer "onne" before this (did you mean one?)',
    ],
    [
      '  - { type: flatten, name: one }\n  - { type: flatten, name: one }',
      'FILE:5:28 layers[1].name: the name one is taken (names of a list are given once)',
    ],
    [
      '  - { type: flatten, name: "a b" }',
      'FILE:4:28 layers[0].name: cannot name a layer (use letters, digits, _ and -, starting with a letter)',
    ],
    [
      '  - { type: flatten }\n  - { type: add, with: [input] }',
      /^FILE:5:5 layers\[1\]: \[256\] and input of \[4, 8, 8\] do not add$/,
    ],
    [
      '  - { type: tokens }\n  - { type: scores, key: input, heads: 3 }',
      /^FILE:5:5 layers\[1\]: scores takes a sequence \[T, D\], got \[4, 8, 8\]$/,
    ],
    [
      '  - { type: tokens, name: t }\n  - { type: scores, key: t, heads: 3 }',
      'FILE:5:5 layers[1]: 3 heads do not divide 4 features',
    ],
    [
      '  - { type: tokens, name: t }\n  - { type: scores, key: t }\n  - { type: weightedSum, value: t, cache: 1 }',
      'FILE:6:5 layers[2]: 64 weights for 1 cached and 64 new values',
    ],
    [
      '  - { type: block, times: 1000, layers: [{ type: block, times: 1000, layers: [{ type: batchNorm }] }] }',
      'FILE:4:79 layers[0].layers[0].layers[0]: more than 20000 layers (repeat fewer times)',
    ],
    [
      '  - { type: conv, outputs: 1048576, kernel: 1 }\n  - { type: flatten }\n  - { type: dense, outputs: 1000 }',
      /^FILE:6:5 layers\[2\]: a constant of 1000×67108864 elements is too large$/,
    ],
    ['  []', 'FILE:3:1 layers: a list of 0 is too small (at least 1)'],
  ] as [string, string | RegExp][])('%s', async (layers, says) => {
    const fault = await faultOf(layers);
    if (typeof says === 'string') expect(fault).toBe(says);
    else expect(fault).toMatch(says);
  });

  test('inputs of four axes, and none', async () => {
    const with_ = (shape: string) =>
      faultOf('  - { type: flatten }', `name: n\ninput: { shape: ${shape} }\nlayers:\n`);
    expect(await with_('[1, 3, 8, 8]')).toBe('FILE:2:10 input.shape: a list of 4 is too large (at most 3)');
    expect(await with_('[1048576, 1024]')).toBe(
      'FILE:2:10 input.shape: an input of 1073741824 elements is too large',
    );
    expect(await with_('[]')).toBe('FILE:2:10 input.shape: a list of 0 is too small (at least 1)');
  });

  test('any edit of a file is read or refused by a Fault', async () => {
    const text = await readFile('workloads/shapes/gpt2-small-decode.yaml', 'utf8');
    const word = fc.constantFrom(
      '',
      '0',
      '-1',
      '1e9',
      'type',
      '[',
      '{',
      ': ',
      'from: input',
      'x',
      '\n',
      '  - ',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), fc.nat(12), word, async (at, length, replacement) => {
        const file = join(folder, 'edited.yaml');
        await writeFile(file, text.slice(0, at) + replacement + text.slice(at + length));
        try {
          lowerNetwork((await readLayerShapes(file)).network, true);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).place?.file).toBe(file);
        }
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});
