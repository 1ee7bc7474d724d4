import type { LoweredNetwork } from '../src/mapping/lowered-network.ts';
import { mvmMacs } from '../src/mapping/lowered-network.ts';
import type { Layer } from '../src/network/network.ts';
import type { Lowering, MvmLowering } from '../src/network/operator.ts';

/** A layer of a hand-made network: how hardware sees it, what it reads, how many numbers it yields. */
export interface HandLayer {
  readonly name: string;
  readonly lowering: Lowering;
  /** Indices of the layers it reads; -1 is the network's input. */
  readonly from: readonly number[];
  readonly outputShape: readonly number[];
}

/** A network made of lowerings alone, for tests of mapping and machine that need no values. */
export function handNetwork(inputShape: readonly number[], layers: readonly HandLayer[]): LoweredNetwork {
  const shapeOf = (index: number) => (index < 0 ? inputShape : layers[index]!.outputShape);
  const made: Layer[] = layers.map((layer, index) => ({
    index,
    name: layer.name,
    operator: 'identity',
    attributes: {},
    inputs: layer.from,
    inputShapes: layer.from.map(shapeOf),
    outputShape: layer.outputShape,
  }));
  return {
    network: {
      name: 'hand',
      input: { name: 'x', shape: inputShape },
      layers: made,
      output: layers.length - 1,
    },
    lowerings: layers.map((layer) => layer.lowering),
    candidates: layers.flatMap(({ name, lowering }, layer) =>
      lowering.kind === 'mvm' ? [{ layer, name, macs: mvmMacs(lowering) }] : [],
    ),
    signed: layers.map(() => false),
    inputSigned: false,
    transitions: new Map(),
  };
}

/** A convolution over a map as an MVM lowering: square kernel, same padding left out, stride 1. */
export function convLowering(shape: {
  channels: number;
  height: number;
  width: number;
  outputs: number;
  kernel: number;
}): MvmLowering {
  const { channels, height, width, outputs, kernel } = shape;
  const outHeight = height - kernel + 1;
  const outWidth = width - kernel + 1;
  const positionBase = Int32Array.from(
    { length: outHeight * outWidth },
    (_, position) => Math.floor(position / outWidth) * width + (position % outWidth),
  );
  const rows = channels * kernel * kernel;
  const rowOffset = Int32Array.from({ length: rows }, (_, row) => {
    const channel = Math.floor(row / (kernel * kernel));
    const within = row % (kernel * kernel);
    return channel * height * width + Math.floor(within / kernel) * width + (within % kernel);
  });
  return {
    kind: 'mvm',
    activation: 0,
    groups: 1,
    rows,
    columns: outputs,
    weights: new Float32Array(rows * outputs),
    bias: undefined,
    padding: undefined,
    groupStride: 0,
    positionBase,
    rowOffset,
    outputLayout: 'channelsFirst',
    positions: outHeight * outWidth,
    required: (_input, position) => positionBase[position]! + (kernel - 1) * width + kernel - 1,
  };
}

/** Element-wise work on a number of positions. */
export function vectorLowering(positions: number, operations: number): Lowering {
  return { kind: 'vector', operations, positions, required: (_input, position) => position };
}
