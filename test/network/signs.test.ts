import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { signedOutputs } from '../../src/network/signs.ts';

test('signs follow the operators through a network', () => {
  const builder = new NetworkBuilder('signs', { name: 'x', shape: [1, 1, 4, 4] });
  const conv = { group: 1, strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
  const pool = { ...conv, kernel: [2, 2], ceilMode: 0, countIncludePad: 0 };
  const constant = (value: number) => ({ dims: [], data: Float32Array.of(value) });
  const layers: [
    string,
    string,
    Parameters<NetworkBuilder['layer']>[1],
    Parameters<NetworkBuilder['layer']>[2],
    string,
  ][] = [
    ['pooled input', 'max-pool', pool, [-1], 'like the input'],
    ['convolution', 'conv', conv, [-1, { dims: [1, 1, 1, 1], data: Float32Array.of(1) }], 'signed'],
    ['rectified', 'relu', {}, [1], 'never'],
    ['pooled', 'average-pool', pool, [2], 'never'],
    ['relu6', 'clip', { min: 0, max: 6 }, [1], 'never'],
    ['limited', 'clip', { min: -1, max: 1 }, [1], 'signed'],
    ['limited after relu', 'clip', { min: -1, max: 1 }, [2], 'never'],
    ['sum of rectified', 'add', {}, [2, 4], 'never'],
    ['sum with signed', 'add', {}, [2, 5], 'signed'],
    ['shifted up', 'add', {}, [2, constant(1)], 'never'],
    ['shifted down', 'add', {}, [2, constant(-1)], 'signed'],
    ['difference', 'sub', {}, [2, 4], 'signed'],
    [
      'border of -1',
      'pad',
      { mode: 'constant', value: -1, before: [0, 0, 1, 1], after: [0, 0, 0, 0] },
      [2],
      'signed',
    ],
    ['gated', 'gelu', { approximate: 'none' }, [1], 'signed'],
    ['squares', 'reduce-sum-square', { axes: [2], keepDims: 1 }, [1], 'never'],
    ['probabilities', 'softmax', { axes: [3] }, [1], 'never'],
    ['view of the input', 'reshape', { shape: [1, 16] }, [-1], 'like the input'],
  ];
  for (const [name, operator, attributes, inputs] of layers)
    builder.layer(operator, attributes, inputs, name);
  for (const inputSigned of [false, true]) {
    const signed = signedOutputs(builder.build(), inputSigned);
    layers.forEach(([name, , , , rule], i) => {
      expect(`${name}: ${signed[i]}`).toBe(
        `${name}: ${rule === 'signed' || (rule === 'like the input' && inputSigned)}`,
      );
    });
  }
});
