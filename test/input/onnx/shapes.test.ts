import { describe, expect, test } from 'vitest';
import { floats, type ModelNode, type ModelTensor, run, whole } from './model.ts';

const counting = (length: number): number[] => Array.from({ length }, (_, i) => i + 1);

/** One node on an input of the given shape that counts 1, 2, 3, … */
function one(
  dims: readonly number[],
  node: Omit<ModelNode, 'inputs' | 'outputs'>,
  constants: readonly (ModelTensor | undefined)[] = [],
  opset = 17,
) {
  const initializers: Record<string, ModelTensor> = {};
  const inputs = ['x'];
  constants.forEach((constant, i) => {
    inputs.push(constant === undefined ? '' : `c${i}`);
    if (constant !== undefined) initializers[`c${i}`] = constant;
  });
  const nodes = [{ ...node, inputs, outputs: ['y'] }];
  return run({ nodes, input: { dims }, initializers, opset }, counting(dims.reduce((a, b) => a * b, 1)));
}

describe('views', () => {
  test.each([
    [[1, 2, 6], { type: 'Reshape' }, [whole(0, 3, -1)], [1, 3, 4]],
    [[1, 2, 6], { type: 'Reshape' }, [whole(1, -1)], [1, 12]],
    [[1, 2, 6], { type: 'Flatten' }, [], [1, 12]],
    [[1, 2, 6], { type: 'Flatten', attributes: { axis: 2 } }, [], [2, 6]],
    [[1, 2, 6], { type: 'Flatten', attributes: { axis: 0 } }, [], [1, 12]],
    [[1, 2, 6], { type: 'Flatten', attributes: { axis: 3 } }, [], [12, 1]],
    [[1, 2, 1, 6], { type: 'Squeeze' }, [whole(2)], [1, 2, 6]],
    [[1, 2, 1, 6], { type: 'Squeeze' }, [whole(-2)], [1, 2, 6]],
    [[1, 2, 1, 6], { type: 'Squeeze' }, [], [2, 6]],
    [[1, 2, 6], { type: 'Unsqueeze' }, [whole(1, -1)], [1, 1, 2, 6, 1]],
    [[1, 2, 6], { type: 'Identity' }, [], [1, 2, 6]],
    [[1, 2, 6], { type: 'Dropout' }, [], [1, 2, 6]],
    [[1, 2, 6], { type: 'Cast', attributes: { to: 1 } }, [], [1, 2, 6]],
  ])('of %o by %o %o is %o', (dims, node, constants, shape) => {
    const result = one(dims, node as ModelNode, constants as ModelTensor[]);
    expect(result.shape).toEqual(shape);
    expect(result.values).toEqual(counting(12));
  });

  test('axes as attributes, as before operator set 13', () => {
    expect(one([1, 2, 1], { type: 'Squeeze', attributes: { axes: [2] } }, [], 11).shape).toEqual([1, 2]);
    expect(one([1, 2], { type: 'Unsqueeze', attributes: { axes: [0] } }, [], 11).shape).toEqual([1, 1, 2]);
  });

  test.each([
    [[1, 5], { type: 'Reshape' }, [whole(2, 3)], /\[1, 5\] cannot be reshaped to \[2, 3\]/],
    [[1, 5], { type: 'Reshape' }, [whole(-1, -1)], /cannot be reshaped/],
    [[1, 5], { type: 'Squeeze' }, [whole(1)], /axis 1 of \[1, 5\] is not 1/],
    [[1, 5], { type: 'Squeeze' }, [whole(4)], /axis 4 is outside a tensor of 2 dimensions/],
  ])('%o by %o is refused', (dims, node, constants, message) => {
    expect(() => one(dims, node as ModelNode, constants)).toThrow(message);
  });
});

