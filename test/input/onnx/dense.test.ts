import { describe, expect, test } from 'vitest';
import { operators } from '../../../src/network/operators/index.ts';
import { floats, type ModelNode, type ModelTensor, run, spreadTensor } from './model.ts';

/** Product of row-major matrices [m][k] · [k][n], in plain loops. */
function product(a: readonly number[], b: readonly number[], m: number, k: number, n: number): number[] {
  const result: number[] = [];
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[i * n + column]!;
      result.push(sum);
    }
  }
  return result;
}

function transpose(values: readonly number[], rows: number, columns: number): number[] {
  return Array.from(
    { length: values.length },
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
}

const kinds = (network: ReturnType<typeof run>['network']) =>
  network.layers.map((layer) => operators.get(layer.operator).lower(layer).kind);

describe('Gemm', () => {
  const w = spreadTensor([4, 3], 5);
  const x = spreadTensor([2, 4], 2).values;
  const bias = floats([3], [1, -2, 3]);

  test.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])('with transA = %i and transB = %i', (transA, transB) => {
    const stored = transB === 1 ? { dims: [3, 4], values: transpose(w.values, 4, 3) } : w;
    const dims = transA === 1 ? [4, 2] : [2, 4];
    const sample = transA === 1 ? transpose(x, 2, 4) : x;
    const attributes = { alpha: 0.5, beta: { float: 2 }, transA, transB };
    const parts = {
      nodes: [
        { type: 'Reshape', inputs: ['x', 'dims'], outputs: ['a'] },
        { type: 'Gemm', inputs: ['a', 'w', 'bias'], outputs: ['y'], attributes },
      ],
      input: { dims: [1, 8] },
      initializers: { dims: { dims: [2], values: dims, type: 'int64' as const }, w: stored, bias },
    };
    const { values, network } = run(parts, sample);
    expectClose(
      values,
      product(x, w.values, 2, 4, 3).map((value, i) => 0.5 * value + 2 * bias.values[i % 3]!),
    );
    expect(kinds(network)).toEqual(['view', 'mvm']);
  });

  test('with the constant on the left', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'dims'], outputs: ['b'] },
      { type: 'Gemm', inputs: ['w', 'b', 'bias'], outputs: ['y'] },
    ];
    const b = spreadTensor([3, 2], 9);
    const initializers = {
      dims: { dims: [2], values: [3, 2], type: 'int64' as const },
      w,
      bias: floats([4, 1], [1, 2, 3, 4]),
    };
    const { values, network } = run({ nodes, input: { dims: [1, 6] }, initializers }, b.values);
    expectClose(
      values,
      product(w.values, b.values, 4, 3, 2).map((value, i) => value + 1 + Math.floor(i / 2)),
    );
    expect(kinds(network)).toEqual(['view', 'mvm']);
  });

  test('of two activations is a product for a digital core', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'dims'], outputs: ['a'] },
      {
        type: 'Gemm',
        inputs: ['a', 'a', 'bias'],
        outputs: ['y'],
        attributes: { transB: 1, alpha: { float: 3 } },
      },
    ];
    const initializers = {
      dims: { dims: [2], values: [2, 4], type: 'int64' as const },
      bias: floats([1], [7]),
    };
    const { values, network } = run({ nodes, input: { dims: [1, 8] }, initializers }, x);
    expectClose(
      values,
      product(x, transpose(x, 2, 4), 2, 4, 2).map((value) => 3 * value + 7),
    );
    expect(kinds(network)).toContain('product');
  });

  test('a bias that varies along the positions stays a sum', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'dims'], outputs: ['a'] },
      { type: 'Gemm', inputs: ['a', 'w', 'c'], outputs: ['y'] },
    ];
    const c = spreadTensor([2, 3], 20);
    const initializers = { dims: { dims: [2], values: [2, 4], type: 'int64' as const }, w, c };
    const { values, operators: names } = run({ nodes, input: { dims: [1, 8] }, initializers }, x);
    expectClose(
      values,
      product(x, w.values, 2, 4, 3).map((value, i) => value + c.values[i]!),
    );
    expect(names).toEqual(['reshape', 'gemm', 'add']);
  });

  test('sizes that do not fit are refused', () => {
    const node = { type: 'Gemm', name: 'fc', inputs: ['x', 'w'], outputs: ['y'] };
    expect(() => run({ nodes: [node], initializers: { w } }, [1, 2])).toThrow(
      'node "fc" (Gemm): gemm cannot multiply [1, 2] by [4, 3]',
    );
  });
});

