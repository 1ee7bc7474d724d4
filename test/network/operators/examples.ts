import type { Tensor } from '../../../src/base/tensor.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import type { Attributes, Layer } from '../../../src/network/network.ts';

/** A layer to try an operator on: shapes of its activations, then constants, and attributes. */
export interface Example {
  /** Shapes of the operands; a constant is given as a tensor. The first activation streams by rank. */
  readonly operands: readonly (readonly number[] | Tensor)[];
  readonly attributes: Attributes;
  /** The dependences are bounds that may ask for more than is needed. */
  readonly conservative?: true;
}

/** A repeatable tensor of numbers in (-1, 1), well spread (multiples of the golden ratio). */
export function spread(dims: readonly number[], start = 1): Tensor {
  const length = dims.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, (_, i) => 2 * (((start + i) * 0.618033988749895) % 1) - 1);
  return { dims, data };
}

/** The layer of an example: its activations are slices of one network input, reshaped. */
export function layerOf(operator: string, example: Example): Layer {
  const activations = example.operands.filter((operand) => !isTensor(operand)) as (readonly number[])[];
  const builder = new NetworkBuilder('example', { name: 'x', shape: activations[0] ?? [1, 1] });
  const inputs = example.operands.map((operand) => {
    if (isTensor(operand)) return operand;
    return operand === activations[0] ? -1 : builder.layer('expand', { shape: operand }, [spread([1])]);
  });
  builder.layer(operator, example.attributes, inputs);
  return builder.build().layers.at(-1)!;
}

function isTensor(operand: readonly number[] | Tensor): operand is Tensor {
  return 'data' in operand;
}