describe('moves', () => {
  test('Transpose', () => {
    const { values, shape } = one([1, 2, 3], { type: 'Transpose', attributes: { perm: [0, 2, 1] } });
    expect(shape).toEqual([1, 3, 2]);
    expect(values).toEqual([1, 4, 2, 5, 3, 6]);
    expect(one([1, 2, 3], { type: 'Transpose' }).shape).toEqual([3, 2, 1]);
    expect(() => one([1, 2, 3], { type: 'Transpose', attributes: { perm: [0, 0, 1] } })).toThrow(
      /no permutation/,
    );
  });

  test('Concat of computed and constant operands along any axis', () => {
    const c = floats([1, 2, 1], [-1, -2]);
    const { values, shape } = one([1, 2, 3], { type: 'Concat', attributes: { axis: -1 } }, [c]);
    expect(shape).toEqual([1, 2, 4]);
    expect(values).toEqual([1, 2, 3, -1, 4, 5, 6, -2]);
    const row = floats([1, 1, 3], [-1, -2, -3]);
    expect(one([1, 2, 3], { type: 'Concat', attributes: { axis: 1 } }, [row]).values).toEqual([
      1, 2, 3, 4, 5, 6, -1, -2, -3,
    ]);
    expect(() => one([1, 2, 3], { type: 'Concat', attributes: { axis: 0 } }, [c])).toThrow(
      /do not join along axis 0/,
    );
  });

  // [1, 6] of 1…6: starts, ends, axes, steps → values, as NumPy slices
  test.each([
    [[1], [4], [1], [1], [2, 3, 4]],
    [[-3], [2 ** 62], [1], [1], [4, 5, 6]],
    [[0], [-1], [-1], [2], [1, 3, 5]],
    [[-1], [-(2 ** 62)], [1], [-2], [6, 4, 2]],
    [[4], [1], [1], [-1], [5, 4, 3]],
    [[-100], [100], [1], [4], [1, 5]],
  ])('Slice from %o to %o on axis %o by %o', (starts, ends, axes, steps, expected) => {
    const constants = [whole(...starts), whole(...ends), whole(...axes), whole(...steps)];
    expect(one([1, 6], { type: 'Slice' }, constants).values).toEqual(expected);
  });

  test('Slice with attributes, as before operator set 10', () => {
    const attributes = { starts: [1, 0], ends: [2, 2], axes: [1, 2] };
    expect(one([1, 2, 3], { type: 'Slice', attributes }, [], 9).values).toEqual([4, 5]);
  });

  test('an empty slice is refused', () => {
    expect(() => one([1, 6], { type: 'Slice' }, [whole(4), whole(2), whole(1)])).toThrow(/holds nothing/);
  });

  test('Split becomes one slice per part, sizes equal or given', () => {
    const nodes = (inputs: string[], attributes = {}) => [
      { type: 'Split', inputs, outputs: ['a', 'b'], attributes: { axis: 1, ...attributes } },
      { type: 'Concat', inputs: ['b', 'a'], outputs: ['y'], attributes: { axis: 1 } },
    ];
    const input = { dims: [1, 6] };
    expect(run({ nodes: nodes(['x']), input }, counting(6)).values).toEqual([4, 5, 6, 1, 2, 3]);
    const initializers = { sizes: whole(2, 4) };
    const given = run({ nodes: nodes(['x', 'sizes']), input, initializers }, counting(6));
    expect(given.values).toEqual([3, 4, 5, 6, 1, 2]);
    expect(given.operators).toEqual(['slice', 'slice', 'concat']);
    const old = run({ nodes: nodes(['x'], { split: [1, 5] }), input, opset: 11 }, counting(6));
    expect(old.values).toEqual([2, 3, 4, 5, 6, 1]);
    const bad = { sizes: whole(2, 5) };
    expect(() => run({ nodes: nodes(['x', 'sizes']), input, initializers: bad }, counting(6))).toThrow(
      /do not make up axis 1 of 6/,
    );
  });

  test('Gather of one index, of a list, and out of range', () => {
    const scalar = { dims: [], values: [-1], type: 'int64' as const };
    const last = one([1, 3, 2], { type: 'Gather', attributes: { axis: 1 } }, [scalar]);
    expect(last.shape).toEqual([1, 2]);
    expect(last.values).toEqual([5, 6]);
    expect(one([1, 3, 2], { type: 'Gather', attributes: { axis: 1 } }, [whole(2, 0)]).values).toEqual([
      5, 6, 1, 2,
    ]);
    expect(() => one([1, 3, 2], { type: 'Gather', attributes: { axis: 1 } }, [whole(3)])).toThrow(
      /index 3 is outside axis 1 of 3/,
    );
  });

  test('Gather from a constant table by the input is an embedding', () => {
    const node = { type: 'Gather', inputs: ['table', 'x'], outputs: ['y'] };
    const initializers = { table: floats([3, 2], [10, 11, 20, 21, 30, 31]) };
    const result = run({ nodes: [node], input: { dims: [1, 3] }, initializers }, [2, 0, -2]);
    expect(result.shape).toEqual([1, 3, 2]);
    expect(result.values).toEqual([30, 31, 10, 11, 20, 21]);
    expect(result.operators).toEqual(['embedding']);
  });

  test('Pad with a constant, the edge and a mirror', () => {
    const pads = whole(0, 2, 0, 1);
    expect(one([1, 3], { type: 'Pad' }, [pads]).values).toEqual([0, 0, 1, 2, 3, 0]);
    expect(one([1, 3], { type: 'Pad' }, [pads, floats([], [9])]).values).toEqual([9, 9, 1, 2, 3, 9]);
    expect(one([1, 3], { type: 'Pad', attributes: { mode: 'edge' } }, [pads]).values).toEqual([
      1, 1, 1, 2, 3, 3,
    ]);
    expect(one([1, 3], { type: 'Pad', attributes: { mode: 'reflect' } }, [pads]).values).toEqual([
      3, 2, 1, 2, 3, 2,
    ]);
    expect(one([1, 3], { type: 'Pad' }, [whole(0, -1, 0, 1)]).values).toEqual([2, 3, 0]);
    expect(one([1, 3], { type: 'Pad' }, [whole(1, 1), undefined, whole(1)]).values).toEqual([0, 1, 2, 3, 0]);
    const old = { type: 'Pad', attributes: { pads: [0, 1, 0, 0], value: { float: 4 } } };
    expect(one([1, 3], old, [], 10).values).toEqual([4, 1, 2, 3]);
    expect(() => one([1, 3], { type: 'Pad', attributes: { mode: 'wrap' } }, [pads])).toThrow(
      /known: constant, edge, reflect/,
    );
  });

  test('Expand and Tile', () => {
    const wide = one([1, 2, 1], { type: 'Expand' }, [whole(2, 3)]);
    expect(wide.shape).toEqual([1, 2, 3]);
    expect(wide.values).toEqual([1, 1, 1, 2, 2, 2]);
    const tiled = one([1, 2], { type: 'Tile' }, [whole(1, 2)]);
    expect(tiled.values).toEqual([1, 2, 1, 2]);
    expect(one([1, 2, 2], { type: 'Tile' }, [whole(1, 2, 1)]).values).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });
});