describe('MatMul', () => {
  const x = spreadTensor([1, 5, 4]);

  function matmul(
    inputs: readonly string[],
    initializers: Record<string, ModelTensor>,
    more: readonly ModelNode[] = [],
  ) {
    const nodes = [{ type: 'MatMul', inputs, outputs: more.length === 0 ? ['y'] : ['z'] }, ...more];
    return run({ nodes, input: { dims: [1, 5, 4] }, initializers }, x.values);
  }

  test('with a constant on the right is an MVM per token', () => {
    const w = spreadTensor([4, 3], 7);
    const { values, shape, network } = matmul(['x', 'w'], { w });
    expect(shape).toEqual([1, 5, 3]);
    expectClose(values, product(x.values, w.values, 5, 4, 3));
    expect(kinds(network)).toEqual(['mvm']);
  });

  test('with a constant on the left is an MVM per column', () => {
    const w = spreadTensor([6, 5], 7);
    const { values, shape, network } = matmul(['w', 'x'], { w });
    expect(shape).toEqual([1, 6, 4]);
    expectClose(values, product(w.values, x.values, 6, 5, 4));
    expect(kinds(network)).toEqual(['mvm']);
  });

  test('takes in a constant that is added, on either side', () => {
    const w = spreadTensor([4, 3], 7);
    const add = { type: 'Add', inputs: ['bias', 'z'], outputs: ['y'] };
    const bias = floats([3], [1, 2, 3]);
    const { values, operators: names } = matmul(['x', 'w'], { w, bias }, [add]);
    expect(names).toEqual(['matmul']);
    expectClose(
      values,
      product(x.values, w.values, 5, 4, 3).map((value, i) => value + 1 + (i % 3)),
    );
  });

  test('does not take in what varies along the tokens or what others use', () => {
    const w = spreadTensor([4, 3], 7);
    const add = { type: 'Add', inputs: ['z', 'bias'], outputs: ['y'] };
    expect(matmul(['x', 'w'], { w, bias: spreadTensor([5, 3]) }, [add]).operators).toEqual(['matmul', 'add']);
    const shared = [
      { type: 'Add', inputs: ['z', 'bias'], outputs: ['s'] },
      { type: 'Mul', inputs: ['z', 's'], outputs: ['y'] },
    ];
    const result = matmul(['x', 'w'], { w, bias: floats([3], [1, 2, 3]) }, shared);
    expect(result.operators).toEqual(['matmul', 'add', 'mul']);
    expectClose(
      result.values,
      product(x.values, w.values, 5, 4, 3).map((z, i) => z * (z + 1 + (i % 3))),
    );
  });

  test('of two activations broadcasts over batches', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'left'], outputs: ['a'] },
      { type: 'Reshape', inputs: ['x', 'right'], outputs: ['b'] },
      { type: 'MatMul', inputs: ['a', 'b'], outputs: ['y'] },
    ];
    const left = { dims: [4], values: [1, 2, 5, 2], type: 'int64' as const };
    const right = { dims: [3], values: [1, 2, 10], type: 'int64' as const };
    const { values, shape, network } = run(
      { nodes, input: { dims: [1, 5, 4] }, initializers: { left, right } },
      x.values,
    );
    expect(shape).toEqual([1, 2, 5, 10]);
    const [first, second] = [x.values.slice(0, 10), x.values.slice(10)];
    expectClose(values, [...product(first, x.values, 5, 2, 10), ...product(second, x.values, 5, 2, 10)]);
    expect(kinds(network)).toEqual(['view', 'view', 'product']);
  });

  test('with a batch of constant matrices is a product', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'dims'], outputs: ['a'] },
      { type: 'MatMul', inputs: ['a', 'w'], outputs: ['y'] },
    ];
    const w = spreadTensor([2, 2, 3], 7);
    const dims = { dims: [4], values: [1, 2, 5, 2], type: 'int64' as const };
    const { values, network } = run(
      { nodes, input: { dims: [1, 5, 4] }, initializers: { dims, w } },
      x.values,
    );
    const parts = [0, 1].map((b) =>
      product(x.values.slice(10 * b, 10 * b + 10), w.values.slice(6 * b, 6 * b + 6), 5, 2, 3),
    );
    expectClose(values, parts.flat());
    expect(kinds(network)).toEqual(['view', 'product']);
  });
});
