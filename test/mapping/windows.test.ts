import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeOnly } from '../../src/base/tensor.ts';
import { inputWindows } from '../../src/mapping/windows.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { NETWORK_INPUT } from '../../src/network/network.ts';
import type { MvmLowering } from '../../src/network/operator.ts';
import { operators } from '../../src/network/operators/index.ts';

interface Conv {
  readonly channels: number;
  readonly groups: number;
  readonly map: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

function lowered(conv: Conv): MvmLowering {
  const { channels, groups, map, kernel, stride, dilation, pads } = conv;
  const builder = new NetworkBuilder('one', { name: 'x', shape: [1, channels * groups, ...map] });
  const attributes = { group: groups, strides: stride, dilations: dilation, pads };
  const weights = shapeOnly([groups, channels, ...kernel]);
  const index = builder.layer('conv', attributes, [NETWORK_INPUT, weights]);
  const layer = builder.build(index).layers[index]!;
  return operators.get('conv').lower(layer) as MvmLowering;
}

/** Pixels [y, x] of the map under the window of an output position, by the definition of a convolution. */
function pixels(conv: Conv, position: number, outputWidth: number): Set<string> {
  const { map, kernel, stride, dilation, pads } = conv;
  const [oy, ox] = [Math.floor(position / outputWidth), position % outputWidth];
  const found = new Set<string>();
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const y = oy * stride[0] - pads[0] + ky * dilation[0];
      const x = ox * stride[1] - pads[1] + kx * dilation[1];
      if (y >= 0 && y < map[0] && x >= 0 && x < map[1]) found.add(`${y},${x}`);
    }
  }
  return found;
}

const small = (least: number, most: number) => fc.integer({ min: least, max: most });
const convs = fc
  .record({
    channels: small(1, 4),
    groups: small(1, 3),
    map: fc.tuple(small(1, 9), small(1, 9)),
    kernel: fc.tuple(small(1, 4), small(1, 4)),
    stride: fc.tuple(small(1, 3), small(1, 3)),
    dilation: fc.tuple(small(1, 2), small(1, 2)),
    pads: fc.tuple(small(0, 3), small(0, 3), small(0, 3), small(0, 3)),
  })
  .filter(({ map, kernel, dilation, pads }) =>
    [0, 1].every(
      (axis) => (kernel[axis]! - 1) * dilation[axis]! + 1 <= map[axis]! + pads[axis]! + pads[axis + 2]!,
    ),
  );

describe('the inputs of a convolution, against its definition', () => {
  test('those of a run of positions, each once', () => {
    fc.assert(
      fc.property(convs, fc.nat(1000), fc.nat(12), (conv, start, length) => {
        const lowering = lowered(conv);
        const width = Math.floor(
          (conv.map[1] + conv.pads[1] + conv.pads[3] - (conv.kernel[1] - 1) * conv.dilation[1] - 1) /
            conv.stride[1] +
            1,
        );
        const from = start % lowering.positions;
        const to = Math.min(lowering.positions, from + 1 + length);
        const union = new Set<string>();
        for (let position = from; position < to; position++)
          for (const pixel of pixels(conv, position, width)) union.add(pixel);
        const windows = inputWindows(lowering);
        const expected = union.size * conv.channels * conv.groups;
        expect([windows.distinct(from, to), windows.distinct(from, to)]).toEqual([expected, expected]);
      }),
      { seed: 1 },
    );
  });

  test('what a sliding window fetches: all at the start of a row, then what is new', () => {
    fc.assert(
      fc.property(convs, (conv) => {
        const lowering = lowered(conv);
        const { map, kernel, stride, dilation, pads, channels, groups } = conv;
        const width = Math.floor(
          (map[1] + pads[1] + pads[3] - (kernel[1] - 1) * dilation[1] - 1) / stride[1] + 1,
        );
        const windows = inputWindows(lowering);
        for (let position = 0; position < lowering.positions; position++) {
          const own = pixels(conv, position, width);
          const before = position % width === 0 ? new Set<string>() : pixels(conv, position - 1, width);
          const fresh = [...own].filter((pixel) => !before.has(pixel)).length;
          expect(windows.fresh(position, width)).toBe(fresh * channels * groups);
        }
      }),
      { seed: 1 },
    );
  });
});

test('the inputs of a product with a matrix: every token once', () => {
  const builder = new NetworkBuilder('one', { name: 'x', shape: [1, 5, 7] });
  const index = builder.layer('matmul', {}, [NETWORK_INPUT, shapeOnly([7, 3])]);
  const lowering = operators.get('matmul').lower(builder.build(index).layers[index]!) as MvmLowering;
  const windows = inputWindows(lowering);
  expect([windows.distinct(0, 5), windows.distinct(1, 3), windows.fresh(2, 5)]).toEqual([35, 14, 7]);
});
