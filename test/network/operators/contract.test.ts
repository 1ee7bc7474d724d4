import { describe, expect, test } from 'vitest';
import { elementCount } from '../../../src/base/tensor.ts';
import { rowMajorStrides } from '../../../src/network/broadcast.ts';
import { isConstant, type Layer } from '../../../src/network/network.ts';
import { operators } from '../../../src/network/operators/index.ts';
import { inputStream, positionsAlong } from '../../../src/network/stream.ts';
import { type Example, examples, layerOf, spread } from './examples.ts';

/** Every operator on every example: what any part of the list must keep to. */
const cases = operators.parts.flatMap(({ name }) =>
  (examples[name] ?? []).map((example, i): [string, string, Example] => [name, `${i + 1}`, example]),
);

test('every operator has an example', () => {
  expect(operators.names.filter((name) => examples[name] === undefined)).toEqual([]);
});

describe.each(cases)('%s, example %s', (name, _number, example) => {
  const operator = operators.get(name);
  const layer = layerOf(name, example);
  const lowering = operator.lower(layer);

  test('fills its whole output with numbers', () => {
    const output = new Float32Array(elementCount(layer.outputShape)).fill(NaN);
    operator.evaluate(layer, valuesOf(layer, 0), output);
    // Roots, logarithms and powers of negative numbers are no numbers.
    const partial = ['sqrt', 'log', 'pow'].includes(name);
    expect(output.some(Number.isNaN) && !partial).toBe(false);
  });

  test('its positions are those of its stream axes', () => {
    expect(lowering.positions).toBe(positionsAlong(layer.outputShape, operator.stream(layer)));
    if (lowering.kind === 'mvm') {
      expect(lowering.positionBase.length).toBe(lowering.positions);
      expect(lowering.rowOffset.length).toBe(lowering.rows);
      expect(lowering.weights.length).toBe(lowering.groups * lowering.rows * lowering.columns);
      expect(lowering.groups * lowering.columns * lowering.positions).toBe(elementCount(layer.outputShape));
    }
    if (lowering.kind === 'vector') expect(lowering.operations).toBeGreaterThan(0);
  });

  test.each([false, true])(
    'is not negative where it says so, with activations that cannot be (%s) negative',
    (positive) => {
      const operands = layer.inputs.map((operand) =>
        isConstant(operand) ? operand.data.every((value) => value >= 0) : positive,
      );
      if (!operator.nonNegative?.(layer, operands)) return;
      for (let round = 0; round < 6; round++) {
        const values = valuesOf(layer, round).map((data, input) =>
          positive && !isConstant(layer.inputs[input]!) ? data.map(Math.abs) : data,
        );
        const output = new Float32Array(elementCount(layer.outputShape));
        operator.evaluate(layer, values, output);
        expect(output.some((value) => value < 0)).toBe(false);
      }
    },
  );

  test('requires exactly the positions that its outputs depend on', () => {
    layer.inputs.forEach((operand, input) => {
      if (isConstant(operand)) return;
      const { needed, oldest } = dependences(layer, input);
      const count = positionsAlong(layer.inputShapes[input]!, inputStream(layer, input));
      const stated = Array.from(needed, (_, position) => lowering.required(input, position, count));
      if (example.conservative) expect(stated.every((last, i) => last >= needed[i]!)).toBe(true);
      else expect(stated).toEqual(needed);
      expect(stated).toEqual([...stated].sort((a, b) => a - b));
      expect(Math.max(...stated)).toBeLessThan(count);
      const kept = Array.from(oldest, (_, position) => lowering.oldest?.(input, position, count) ?? 0);
      expect(kept.every((first, i) => first >= 0 && first <= oldest[i]!)).toBe(true);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
    });
  });
});

const disturbances: readonly ((x: number) => number)[] = [
  (x) => x + 37,
  (x) => x - 41,
  (x) => -x,
  (x) => (x === 0 ? 1 : 0),
];

/**
 * For every output position the last position of an operand that it or an earlier one depends on, and the first that
 * it or a later one does, by brute force: each position of the operand is disturbed in turn, and the changed outputs are looked up.
 */
function dependences(layer: Layer, input: number): { needed: number[]; oldest: number[] } {
  const operator = operators.get(layer.operator);
  const size = elementCount(layer.outputShape);
  const inputPositions = positionNumbers(layer.inputShapes[input]!, inputStream(layer, input));
  const outputPositions = positionNumbers(layer.outputShape, operator.stream(layer));
  const count = Math.max(...inputPositions) + 1;
  const needed: number[] = new Array(Math.max(...outputPositions) + 1).fill(0);
  const oldest: number[] = needed.map(() => count);
  // Several starting values and disturbances: comparisons and limits answer only some of them.
  for (let round = 0; round < 12; round++) {
    const before = new Float32Array(size);
    operator.evaluate(layer, valuesOf(layer, round), before);
    for (let position = 0; position < count; position++) {
      for (const disturb of disturbances) {
        const values = valuesOf(layer, round);
        const disturbed = values[input]!.slice();
        inputPositions.forEach((at, i) => {
          if (at === position) disturbed[i] = disturb(disturbed[i]!);
        });
        const after = new Float32Array(size);
        operator.evaluate(layer, values.with(input, disturbed), after);
        for (let i = 0; i < size; i++) {
          if (Object.is(before[i], after[i])) continue;
          const output = outputPositions[i]!;
          needed[output] = Math.max(needed[output]!, position);
          oldest[output] = Math.min(oldest[output]!, position);
        }
      }
    }
  }
  for (let i = 1; i < needed.length; i++) needed[i] = Math.max(needed[i]!, needed[i - 1]!);
  for (let i = oldest.length - 2; i >= 0; i--) oldest[i] = Math.min(oldest[i]!, oldest[i + 1]!);
  return { needed, oldest };
}

/** The position of every element: the row-major number of its coordinates along the stream axes. */
function positionNumbers(shape: readonly number[], axes: readonly number[]): number[] {
  const strides = rowMajorStrides(shape);
  return Array.from({ length: elementCount(shape) }, (_, index) => {
    let position = 0;
    for (const axis of axes)
      position = position * shape[axis]! + (Math.floor(index / strides[axis]!) % shape[axis]!);
    return position;
  });
}

/** Values of the activations: every third round whole numbers about zero, for comparisons and conditions. */
function valuesOf(layer: Layer, round: number): Float32Array[] {
  return layer.inputs.map((operand, i) => {
    if (isConstant(operand)) return operand.data;
    const values = spread(layer.inputShapes[i]!, 1 + 7 * i + 23 * round).data;
    return values.map((x) => (round % 3 === 2 ? Math.round(x) : x * (1 + (round % 4))));
  });
}