describe('reductions', () => {
  test.each([
    ['ReduceMean', [2, 5]],
    ['ReduceSum', [6, 15]],
    ['ReduceMax', [3, 6]],
    ['ReduceMin', [1, 4]],
    ['ReduceProd', [6, 120]],
    ['ReduceL2', [Math.sqrt(14), Math.sqrt(77)]],
    ['ReduceSumSquare', [14, 77]],
  ])('%s over the last axis', (type, expected) => {
    const byOperand = one([1, 2, 3], { type }, [whole(-1)], 18);
    const byAttribute = one([1, 2, 3], { type, attributes: { axes: [2], keepdims: 0 } }, [], 11);
    expect(byOperand.shape).toEqual([1, 2, 1]);
    expect(byAttribute.shape).toEqual([1, 2]);
    expected.forEach((value, i) => {
      expect(byOperand.values[i]).toBeCloseTo(value, 5);
      expect(byAttribute.values[i]).toBeCloseTo(value, 5);
    });
  });

  test('over several axes, all of them, or none when it says so', () => {
    expect(
      one([1, 2, 2, 2], { type: 'ReduceSum', attributes: { keepdims: 0 } }, [whole(1, 3)]).values,
    ).toEqual([14, 22]);
    expect(one([1, 2, 3], { type: 'ReduceSum' }).values).toEqual([21]);
    const nothing = { type: 'ReduceSum', attributes: { noop_with_empty_axes: 1 } };
    expect(one([1, 2, 3], nothing).values).toEqual(counting(6));
  });

  test('ArgMax gives the first largest', () => {
    const node = (keepdims: number) => ({
      type: 'ArgMax',
      inputs: ['x'],
      outputs: ['y'],
      attributes: { axis: -1, keepdims },
    });
    const input = { dims: [1, 2, 3] };
    expect(run({ nodes: [node(1)], input }, [1, 5, 5, -1, -3, -2])).toMatchObject({
      values: [1, 0],
      shape: [1, 2, 1],
    });
    expect(run({ nodes: [node(0)], input }, [1, 5, 5, -1, -3, -2])).toMatchObject({
      values: [1, 0],
      shape: [1, 2],
    });
  });

  test('Softmax and LogSoftmax over one axis, or jointly before operator set 13', () => {
    const e = counting(4).map(Math.exp);
    const sum = (...indices: number[]) => indices.reduce((total, i) => total + e[i]!, 0);
    const close = (values: number[], expected: number[]) =>
      expected.forEach((value, i) => {
        expect(values[i]).toBeCloseTo(value, 5);
      });
    const last = e.map((value, i) => value / (i < 2 ? sum(0, 1) : sum(2, 3)));
    close(one([1, 2, 2], { type: 'Softmax' }).values, last);
    close(one([1, 2, 2], { type: 'LogSoftmax' }).values, last.map(Math.log));
    const rows = e.map((value, i) => value / (i % 2 === 0 ? sum(0, 2) : sum(1, 3)));
    close(one([1, 2, 2], { type: 'Softmax', attributes: { axis: 1 } }).values, rows);
    close(
      one([1, 2, 2], { type: 'Softmax' }, [], 11).values,
      e.map((value) => value / sum(0, 1, 2, 3)),
    );
  });
});

