import { describe, expect, test } from 'vitest';
import { floats, type ModelNode, type ModelTensor, run } from './model.ts';

/** Simpson's rule with 2000 intervals: an error function that shares nothing with the one under test. */
function erf(x: number): number {
  const [steps, width] = [2000, x / 2000];
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2));
  }
  return (2 / Math.sqrt(Math.PI)) * (width / 3) * sum;
}

const samples = [-7, -3, -2.5, -1.5, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 1.5, 2.5, 3, 7];

const unary: readonly [string, ModelNode['attributes'], (x: number) => number][] = [
  ['Relu', {}, (x) => Math.max(x, 0)],
  ['LeakyRelu', {}, (x) => (x < 0 ? 0.01 * x : x)],
  ['LeakyRelu', { alpha: 0.3 }, (x) => (x < 0 ? 0.3 * x : x)],
  ['Elu', { alpha: { float: 2 } }, (x) => (x < 0 ? 2 * (Math.exp(x) - 1) : x)],
  ['Selu', { alpha: 1.5, gamma: 1.25 }, (x) => 1.25 * (x < 0 ? 1.5 * (Math.exp(x) - 1) : x)],
  ['Sigmoid', {}, (x) => 1 / (1 + Math.exp(-x))],
  ['Tanh', {}, Math.tanh],
  ['HardSigmoid', {}, (x) => Math.max(0, Math.min(1, 0.2 * x + 0.5))],
  ['HardSigmoid', { alpha: 1 / 6, beta: 0.5 }, (x) => Math.max(0, Math.min(1, x / 6 + 0.5))],
  ['HardSwish', {}, (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))],
  ['Gelu', {}, (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  [
    'Gelu',
    { approximate: 'tanh' },
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ],
  ['Erf', {}, erf],
  ['Softplus', {}, (x) => Math.log(1 + Math.exp(x))],
  ['Softsign', {}, (x) => x / (1 + Math.abs(x))],
  ['Exp', {}, Math.exp],
  ['Neg', {}, (x) => -x],
  ['Abs', {}, Math.abs],
  ['Sign', {}, Math.sign],
  ['Floor', {}, Math.floor],
  ['Ceil', {}, Math.ceil],
  ['Round', {}, (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))],
  ['Not', {}, (x) => (x === 0 ? 1 : 0)],
  ['Cast', { to: 7 }, Math.trunc],
  ['Cast', { to: 9 }, (x) => (x === 0 ? 0 : 1)],
];

describe('functions of one operand', () => {
  test.each(unary)('%s %o', (type, attributes, formula) => {
    const node = { type, inputs: ['x'], outputs: ['y'], attributes: attributes ?? {} };
    const { values } = run({ nodes: [node], input: { dims: [1, samples.length] } }, samples);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(formula(samples[i]!), Math.abs(value) > 100 ? 3 : 5);
    });
  });

  test.each([
    ['Sqrt', Math.sqrt],
    ['Log', Math.log],
    ['Reciprocal', (x: number) => 1 / x],
  ])('%s of positive numbers', (type, formula) => {
    const positive = samples.filter((x) => x > 0);
    const node = { type, inputs: ['x'], outputs: ['y'] };
    const { values } = run({ nodes: [node], input: { dims: [1, positive.length] } }, positive);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(formula(positive[i]!), 5);
    });
  });

  test('Clip takes its bounds as operands or, before operator set 11, as attributes', () => {
    const bounds = { low: floats([], [-1]), high: floats([], [2]) };
    const clipped = samples.map((x) => Math.min(2, Math.max(-1, x)));
    const input = { dims: [1, samples.length] };
    const both = { type: 'Clip', inputs: ['x', 'low', 'high'], outputs: ['y'] };
    expect(run({ nodes: [both], input, initializers: bounds }, samples).values).toEqual(
      clipped.map(Math.fround),
    );
    const high = { type: 'Clip', inputs: ['x', '', 'high'], outputs: ['y'] };
    const below2 = samples.map((x) => Math.fround(Math.min(2, x)));
    expect(run({ nodes: [high], input, initializers: bounds }, samples).values).toEqual(below2);
    const old = {
      type: 'Clip',
      inputs: ['x'],
      outputs: ['y'],
      attributes: { min: { float: -1 }, max: { float: 2 } },
    };
    expect(run({ nodes: [old], input, opset: 10 }, samples).values).toEqual(clipped.map(Math.fround));
  });
});

