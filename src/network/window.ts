import { Fault } from '../base/fault.ts';
import { numbersOf } from './attributes.ts';
import type { Attributes } from './network.ts';
import type { OnnxNode } from './onnx-node.ts';
import type { AxisNeed } from './stream.ts';

/** A sliding window along one spatial axis: output o covers input o·stride − before + k·dilation, 0 ≤ k < kernel. */
export interface Window {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** Largest padded frame that an import accepts, in elements (1 GiB of float32). */
const MAX_FRAME = 2 ** 28;

/**
 * The windows of a convolution or pooling layer, one per spatial axis, from `strides`, `dilations` and `pads`
 * ([…before, …after]). With `roundUp` a last, partly filled window is kept when it starts inside the map.
 */
export function windowsOf(
  spatial: readonly number[],
  kernel: readonly number[],
  attributes: Attributes,
  roundUp = false,
): readonly Window[] {
  const strides = listOf(attributes, 'strides', spatial.length, 1);
  const dilations = listOf(attributes, 'dilations', spatial.length, 1);
  const pads = listOf(attributes, 'pads', 2 * spatial.length, 0);
  let frame = 1;
  const windows = spatial.map((input, axis): Window => {
    const size = kernel[axis] ?? 0;
    const stride = strides[axis]!;
    const dilation = dilations[axis]!;
    const before = pads[axis]!;
    const after = pads[axis + spatial.length]!;
    if (size < 1) throw new Fault(`kernel size must be at least 1, got ${size}`);
    frame *= input + before + after;
    const reach = (size - 1) * dilation + 1;
    const free = input + before + after - reach;
    if (free < 0) {
      throw new Fault(`a window of ${reach} is larger than the padded map of ${input + before + after}`);
    }
    let output = (roundUp ? Math.ceil(free / stride) : Math.floor(free / stride)) + 1;
    if (roundUp && (output - 1) * stride >= input + before) output -= 1;
    return { input, output, kernel: size, stride, dilation, before, after };
  });
  if (!(frame <= MAX_FRAME)) throw new Fault(`the padded map of ${frame} elements is too large`);
  return windows;
}

/** The need of the input axis under a window, from the coordinate on the output axis `axis`. */
export function windowNeed(window: Window, axis: number): AxisNeed {
  const { input, kernel, stride, dilation, before } = window;
  return {
    axis,
    last(coordinate) {
      const start = coordinate * stride - before;
      const tap = Math.min(kernel - 1, Math.floor((input - 1 - start) / dilation));
      return tap < 0 ? -1 : start + tap * dilation;
    },
    first(coordinate) {
      const start = coordinate * stride - before;
      return start >= 0 ? start : start + Math.ceil(-start / dilation) * dilation;
    },
  };
}

/**
 * Window attributes of an ONNX node with explicit padding: `auto_pad` is resolved against the map it applies
 * to (SAME_UPPER puts the odd element behind, SAME_LOWER before).
 */
export function windowAttributes(
  node: OnnxNode,
  spatial: readonly number[],
  kernel: readonly number[],
): { strides: readonly number[]; dilations: readonly number[]; pads: readonly number[] } {
  const strides = node.integers('strides') ?? spatial.map(() => 1);
  const dilations = node.integers('dilations') ?? spatial.map(() => 1);
  const auto = node.text('auto_pad') ?? 'NOTSET';
  if (auto === 'NOTSET') {
    return { strides, dilations, pads: node.integers('pads') ?? spatial.flatMap(() => [0, 0]) };
  }
  if (auto === 'VALID') return { strides, dilations, pads: spatial.flatMap(() => [0, 0]) };
  if (auto !== 'SAME_UPPER' && auto !== 'SAME_LOWER')
    throw node.fault(`auto_pad ${JSON.stringify(auto)} is unknown`);
  const totals = spatial.map((input, axis) => {
    const stride = strides[axis] ?? 1;
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    return Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return { strides, dilations, pads: auto === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small] };
}

function listOf(attributes: Attributes, name: string, length: number, least: number): readonly number[] {
  const list = numbersOf(attributes, name);
  if (list.length !== length) throw new Fault(`${name} has ${list.length} entries, needs ${length}`);
  for (const value of list) {
    if (!Number.isInteger(value) || value < least) {
      throw new Fault(`${name} must be whole numbers of at least ${least}, got ${value}`);
    }
  }
  return list;
}
