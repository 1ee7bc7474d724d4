import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { networkFromOnnx } from '../../../src/input/onnx/read-onnx.ts';
import { operators } from '../../../src/network/operators/index.ts';
import {
  faultOf,
  floats,
  type ModelNode,
  type ModelParts,
  modelBytes,
  spreadTensor,
  whole,
} from './model.ts';

const models = new URL('../../../workloads/models/', import.meta.url).pathname;

/** Reads bytes as far as lowering; anything but a Fault is a failure. Gives whether they were accepted. */
function accepted(bytes: Uint8Array): boolean {
  try {
    const network = networkFromOnnx(bytes, 'bad.onnx');
    for (const layer of network.layers) operators.get(layer.operator).lower(layer);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.message).toMatch(/^bad\.onnx: /);
    return false;
  }
}

describe('spoilt files give one fault and nothing else', () => {
  test.each(['lenet5', 'vit_tiny'])('%s, cut short anywhere', async (name) => {
    const bytes = await readFile(`${models}${name}.onnx`);
    const start = performance.now();
    let refused = 0;
    const lengths = Array.from({ length: 300 }, (_, i) => Math.floor((bytes.length * i) / 300));
    for (const length of [...lengths, ...Array.from({ length: 200 }, (_, i) => i)]) {
      if (!accepted(bytes.subarray(0, length))) refused += 1;
    }
    expect(refused).toBe(500);
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(accepted(bytes)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('a real model with bytes changed at random is refused or still a network', async () => {
    // Without the bulk of its weights, so that most changes hit the structure.
    const small = modelBytes({
      nodes: transformerLike(),
      input: { dims: ['N', 1, 6, 6] },
      initializers: {
        w: spreadTensor([4, 1, 3, 3]),
        b: spreadTensor([4]),
        dims: whole(0, 4, -1),
        v: spreadTensor([9, 3]),
        lows: floats([], [-1]),
        pads: whole(0, 1, 0, 0, 1, 0),
      },
    });
    expect(accepted(small)).toBe(true);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: small.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (changes) => {
          const bytes = small.slice();
          for (const [at, value] of changes) bytes[at] = value;
          accepted(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['an empty file', new Uint8Array()],
    ['text', new TextEncoder().encode('model: lenet5.onnx\n')],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)],
    ['zeros', new Uint8Array(1000)],
  ])('%s', (_name, bytes) => {
    expect(faultOf(bytes)).toMatch(/^hand\.onnx: no (readable )?ONNX model: /);
  });

  test('graphs nested ten thousand deep', () => {
    // AttributeProto.g (field 6) > GraphProto.node (1) > NodeProto.attribute (5), over and over
    let bytes: Uint8Array = new Uint8Array();
    const wrap = (tag: number, inner: Uint8Array) =>
      Buffer.concat([Uint8Array.from([tag, ...varint(inner.length)]), inner]);
    for (let depth = 0; depth < 3000; depth++) bytes = wrap(0x32, wrap(0x0a, wrap(0x2a, bytes)));
    expect(accepted(wrap(0x3a, wrap(0x0a, wrap(0x2a, bytes))))).toBe(false);
  });
});

describe('sizes that would not fit in memory are refused before they are allocated', () => {
  const huge: readonly [string, ModelParts][] = [
    ['an input', { nodes: [unary('Relu')], input: { dims: [1, 1e6, 1e6] } }],
    [
      'a result',
      { nodes: [{ ...unary('Expand'), inputs: ['x', 's'] }], initializers: { s: whole(1e5, 1e5, 1) } },
    ],
    [
      'padding of a convolution',
      {
        nodes: [
          {
            type: 'Conv',
            inputs: ['x', 'w'],
            outputs: ['y'],
            attributes: { pads: [1e6, 1e6, 1e6, 1e6], strides: [1e6, 1e6] },
          },
        ],
        input: { dims: [1, 1, 3, 3] },
        initializers: { w: floats([1, 1, 1, 1], [1]) },
      },
    ],
    [
      'a border',
      { nodes: [{ ...unary('Pad'), inputs: ['x', 's'] }], initializers: { s: whole(1e5, 1e5, 1e5, 1e5) } },
    ],
    [
      'repetition',
      { nodes: [{ ...unary('Tile'), inputs: ['x', 's'] }], initializers: { s: whole(1, 2 ** 40) } },
    ],
    [
      'a range',
      {
        nodes: [
          { type: 'Range', inputs: ['a', 'b', 'c'], outputs: ['r'] },
          { type: 'Add', inputs: ['x', 'r'], outputs: ['y'] },
        ],
        initializers: { a: floats([], [0]), b: floats([], [1e30]), c: floats([], [1e-3]) },
      },
    ],
    [
      'many results together',
      {
        nodes: Array.from({ length: 40 }, (_, i) => ({
          ...unary('Neg'),
          inputs: [i === 0 ? 'x' : `v${i}`],
          outputs: [i === 39 ? 'y' : `v${i + 1}`],
        })).map((node, i) => ({ ...node, type: i % 2 === 0 ? 'Exp' : 'Neg' })),
        input: { dims: [1, 4096, 4096] },
      },
    ],
  ];

  test.each(huge)('%s', (_name, parts) => {
    const start = performance.now();
    expect(faultOf(modelBytes(parts))).toMatch(/too large|takes too much/);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('attributes that make no sense', () => {
  const conv = (attributes: ModelNode['attributes'], dims = [1, 2, 5, 5], w = [2, 2, 3, 3]): ModelParts => ({
    nodes: [{ type: 'Conv', name: 'c', inputs: ['x', 'w'], outputs: ['y'], attributes: attributes ?? {} }],
    input: { dims },
    initializers: { w: spreadTensor(w) },
  });
  const pool = (attributes: ModelNode['attributes']): ModelParts => ({
    nodes: [{ type: 'MaxPool', name: 'p', inputs: ['x'], outputs: ['y'], attributes: attributes ?? {} }],
    input: { dims: [1, 1, 4, 4] },
  });
  test.each([
    [conv({ strides: [0, 1] }), 'strides must be whole numbers of at least 1, got 0'],
    [conv({ strides: [1] }), 'strides has 1 entries, needs 2'],
    [conv({ pads: [-1, 0, 0, 0] }), 'pads must be whole numbers of at least 0, got -1'],
    [conv({ dilations: [9, 9] }), 'a window of 19 is larger than the padded map of 5'],
    [conv({ group: 3 }), '3 groups do not divide 2 input and 2 output channels'],
    [conv({ group: 0 }), '0 groups do not divide'],
    [conv({ group: 2 }), 'conv weights take 2 channels per group, the input has 1'],
    [conv({ kernel_shape: [5, 5] }), "kernel_shape [5, 5] differs from the weights' [3, 3]"],
    [conv({ auto_pad: 'SIDEWAYS' }), 'auto_pad "SIDEWAYS" is unknown'],
    [conv({}, [1, 2, 5]), 'conv weights [2, 2, 3, 3] do not fit the input [1, 2, 5]'],
    [conv({}, [1, 2, 5, 5, 5], [2, 2, 3, 3, 3]), 'conv takes [1, C, L] or [1, C, H, W]'],
    [pool({}), 'kernel_shape is missing'],
    [pool({ kernel_shape: [0, 2] }), 'kernel size must be at least 1, got 0'],
    [pool({ kernel_shape: [9, 9] }), 'a window of 9 is larger than the padded map of 4'],
    [pool({ kernel_shape: [2] }), 'kernel has 1 entries, needs 2'],
  ])('%#', (parts, message) => {
    expect(faultOf(modelBytes(parts))).toContain(message);
    expect(faultOf(modelBytes(parts))).toContain(`node "${parts.nodes[0]!.name}"`);
  });
});

function unary(type: string): ModelNode {
  return { type, name: 'node', inputs: ['x'], outputs: ['y'] };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** A bit of everything: convolution, shape arithmetic, attention, normalization. */
function transformerLike(): ModelNode[] {
  return [
    {
      type: 'Conv',
      inputs: ['x', 'w', 'b'],
      outputs: ['c'],
      attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
    },
    { type: 'Clip', inputs: ['c', 'lows'], outputs: ['r'] },
    { type: 'Reshape', inputs: ['r', 'dims'], outputs: ['f'] },
    { type: 'Transpose', inputs: ['f'], outputs: ['t'], attributes: { perm: [0, 2, 1] } },
    { type: 'MatMul', inputs: ['f', 't'], outputs: ['s'] },
    { type: 'Softmax', inputs: ['s'], outputs: ['a'], attributes: { axis: -1 } },
    { type: 'MatMul', inputs: ['a', 'f'], outputs: ['o'] },
    { type: 'Pad', inputs: ['o', 'pads'], outputs: ['p'] },
    { type: 'MatMul', inputs: ['p', 'v'], outputs: ['z'] },
    { type: 'ReduceMean', inputs: ['z'], outputs: ['y'], attributes: { axes: [1], keepdims: 0 } },
  ];
}