const binary: readonly [string, (a: number, b: number) => number][] = [
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => a / b],
  ['Min', Math.min],
  ['Max', Math.max],
  ['PRelu', (a, b) => (a < 0 ? a * b : a)],
  ['Mod', (a, b) => a - Math.floor(a / b) * b],
  ['Equal', (a, b) => Number(a === b)],
  ['Greater', (a, b) => Number(a > b)],
  ['GreaterOrEqual', (a, b) => Number(a >= b)],
  ['Less', (a, b) => Number(a < b)],
  ['LessOrEqual', (a, b) => Number(a <= b)],
  ['And', (a, b) => Number(a !== 0 && b !== 0)],
  ['Or', (a, b) => Number(a !== 0 || b !== 0)],
];

/** Shapes of the second operand against [1, 2, 3, 2], and which of its elements meets element i. */
const broadcasts: readonly [string, ModelTensor, (i: number) => number][] = [
  ['a scalar', floats([], [2]), () => 0],
  ['the last axis', floats([2], [2, -1]), (i) => i % 2],
  ['the channels', floats([2, 1, 1], [3, -2]), (i) => Math.floor(i / 6)],
  ['two axes', floats([1, 1, 3, 2], [1, 2, 3, -1, -2, -3]), (i) => i % 6],
  ['channels and columns', floats([2, 1, 2], [1, 2, 3, -1]), (i) => 2 * Math.floor(i / 6) + (i % 2)],
];

describe('functions of two operands', () => {
  const sample = [-3, -2, -1, 0, 1, 2, 3, 2, 1, 0, -1, -2];
  const input = { dims: [1, 2, 3, 2] };

  test.each(binary)('%s broadcasts', (type, formula) => {
    for (const [, operand, element] of broadcasts) {
      const node = { type, inputs: ['x', 'c'], outputs: ['y'] };
      const { values, shape } = run({ nodes: [node], input, initializers: { c: operand } }, sample);
      expect(shape).toEqual([1, 2, 3, 2]);
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(formula(sample[i]!, operand.values[element(i)]!), 5);
      });
    }
  });

  test('the smaller operand may come first', () => {
    const node = { type: 'Sub', inputs: ['c', 'x'], outputs: ['y'] };
    const { values } = run({ nodes: [node], input, initializers: { c: floats([2], [10, 20]) } }, sample);
    expect(values).toEqual(sample.map((x, i) => (i % 2 === 0 ? 10 : 20) - x));
  });

  test('both operands may grow', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'row'], outputs: ['r'] },
      { type: 'Reshape', inputs: ['x', 'column'], outputs: ['c'] },
      { type: 'Mul', inputs: ['r', 'c'], outputs: ['y'] },
    ];
    const initializers = {
      row: { dims: [3], values: [1, 1, 3], type: 'int64' as const },
      column: { dims: [3], values: [1, 3, 1], type: 'int64' as const },
    };
    const { values, shape } = run({ nodes, input: { dims: [1, 3] }, initializers }, [1, 2, 3]);
    expect(shape).toEqual([1, 3, 3]);
    expect(values).toEqual([1, 2, 3, 2, 4, 6, 3, 6, 9]);
  });

  test('Pow of a positive base', () => {
    const node = { type: 'Pow', inputs: ['x', 'c'], outputs: ['y'] };
    const { values } = run(
      { nodes: [node], input: { dims: [1, 3] }, initializers: { c: floats([], [1.5]) } },
      [1, 2, 4],
    );
    [1, 2 ** 1.5, 8].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 5);
    });
  });

  test('Sum, Max and Min take any number of operands', () => {
    const initializers = { c: floats([2], [1, 5]), d: floats([], [2]) };
    const of = (type: string) =>
      run({ nodes: [{ type, inputs: ['x', 'c', 'd'], outputs: ['y'] }], initializers }, [3, 4]).values;
    expect(of('Sum')).toEqual([6, 11]);
    expect(of('Max')).toEqual([3, 5]);
    expect(of('Min')).toEqual([1, 2]);
  });

  test('Where chooses by a computed condition', () => {
    const nodes = [
      { type: 'Greater', inputs: ['x', 'zero'], outputs: ['positive'] },
      { type: 'Where', inputs: ['positive', 'x', 'other'], outputs: ['y'] },
    ];
    const initializers = { zero: floats([], [0]), other: floats([2], [-5, -6]) };
    expect(run({ nodes, initializers }, [3, -4]).values).toEqual([3, -6]);
  });

  test('shapes that do not broadcast are refused with the node', () => {
    const node = { type: 'Add', name: '/sum', inputs: ['x', 'c'], outputs: ['y'] };
    expect(() => run({ nodes: [node], initializers: { c: floats([3], [1, 2, 3]) } }, [1, 2])).toThrow(
      'hand.onnx: node "/sum" (Add): shapes [1, 2] and [3] do not broadcast',
    );
  });
});
