import { Fault } from '../../base/fault.ts';
import { numberOf } from '../attributes.ts';
import { evaluateMvm } from '../mvm.ts';
import { type Attributes, isConstant, type Layer } from '../network.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { MvmLowering, Operator } from '../operator.ts';
import { type AxisNeed, realAxes, streaming } from '../stream.ts';
import { type Window, windowAttributes, windowNeed, windowsOf } from '../window.ts';

/**
 * Convolution of [1,C,L] or [1,C,H,W] with constant weights [M, C/group, …kernel] and an optional bias [M].
 * Attributes: `group`, `strides`, `dilations`, `pads` ([…before, …after]).
 */
export const conv: Operator = {
  name: 'conv',
  summary: 'convolution in one or two dimensions: groups, strides, dilations, padding',
  onnx: [{ type: 'Conv', read }],
  outputShape,
  stream: (layer) => realAxes(layer.outputShape, spatialAxes(layer.outputShape)),
  evaluate: (layer, inputs, output) => evaluateMvm(layer, lower, inputs, output),
  lower,
};

function outputShape(inputShapes: readonly (readonly number[])[], attributes: Attributes): readonly number[] {
  const [input, weights, bias] = inputShapes;
  if (input === undefined || weights === undefined) throw new Fault('conv needs an input and weights');
  if (input.length !== 3 && input.length !== 4) {
    throw new Fault(`conv takes [1, C, L] or [1, C, H, W], got [${input.join(', ')}]`);
  }
  if (input[0] !== 1)
    throw new Fault(`conv of ${input[0]} maps at once is not supported, got [${input.join(', ')}]`);
  if (weights.length !== input.length) {
    throw new Fault(`conv weights [${weights.join(', ')}] do not fit the input [${input.join(', ')}]`);
  }
  const group = numberOf(attributes, 'group');
  const [channels, outputs] = [input[1]!, weights[0]!];
  if (!Number.isInteger(group) || group < 1 || channels % group !== 0 || outputs % group !== 0) {
    throw new Fault(`${group} groups do not divide ${channels} input and ${outputs} output channels`);
  }
  if (weights[1] !== channels / group) {
    throw new Fault(`conv weights take ${weights[1]} channels per group, the input has ${channels / group}`);
  }
  if (bias !== undefined && (bias.length !== 1 || bias[0] !== outputs)) {
    throw new Fault(`conv bias [${bias.join(', ')}] does not fit ${outputs} output channels`);
  }
  const windows = windowsOf(input.slice(2), weights.slice(2), attributes);
  return [input[0]!, outputs, ...windows.map((window) => window.output)];
}

function lower(layer: Layer): MvmLowering {
  const [, weights, bias] = layer.inputs;
  const [inputShape, weightShape] = layer.inputShapes;
  if (weights === undefined || !isConstant(weights))
    throw new Fault(`${layer.name}: conv weights must be constant`);
  const channels = inputShape![1]!;
  const group = numberOf(layer.attributes, 'group');
  const flat = windowsOf(inputShape!.slice(2), weightShape!.slice(2), layer.attributes);
  const [vertical, horizontal] = flat.length === 1 ? [SINGLE, flat[0]!] : [flat[0]!, flat[1]!];
  const frameHeight = vertical.input + vertical.before + vertical.after;
  const frameWidth = horizontal.input + horizontal.before + horizontal.after;
  const channelsPerGroup = channels / group;
  const rows = channelsPerGroup * vertical.kernel * horizontal.kernel;

  const positionBase = new Int32Array(vertical.output * horizontal.output);
  for (let y = 0, p = 0; y < vertical.output; y++) {
    for (let x = 0; x < horizontal.output; x++, p++) {
      positionBase[p] = y * vertical.stride * frameWidth + x * horizontal.stride;
    }
  }
  const rowOffset = new Int32Array(rows);
  for (let channel = 0, row = 0; channel < channelsPerGroup; channel++) {
    for (let y = 0; y < vertical.kernel; y++) {
      for (let x = 0; x < horizontal.kernel; x++, row++) {
        rowOffset[row] =
          (channel * frameHeight + y * vertical.dilation) * frameWidth + x * horizontal.dilation;
      }
    }
  }
  const padded = frameHeight > vertical.input || frameWidth > horizontal.input;
  return {
    kind: 'mvm',
    activation: 0,
    groups: group,
    rows,
    columns: weightShape![0]! / group,
    weights: weights.data,
    bias: bias !== undefined && isConstant(bias) ? bias.data : undefined,
    padding: padded
      ? {
          channels,
          height: vertical.input,
          width: horizontal.input,
          top: vertical.before,
          left: horizontal.before,
          frameHeight,
          frameWidth,
        }
      : undefined,
    groupStride: channelsPerGroup * frameHeight * frameWidth,
    positionBase,
    rowOffset,
    outputLayout: 'channelsFirst',
    ...streaming(layer, conv.stream(layer), () => spatialNeeds(flat)),
  };
}

/** Needs of a [1, C, …spatial] operand under sliding windows: every channel, the window along each axis. */
export function spatialNeeds(windows: readonly Window[]): readonly AxisNeed[] {
  return ['all', 'all', ...windows.map((window, axis) => windowNeed(window, axis + 2))];
}

/** The axes behind batch and channel. */
export function spatialAxes(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => axis).slice(2);
}

const SINGLE: Window = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

function read(node: OnnxNode): OnnxValue {
  const [input, weights] = [node.input(0), node.input(1)];
  const spatial = node.shapeOf(input).slice(2);
  const kernel = node.shapeOf(weights).slice(2);
  if (typeof weights === 'number' || (node.has(2) && typeof node.input(2) === 'number')) {
    throw node.fault('conv with computed weights or bias is not supported', 'make them initializers');
  }
  const stated = node.integers('kernel_shape');
  if (stated !== undefined && stated.join() !== kernel.join()) {
    throw node.fault(`kernel_shape [${stated.join(', ')}] differs from the weights' [${kernel.join(', ')}]`);
  }
  const attributes = { group: node.integer('group') ?? 1, ...windowAttributes(node, spatial, kernel) };
  return node.add('conv', attributes, node.inputs);
}
