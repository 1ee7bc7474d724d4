import { describe, expect, test } from 'vitest';
import { isConstant } from '../../../src/network/network.ts';
import { floats, type ModelNode, type ModelTensor, networkOf, run, spreadTensor, whole } from './model.ts';

/** A node in one line: `type inputs → outputs`. */
function node(text: string, attributes: ModelNode['attributes'] = {}): ModelNode {
  const [left, right] = text.split(' → ');
  const [type, ...inputs] = left!.split(' ');
  return { type: type!, inputs, outputs: right!.split(' '), attributes: attributes ?? {} };
}

const scalars: Record<string, ModelTensor> = {
  half: floats([], [0.5]),
  one: floats([], [1]),
  two: floats([], [2]),
  three: floats([], [3]),
  minusHalf: floats([], [-0.5]),
  root2: floats([], [Math.SQRT2]),
  inverseRoot2: floats([], [Math.SQRT1_2]),
  rootTwoOverPi: floats([], [Math.sqrt(2 / Math.PI)]),
  cubic: floats([], [0.044715]),
  epsilon: floats([], [1e-5]),
  last: whole(-1),
};

const tokens = { dims: [1, 3, 4] };
const sample = spreadTensor([1, 3, 4]).values.map((x) => 3 * x);

/** Layer normalization of rows of four, in plain loops. */
function normalised(
  values: readonly number[],
  scale: readonly number[],
  shift: readonly number[],
  epsilon = 1e-5,
): number[] {
  return values.map((x, i) => {
    const row = values.slice(4 * Math.floor(i / 4), 4 * Math.floor(i / 4) + 4);
    const mean = row.reduce((a, b) => a + b, 0) / 4;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
    return ((x - mean) / Math.sqrt(variance + epsilon)) * scale[i % 4]! + shift[i % 4]!;
  });
}

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
}

describe('layer normalization', () => {
  const scale = floats([4], [1, -2, 0.5, 3]);
  const shift = floats([4], [0.1, 0.2, -0.3, 0]);
  const initializers = { ...scalars, scale, shift };
  const mean = node('ReduceMean x → mean', { axes: [-1] });
  const torch = [
    mean,
    node('Sub x mean → d'),
    node('Pow d two → sq'),
    node('ReduceMean sq → var', { axes: [-1] }),
    node('Add var epsilon → v'),
    node('Sqrt v → s'),
    node('Div d s → n'),
  ];
  const affine = [node('Mul n scale → m'), node('Add m shift → y')];

  test('of one node', () => {
    const nodes = [node('LayerNormalization x scale shift → y', { epsilon: 1e-3 })];
    expectClose(
      run({ nodes, input: tokens, initializers }, sample).values,
      normalised(sample, scale.values, shift.values, 1e-3),
    );
  });

  const forms: Record<string, readonly ModelNode[]> = {
    'of PyTorch': [...torch, ...affine],
    'with operands swapped': [...torch, node('Mul scale n → m'), node('Add shift m → y')],
    'with the difference computed twice': [
      mean,
      node('Sub x mean → d'),
      node('Sub x mean → d2'),
      node('Mul d2 d2 → sq'),
      ...torch.slice(3),
      ...affine,
    ],
    'with a reciprocal': [...torch.slice(0, 6), node('Reciprocal s → r'), node('Mul d r → n'), ...affine],
    'with a power of −½': [...torch.slice(0, 5), node('Pow v minusHalf → r'), node('Mul r d → n'), ...affine],
    'with the scale on the reciprocal': [
      ...torch.slice(0, 6),
      node('Reciprocal s → r'),
      node('Mul r scale → rs'),
      node('Mul d rs → m'),
      node('Add m shift → y'),
    ],
    'of TensorFlow': [
      ...torch.slice(0, 6),
      node('Reciprocal s → r'),
      node('Mul r scale → rs'),
      node('Mul x rs → xs'),
      node('Mul mean rs → ms'),
      node('Sub shift ms → rest'),
      node('Add xs rest → y'),
    ],
    'with axes as an operand': [
      node('ReduceMean x last → mean'),
      ...torch.slice(1, 3),
      node('ReduceMean sq last → var'),
      ...torch.slice(4),
      ...affine,
    ],
  };

  test.each(Object.entries(forms))('%s becomes one layer', (name, nodes) => {
    const opset = name.includes('operand') ? 18 : 17;
    const result = run({ nodes, input: tokens, initializers, opset }, sample);
    expect(result.operators).toEqual(['layer-normalization']);
    expectClose(result.values, normalised(sample, scale.values, shift.values));
  });

  test('without scale or shift, or with one of them', () => {
    const bare = [...torch.slice(0, 6), node('Div d s → y')];
    expectClose(
      run({ nodes: bare, input: tokens, initializers }, sample).values,
      normalised(sample, [1, 1, 1, 1], [0, 0, 0, 0]),
    );
    const shifted = run({ nodes: [...torch, node('Add n shift → y')], input: tokens, initializers }, sample);
    expect(shifted.operators).toEqual(['layer-normalization']);
    expectClose(shifted.values, normalised(sample, [1, 1, 1, 1], shift.values));
  });

  test('is left alone where it is none: other axes, no epsilon, another numerator', () => {
    const spread = [
      ...torch.slice(0, 3),
      node('ReduceMean sq → var', { axes: [1] }),
      ...torch.slice(4),
      ...affine,
    ];
    expect(run({ nodes: spread, input: tokens, initializers }, sample).operators).not.toContain(
      'layer-normalization',
    );
    const bare = [...torch.slice(0, 4), node('Sqrt var → s'), node('Div d s → n'), ...affine];
    expect(run({ nodes: bare, input: tokens, initializers }, sample).operators).not.toContain(
      'layer-normalization',
    );
    const other = [...torch.slice(0, 6), node('Div x s → n'), ...affine];
    expect(run({ nodes: other, input: tokens, initializers }, sample).operators).not.toContain(
      'layer-normalization',
    );
    const inner = [
      node('ReduceMean x → mean', { axes: [1] }),
      ...torch.slice(1, 3),
      node('ReduceMean sq → var', { axes: [1] }),
      ...torch.slice(4),
      ...affine,
    ];
    expect(run({ nodes: inner, input: tokens, initializers }, sample).operators).not.toContain(
      'layer-normalization',
    );
  });
});

