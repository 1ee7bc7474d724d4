import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { erf } from '../../src/network/error-function.ts';
import { createEvaluator, evaluateNetwork } from '../../src/network/evaluate.ts';

function twoLayers() {
  const builder = new NetworkBuilder('two', { name: 'x', shape: [1, 3] });
  const weights = { dims: [2, 3], data: Float32Array.of(1, 2, 3, -1, 0, 1) };
  const dense = builder.layer('gemm', { alpha: 1, beta: 1, transA: 0, transB: 1 }, [-1, weights]);
  const rectified = builder.layer('relu', {}, [dense]);
  const view = builder.layer('reshape', { shape: [2, 1] }, [rectified]);
  builder.layer('add', {}, [view, view]);
  return builder.build();
}

describe('evaluation of a network', () => {
  test('applies the layers in order', () => {
    // W x = (1 + 4 + 9, −1 + 3) = (14, 2); relu keeps both; doubled
    expect(Array.from(evaluateNetwork(twoLayers(), Float32Array.of(1, 2, 3)))).toEqual([28, 4]);
    // W x = (1 + 4, −1) → (5, 0) → (10, 0)
    expect(Array.from(evaluateNetwork(twoLayers(), Float32Array.of(1, 2, 0)))).toEqual([10, 0]);
  });

  test('shows every layer to an observer, in order, and keeps no trace of earlier samples', () => {
    const evaluator = createEvaluator(twoLayers());
    evaluator.run(Float32Array.of(9, 9, 9));
    const seen: [number, number[]][] = [];
    evaluator.run(Float32Array.of(1, 2, 0), (layer, output) => seen.push([layer, Array.from(output)]));
    expect(seen).toEqual([
      [0, [5, -1]],
      [1, [5, 0]],
      [2, [5, 0]],
      [3, [10, 0]],
    ]);
  });

  test('refuses a sample of another size', () => {
    expect(() => createEvaluator(twoLayers()).run(new Float32Array(4))).toThrow(
      /takes 1×3 = 3 numbers, got 4/,
    );
  });
});

describe('the builder', () => {
  test('names layers uniquely', () => {
    const builder = new NetworkBuilder('names', { name: 'x', shape: [1, 2] });
    for (let i = 0; i < 3; i++) builder.layer('relu', {}, [-1], 'act');
    expect(builder.build().layers.map((layer) => layer.name)).toEqual(['act', 'act_2', 'act_3']);
  });

  test('passes on what an operator does not accept', () => {
    const builder = new NetworkBuilder('bad', { name: 'x', shape: [1, 2] });
    expect(() => builder.layer('reshape', { shape: [1, 3] }, [-1])).toThrow(Fault);
    expect(() => builder.layer('relus', {}, [-1])).toThrow(/did you mean relu/);
  });
});

test('the error function agrees with tabulated values', () => {
  // Abramowitz & Stegun, table 7.1
  const table = [
    [0, 0],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [1.5, 0.9661051465],
    [2, 0.995322265],
  ] as const;
  for (const [x, value] of table) {
    expect(erf(x)).toBeCloseTo(value, 9);
    expect(erf(-x)).toBeCloseTo(-value, 9);
  }
  expect(erf(7)).toBe(1);
});
