import { fillNormals, fillUniforms } from '../../src/base/philox.ts';
import { elementCount, tensor } from '../../src/base/tensor.ts';
import { type LoweredNetwork, lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { type Attributes, isConstant, type Layer, type Operand } from '../../src/network/network.ts';
import { operators } from '../../src/network/operators/index.ts';

/** Adds layers one after the other; constants are drawn from a stream of their own, so that networks stay as they are. */
export class NetworkDraft {
  readonly #inputShape: readonly number[];
  readonly #layers: Layer[] = [];
  #drawn = 0;

  constructor(inputShape: readonly number[]) {
    this.#inputShape = inputShape;
  }

  /** Index of a new layer. */
  add(operator: string, inputs: readonly Operand[], attributes: Attributes = {}): number {
    const index = this.#layers.length;
    const inputShapes = inputs.map((input) => this.#shape(input));
    const outputShape = operators.get(operator).outputShape(inputShapes, attributes);
    this.#layers.push({
      ...{ index, name: `${operator}${index}`, operator, attributes, inputs, inputShapes, outputShape },
    });
    return index;
  }

  /** A convolution of square windows with random weights and bias. */
  conv(
    input: number,
    outputs: number,
    kernel: number,
    options: { pad?: number; stride?: number; group?: number } = {},
  ) {
    const { pad = 0, stride = 1, group = 1 } = options;
    const channels = this.#shape(input)[1]!;
    const weights = this.constant([outputs, channels / group, kernel, kernel]);
    return this.add('conv', [input, weights, this.constant([outputs])], {
      group,
      strides: [stride, stride],
      dilations: [1, 1],
      pads: [pad, pad, pad, pad],
    });
  }

  dense(input: number, outputs: number): number {
    const inputs = this.#shape(input).at(-1)!;
    return this.add('matmul', [input, this.constant([inputs, outputs]), this.constant([outputs])]);
  }

  pool(input: number): number {
    const window = { kernel: [2, 2], strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0] };
    return this.add('max-pool', [input], { ...window, ceilMode: 0, countIncludePad: 0 });
  }

  flatten(input: number): number {
    return this.add('reshape', [input], { shape: [1, elementCount(this.#shape(input))] });
  }

  /** Normal numbers of deviation 1/√fan-in. */
  constant(dims: readonly number[]) {
    const data = new Float32Array(elementCount(dims));
    fillNormals(data, { seed: 7, stream: this.#drawn++, row: 0, block: 0, read: 0 });
    const fanIn = Math.max(1, data.length / dims[0]!);
    return tensor(
      dims,
      data.map((x) => x / Math.sqrt(fanIn)),
    );
  }

  lower(inputSigned: boolean): LoweredNetwork {
    const input = { name: 'x', shape: this.#inputShape };
    const layers = this.#layers;
    return lowerNetwork({ name: 'draft', input, layers, output: layers.length - 1 }, inputSigned);
  }

  #shape(operand: Operand): readonly number[] {
    if (isConstant(operand)) return operand.dims;
    return operand < 0 ? this.#inputShape : this.#layers[operand]!.outputShape;
  }
}

/** Convolution, ReLU, pooling twice, then dense layers: LeNet-5 in small, with unsigned inputs throughout. */
export function smallLeNet(): LoweredNetwork {
  const net = new NetworkDraft([1, 1, 12, 12]);
  const c1 = net.pool(net.add('relu', [net.conv(-1, 6, 5, { pad: 2 })]));
  const c2 = net.pool(net.add('relu', [net.conv(c1, 9, 3)]));
  const d1 = net.add('relu', [net.dense(net.flatten(c2), 21)]);
  net.dense(d1, 5);
  return net.lower(false);
}

/** Depthwise and grouped convolutions, strided and padded, one of 13 groups that fill no whole unit. */
export function groupedNetwork(): LoweredNetwork {
  const net = new NetworkDraft([1, 2, 7, 7]);
  const stem = net.add('relu', [net.conv(-1, 13, 3, { pad: 1 })]);
  const depthwise = net.add('relu', [net.conv(stem, 13, 3, { pad: 1, stride: 2, group: 13 })]);
  const pointwise = net.add('relu', [net.conv(depthwise, 12, 1)]);
  const grouped = net.conv(pointwise, 6, 3, { pad: 1, group: 3 });
  net.dense(net.flatten(grouped), 4);
  return net.lower(false);
}

/** Signed activations: tanh between dense layers over tokens, and the product of two activations. */
export function signedNetwork(): LoweredNetwork {
  const net = new NetworkDraft([1, 5, 8]);
  const q = net.dense(net.add('tanh', [net.dense(-1, 12)]), 6);
  const k = net.add('transpose', [net.dense(-1, 6)], { perm: [0, 2, 1] });
  const mixed = net.add('softmax', [net.add('matmul', [q, k])], { axes: [2] });
  const attended = net.add('matmul', [mixed, net.dense(-1, 7)]);
  net.dense(net.flatten(net.add('tanh', [attended])), 3);
  return net.lower(true);
}

/** Images for a network: uniform in 0 … 1, or −1 … 1 where its input may be negative. */
export function sampleImages(lowered: LoweredNetwork, count: number, stream = 0): Float32Array {
  const uniforms = new Float64Array(count * elementCount(lowered.network.input.shape));
  fillUniforms(uniforms, { seed: 11, stream, row: 0, block: 0, read: 0 });
  return Float32Array.from(uniforms, (x) => (lowered.inputSigned ? 2 * x - 1 : x));
}

/** Every MVM layer on crossbars. */
export function allAnalog(lowered: LoweredNetwork) {
  return { name: 'analog', analog: lowered.candidates.map(({ layer }) => layer) };
}