describe('GELU', () => {
  /** By Simpson's rule: shares nothing with the function under test. */
  const exact = (x: number) => {
    let sum = 0;
    for (let i = 0; i <= 1000; i++) {
      const weight = i === 0 || i === 1000 ? 1 : i % 2 === 1 ? 4 : 2;
      sum += weight * Math.exp(-0.5 * ((i * x) / 1000) ** 2);
    }
    return x * (0.5 + (sum * x) / 3000 / Math.sqrt(2 * Math.PI));
  };
  const byTanh = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

  const erfForms: Record<string, readonly ModelNode[]> = {
    'x·(1 + erf(x/√2))·½': [
      node('Div x root2 → q'),
      node('Erf q → e'),
      node('Add e one → g'),
      node('Mul x g → p'),
      node('Mul p half → y'),
    ],
    'x·½·(1 + erf)': [
      node('Mul x inverseRoot2 → q'),
      node('Erf q → e'),
      node('Add one e → g'),
      node('Mul x half → p'),
      node('Mul p g → y'),
    ],
    'x·(½·(1 + erf))': [
      node('Mul x inverseRoot2 → q'),
      node('Erf q → e'),
      node('Add e one → g'),
      node('Mul half g → p'),
      node('Mul p x → y'),
    ],
    'x·(1 + erf)/2': [
      node('Div x root2 → q'),
      node('Erf q → e'),
      node('Add e one → g'),
      node('Mul x g → p'),
      node('Div p two → y'),
    ],
  };
  test.each(Object.entries(erfForms))('%s becomes one layer', (_name, nodes) => {
    const result = run({ nodes, input: tokens, initializers: scalars }, sample);
    expect(result.operators).toEqual(['gelu']);
    expectClose(result.values, sample.map(exact));
  });

  const tanhTail = [node('Tanh t → h'), node('Add h one → g'), node('Mul x g → p'), node('Mul p half → y')];
  const tanhForms: Record<string, readonly ModelNode[]> = {
    'with a power': [
      node('Pow x three → c'),
      node('Mul c cubic → k'),
      node('Add x k → i'),
      node('Mul i rootTwoOverPi → t'),
      ...tanhTail,
    ],
    'with products': [
      node('Mul x x → x2'),
      node('Mul x2 x → c'),
      node('Mul cubic c → k'),
      node('Add k x → i'),
      node('Mul rootTwoOverPi i → t'),
      ...tanhTail,
    ],
    'with x taken out': [
      node('Mul x x → x2'),
      node('Mul x2 cubic → k'),
      node('Add one k → i'),
      node('Mul x rootTwoOverPi → l'),
      node('Mul l i → t'),
      ...tanhTail,
    ],
  };
  test.each(Object.entries(tanhForms))('by tanh %s becomes one layer', (_name, nodes) => {
    const result = run({ nodes, input: tokens, initializers: scalars }, sample);
    expect(result.operators).toEqual(['gelu']);
    expect(result.network.layers[0]!.attributes).toEqual({ approximate: 'tanh' });
    expectClose(result.values, sample.map(byTanh));
  });

  test('is left alone where a constant differs', () => {
    const nodes = [
      node('Div x two → q'),
      node('Erf q → e'),
      node('Add e one → g'),
      node('Mul x g → p'),
      node('Mul p half → y'),
    ];
    expect(run({ nodes, input: tokens, initializers: scalars }, sample).operators).not.toContain('gelu');
    const quarter = [
      ...erfForms['x·(1 + erf(x/√2))·½']!.slice(0, 4),
      node('Mul p one → z'),
      node('Mul z half → w'),
      node('Mul w half → y'),
    ];
    const result = run({ nodes: quarter, input: tokens, initializers: scalars }, sample);
    expectClose(
      result.values,
      sample.map((x) => exact(x) / 2),
    );
  });
});