const window = { strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
const pooling = { ...window, kernel: [2, 2], ceilMode: 0, countIncludePad: 0 };
const map = [1, 2, 5, 4];
const tokens = [1, 5, 6];

/** Examples of every operator; a new operator adds its own. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  conv: [
    {
      operands: [map, spread([3, 2, 3, 3]), spread([3])],
      attributes: { ...window, group: 1, pads: [1, 1, 1, 1] },
    },
    {
      operands: [[1, 4, 7, 6], spread([4, 2, 2, 3])],
      attributes: { group: 2, strides: [2, 3], dilations: [2, 1], pads: [0, 2, 1, 1] },
    },
    {
      operands: [[1, 3, 9], spread([6, 1, 3])],
      attributes: { group: 3, strides: [2], dilations: [2], pads: [2, 0] },
    },
    { operands: [[1, 1, 3, 3], spread([5, 1, 3, 3])], attributes: { ...window, group: 1 } },
    {
      operands: [[1, 1, 2, 2], spread([1, 1, 1, 1])],
      attributes: { ...window, group: 1, pads: [2, 2, 2, 2] },
    },
  ],
  gemm: [
    {
      operands: [[1, 6], spread([4, 6]), spread([4])],
      attributes: { alpha: 0.5, beta: 2, transA: 0, transB: 1 },
    },
    { operands: [[3, 6], spread([6, 4])], attributes: { alpha: 1, beta: 1, transA: 0, transB: 0 } },
    { operands: [[6, 3], spread([6, 4])], attributes: { alpha: 1, beta: 1, transA: 1, transB: 0 } },
    {
      operands: [spread([4, 6]), [6, 3], spread([4])],
      attributes: { alpha: 1, beta: 1, transA: 0, transB: 0 },
    },
    { operands: [spread([6, 4]), [3, 6]], attributes: { alpha: 2, beta: 1, transA: 1, transB: 1 } },
  ],
  matmul: [
    { operands: [tokens, spread([6, 4]), spread([4])], attributes: {} },
    { operands: [[1, 6], spread([6, 4])], attributes: {} },
    { operands: [[1, 2, 3, 6], spread([6, 4])], attributes: {} },
    { operands: [spread([4, 5]), tokens], attributes: {} },
    { operands: [spread([3, 4, 5]), tokens], attributes: {} },
    {
      operands: [
        [1, 2, 5, 3],
        [1, 2, 3, 4],
      ],
      attributes: {},
    },
    {
      operands: [
        [1, 2, 5, 3],
        [1, 1, 3, 4],
      ],
      attributes: {},
    },
    { operands: [[6], spread([6, 4])], attributes: {} },
    { operands: [tokens, spread([6])], attributes: {} },
    { operands: [tokens, [6]], attributes: {} },
  ],
  'batch-normalization': [{ operands: [map, spread([2]), spread([2], 5)], attributes: {} }],
  'layer-normalization': [
    { operands: [tokens, spread([6]), spread([6], 9)], attributes: { axis: 2, epsilon: 1e-5 } },
    { operands: [map], attributes: { axis: 1, epsilon: 1e-3 } },
    { operands: [map, spread([4])], attributes: { axis: 2, epsilon: 1e-3 } },
  ],
  clip: [{ operands: [map], attributes: { min: -0.5, max: 0.25 } }],
  'leaky-relu': [{ operands: [map], attributes: { alpha: 0.1 } }],
  elu: [{ operands: [map], attributes: { alpha: 1.5 } }],
  selu: [{ operands: [map], attributes: { alpha: 1.6732632, gamma: 1.050701 } }],
  'hard-sigmoid': [{ operands: [map], attributes: { alpha: 0.2, beta: 0.5 } }],
  gelu: [
    { operands: [tokens], attributes: { approximate: 'none' } },
    { operands: [tokens], attributes: { approximate: 'tanh' } },
  ],
  ...Object.fromEntries(
    [
      ...[
        'relu',
        'sigmoid',
        'hard-swish',
        'softplus',
        'softsign',
        'tanh',
        'erf',
        'sqrt',
        'exp',
        'log',
        'neg',
        'abs',
      ],
      ...['reciprocal', 'floor', 'ceil', 'round', 'sign', 'not', 'truncate', 'identity'],
    ].map((name): [string, Example[]] => [name, [{ operands: [tokens], attributes: {} }]]),
  ),
  ...Object.fromEntries(
    [
      ...[
        'add',
        'sub',
        'mul',
        'div',
        'pow',
        'min',
        'max',
        'prelu',
        'mod',
        'equal',
        'greater',
        'greater-or-equal',
      ],
      ...['less', 'less-or-equal', 'and', 'or'],
    ].map((name): [string, Example[]] => [
      name,
      [
        { operands: [map, map], attributes: {} },
        { operands: [map, [1, 2, 1, 1]], attributes: {} },
        { operands: [[4], map], attributes: {} },
        { operands: [tokens, [5, 1]], attributes: {} },
        {
          operands: [
            [1, 1, 4],
            [1, 5, 1],
          ],
          attributes: {},
        },
      ],
    ]),
  ),
  where: [
    { operands: [map, spread([1, 2, 1, 1]), spread([])], attributes: {} },
    { operands: [map, [1, 2, 5, 1], [4]], attributes: {} },
  ],
  softmax: [
    { operands: [tokens], attributes: { axes: [2] } },
    { operands: [tokens], attributes: { axes: [1] } },
    { operands: [map], attributes: { axes: [1, 2, 3] } },
  ],
  'log-softmax': [{ operands: [tokens], attributes: { axes: [2] } }],
  'max-pool': [
    { operands: [map], attributes: pooling },
    {
      operands: [[1, 2, 7, 7]],
      attributes: { ...pooling, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceilMode: 1 },
    },
    {
      operands: [[1, 2, 9]],
      attributes: { ...pooling, kernel: [2], strides: [3], dilations: [3], pads: [1, 0] },
    },
  ],
  'average-pool': [
    { operands: [map], attributes: { ...pooling, strides: [2, 2], ceilMode: 1 } },
    {
      operands: [[1, 2, 6, 6]],
      attributes: { ...pooling, kernel: [3, 3], pads: [1, 1, 1, 1], countIncludePad: 1 },
    },
  ],
  'global-average-pool': [{ operands: [map], attributes: {} }],
  'global-max-pool': [{ operands: [[1, 3, 7]], attributes: {} }],
  ...Object.fromEntries(
    ['mean', 'sum', 'max', 'min', 'product', 'l2', 'sum-square'].map((name): [string, Example[]] => [
      `reduce-${name}`,
      [
        { operands: [tokens], attributes: { axes: [1], keepDims: 0 } },
        { operands: [tokens], attributes: { axes: [2], keepDims: 1 } },
        { operands: [map], attributes: { axes: [2, 3], keepDims: 0 } },
        { operands: [map], attributes: { axes: [1], keepDims: 0 } },
      ],
    ]),
  ),
  'arg-max': [{ operands: [tokens], attributes: { axis: 2 } }],
  reshape: [
    { operands: [map], attributes: { shape: [1, 2, 20] } },
    { operands: [map], attributes: { shape: [1, 40] } },
    { operands: [tokens], attributes: { shape: [5, 2, 3] } },
    { operands: [map], attributes: { shape: [1, 8, 5] }, conservative: true },
  ],
  transpose: [
    { operands: [tokens], attributes: { perm: [0, 2, 1] } },
    { operands: [map], attributes: { perm: [0, 2, 3, 1] } },
    { operands: [map], attributes: { perm: [0, 1, 3, 2] } },
    { operands: [[1, 1, 5, 6]], attributes: { perm: [1, 2, 0, 3] } },
  ],
  concat: [
    { operands: [map, [1, 3, 5, 4]], attributes: { axis: 1 } },
    { operands: [spread([1, 2, 6]), tokens], attributes: { axis: 1 } },
    {
      operands: [
        [1, 1, 6],
        [1, 1, 6],
      ],
      attributes: { axis: 1 },
    },
  ],
  slice: [
    { operands: [map], attributes: { starts: [0, 1, 4, 0], steps: [1, 1, -2, 1], counts: [1, 1, 3, 3] } },
    { operands: [tokens], attributes: { starts: [0, 1, 0], steps: [1, 2, 1], counts: [1, 2, 6] } },
  ],
  gather: [
    { operands: [tokens], attributes: { axis: 1, indices: [3], indexShape: [] } },
    { operands: [tokens], attributes: { axis: 1, indices: [4, 0, 2], indexShape: [3] } },
    { operands: [map], attributes: { axis: 3, indices: [0, 1, 1, 2], indexShape: [2, 2] } },
  ],
  embedding: [{ operands: [spread([4, 3]), [1, 5]], attributes: {}, conservative: true }],
  pad: [
    {
      operands: [map],
      attributes: { mode: 'constant', value: 0.5, before: [0, 0, 1, 2], after: [0, 1, 0, 1] },
    },
    { operands: [map], attributes: { mode: 'edge', value: 0, before: [0, 0, 2, -1], after: [0, 0, 1, 1] } },
    { operands: [map], attributes: { mode: 'reflect', value: 0, before: [0, 0, 2, 1], after: [0, 0, 3, 2] } },
  ],
  expand: [
    { operands: [[1, 5, 1]], attributes: { shape: [2, 1, 3] } },
    { operands: [[4]], attributes: { shape: [1, 3, 4] } },
  ],
};