describe('pooling', () => {
  const pool = (type: string, attributes: ModelNode['attributes'], side = 4) => {
    const nodes = [{ type, inputs: ['x'], outputs: ['y'], attributes: attributes ?? {} }];
    return run({ nodes, input: { dims: [1, 1, side, side] } }, counting(side * side)).values;
  };

  test('AveragePool counts the padding or not', () => {
    expect(pool('AveragePool', { kernel_shape: [2, 2], strides: [2, 2] })).toEqual([3.5, 5.5, 11.5, 13.5]);
    const padded = { kernel_shape: [2, 2], strides: [4, 4], pads: [1, 1, 0, 0] };
    expect(pool('AveragePool', padded)).toEqual([1]);
    expect(pool('AveragePool', { ...padded, count_include_pad: 1 })).toEqual([0.25]);
  });

  test('ceil_mode keeps a partly filled window, which counts what it covers', () => {
    // 3 × 3 map of 1…9: the windows of 2 × 2 in steps of 2 hang over on the right and below.
    const over = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 };
    expect(pool('AveragePool', over, 3)).toEqual([3, 4.5, 7.5, 9]);
    expect(pool('AveragePool', { ...over, count_include_pad: 1 }, 3)).toEqual([3, 4.5, 7.5, 9]);
    expect(pool('MaxPool', over, 3)).toEqual([5, 6, 8, 9]);
    expect(pool('MaxPool', { ...over, ceil_mode: 0 }, 3)).toEqual([5]);
  });

  test('auto_pad puts the odd element behind or before', () => {
    const same = { kernel_shape: [2, 2], strides: [2, 2] };
    expect(pool('MaxPool', { ...same, auto_pad: 'SAME_UPPER' }, 3)).toEqual([5, 6, 8, 9]);
    expect(pool('MaxPool', { ...same, auto_pad: 'SAME_LOWER' }, 3)).toEqual([1, 3, 7, 9]);
    expect(pool('MaxPool', { ...same, auto_pad: 'VALID' }, 3)).toEqual([5]);
  });

  test('global pooling', () => {
    expect(one([1, 2, 2, 2], { type: 'GlobalAveragePool' })).toMatchObject({
      values: [2.5, 6.5],
      shape: [1, 2, 1, 1],
    });
    expect(one([1, 2, 4], { type: 'GlobalMaxPool' })).toMatchObject({ values: [4, 8], shape: [1, 2, 1] });
  });
});