describe('what scales and shifts the columns of a matrix', () => {
  const map = { dims: [1, 2, 3, 3] };
  const image = spreadTensor([1, 2, 3, 3], 4).values;
  const w = spreadTensor([4, 2, 3, 3], 9);
  const statistics = {
    gamma: floats([4], [1, 2, -1, 0.5]),
    beta: floats([4], [0, 1, 2, 3]),
    mean: floats([4], [0.5, -0.5, 1, 0]),
    variance: floats([4], [1, 4, 0.25, 2]),
  };
  const convolution = (output: string, ...more: string[]) =>
    node(['Conv x w', ...more, '→', output].join(' '), { pads: [1, 1, 1, 1] });

  function plainConv(bias?: ModelTensor): number[] {
    const nodes = [convolution('y', ...(bias === undefined ? [] : ['b']))];
    return run({ nodes, input: map, initializers: { w, ...(bias && { b: bias }) } }, image).values;
  }

  test.each([undefined, floats([4], [1, 2, 3, 4])])(
    'batch normalization goes into the convolution before it',
    (bias) => {
      const nodes = [
        convolution('c', ...(bias === undefined ? [] : ['b'])),
        node('BatchNormalization c gamma beta mean variance → y', { epsilon: 1e-3 }),
      ];
      const initializers = { w, ...statistics, ...(bias && { b: bias }) };
      const result = run({ nodes, input: map, initializers }, image);
      expect(result.operators).toEqual(['conv']);
      const expected = plainConv(bias).map((value, i) => {
        const c = Math.floor(i / 9);
        const { gamma, beta, mean, variance } = statistics;
        return (
          ((value - mean.values[c]!) / Math.sqrt(variance.values[c]! + 1e-3)) * gamma.values[c]! +
          beta.values[c]!
        );
      });
      expectClose(result.values, expected);
    },
  );

  test('batch normalization stays where something else reads the convolution, or nothing stands before it', () => {
    const shared = [
      convolution('c'),
      node('BatchNormalization c gamma beta mean variance → n'),
      node('Add n c → y'),
    ];
    const result = run({ nodes: shared, input: map, initializers: { w, ...statistics } }, image);
    expect(result.operators).toEqual(['conv', 'batch-normalization', 'add']);
    const { gamma, beta, mean, variance } = statistics;
    const affine = (x: number, c: number) =>
      ((x - mean.values[c]!) / Math.sqrt(variance.values[c]! + 1e-5)) * gamma.values[c]! + beta.values[c]!;
    expectClose(
      result.values,
      plainConv().map((value, i) => value + affine(value, Math.floor(i / 9))),
    );
    const alone = [node('BatchNormalization x gamma beta mean variance → y')];
    const plain = run({ nodes: alone, input: { dims: [1, 4] }, initializers: statistics }, [1, 2, 3, 4]);
    expect(plain.operators).toEqual(['batch-normalization']);
    expectClose(plain.values, [1, 2, 3, 4].map(affine));
  });

  test('a chain of products, sums, differences and quotients by constants goes in', () => {
    const nodes = [
      convolution('c'),
      node('Mul c scale → m'),
      node('Sub m offset → s'),
      node('Div s two → d'),
      node('Sub one d → y'),
    ];
    const initializers = {
      w,
      ...scalars,
      scale: floats([4, 1, 1], [1, 2, 3, 4]),
      offset: floats([1, 4, 1, 1], [4, 3, 2, 1]),
    };
    const result = run({ nodes, input: map, initializers }, image);
    expect(result.operators).toEqual(['conv']);
    const expected = plainConv().map((value, i) => {
      const c = Math.floor(i / 9);
      return 1 - (value * (c + 1) - (4 - c)) / 2;
    });
    expectClose(result.values, expected);
  });

  test('what varies within a channel stays', () => {
    const nodes = [convolution('c'), node('Mul c scale → y')];
    const result = run({ nodes, input: map, initializers: { w, scale: floats([3], [1, 2, 3]) } }, image);
    expect(result.operators).toEqual(['conv', 'mul']);
    expectClose(
      result.values,
      plainConv().map((value, i) => value * ((i % 3) + 1)),
    );
  });

  test('a constant divided by a layer, and a sum that grows, stay', () => {
    const nodes = [node('MatMul x v → z'), node('Div one z → y')];
    const v = spreadTensor([2, 3], 3);
    expect(run({ nodes, initializers: { ...scalars, v } }, [1, 2]).operators).toEqual(['matmul', 'div']);
    const grown = [node('MatMul x v → z'), node('Add z c → y')];
    const result = run({ nodes: grown, initializers: { v, c: spreadTensor([2, 1, 3], 1) } }, [1, 2]);
    expect(result.operators).toEqual(['matmul', 'add']);
    expect(result.shape).toEqual([2, 1, 3]);
  });

  test.each([0, 1])('they go into a Gemm with alpha, beta and transB = %i', (transB) => {
    const v = transB === 1 ? spreadTensor([3, 2], 3) : spreadTensor([2, 3], 3);
    const nodes = [
      node('Gemm x v b → g', { alpha: 0.5, beta: { float: 2 }, transB }),
      node('Mul g scale → m'),
      node('Add m shift → y'),
    ];
    const initializers = {
      v,
      b: floats([3], [1, 2, 3]),
      scale: floats([3], [2, 3, 4]),
      shift: floats([1], [10]),
    };
    const result = run({ nodes, initializers }, [1, -2]);
    expect(result.operators).toEqual(['gemm']);
    const weight = (row: number, column: number) =>
      v.values[transB === 1 ? column * 2 + row : row * 3 + column]!;
    const expected = [0, 1, 2].map(
      (c) => (0.5 * (weight(0, c) - 2 * weight(1, c)) + 2 * (c + 1)) * (c + 2) + 10,
    );
    expectClose(result.values, expected);
  });
});

describe('other rewriting', () => {
  test('zeros around a map go into the convolution behind', () => {
    const w = spreadTensor([1, 1, 3, 3]);
    const image = spreadTensor([1, 1, 4, 4], 7).values;
    const pads = whole(0, 0, 0, 1, 0, 0, 2, 1);
    const nodes = [node('Pad x pads → p'), node('Conv p w → y', { pads: [1, 0, 0, 0] })];
    const result = run({ nodes, input: { dims: [1, 1, 4, 4] }, initializers: { w, pads } }, image);
    expect(result.operators).toEqual(['conv']);
    const whole1 = [node('Conv x w → y', { pads: [1, 1, 2, 1] })];
    expect(result.values).toEqual(
      run({ nodes: whole1, input: { dims: [1, 1, 4, 4] }, initializers: { w } }, image).values,
    );
    const ones = { nodes: [node('Pad x pads one → p'), node('Conv p w → y')], input: { dims: [1, 1, 4, 4] } };
    const kept = run({ ...ones, initializers: { w, pads, one: floats([], [1]) } }, image);
    expect(kept.operators).toEqual(['pad', 'conv']);
  });

  test('equal layers are computed once', () => {
    const nodes = [node('Relu x → a'), node('Relu x → b'), node('Add a b → y')];
    const result = run({ nodes }, [3, -1]);
    expect(result.operators).toEqual(['relu', 'add']);
    expect(result.values).toEqual([6, 0]);
  });

  test('what the output does not need is left out, unsupported or not', () => {
    const nodes = [node('Frobnicate x → z'), node('Relu x → y'), node('Exp y → unused')];
    expect(networkOf({ nodes }).layers.map((layer) => layer.operator)).toEqual(['relu']);
  });

  test('constants are weights, not layers', () => {
    const nodes = [
      node('Constant → c', { value: floats([2], [3, 4]) }),
      node('Transpose w → t'),
      node('Mul t c → s'),
      node('MatMul x s → y'),
    ];
    const network = networkOf({ nodes, initializers: { w: floats([2, 2], [1, 2, 3, 4]) } });
    expect(network.layers.map((layer) => layer.operator)).toEqual(['matmul']);
    const weights = network.layers[0]!.inputs[1]!;
    // [[1, 2], [3, 4]] transposed, its columns times 3 and 4
    expect(isConstant(weights) && Array.from(weights.data)).toEqual([3, 12, 6, 16]);
  });
});
