import onnxProto from 'onnx-proto';
import { networkFromOnnx, type OnnxOptions } from '../../../src/input/onnx/read-onnx.ts';
import { evaluateNetwork } from '../../../src/network/evaluate.ts';
import type { Network } from '../../../src/network/network.ts';

const { onnx } = onnxProto;

/** A tensor of a hand-made model: float32 unless said otherwise. */
export interface ModelTensor {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  readonly type?: 'float' | 'int64';
}

/** An attribute by its JavaScript form: whole numbers are integers, others floats, lists likewise. */
type AttributeValue = number | string | readonly number[] | ModelTensor | { readonly float: number };

export interface ModelNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface ModelParts {
  readonly nodes: readonly ModelNode[];
  readonly input?: { readonly name?: string; readonly dims: readonly (number | string)[] };
  readonly initializers?: Readonly<Record<string, ModelTensor>>;
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** The bytes of a hand-made ONNX model; its input is `x`, its output `y`. */
export function modelBytes(parts: ModelParts): Uint8Array {
  return onnx.ModelProto.encode(modelOf(parts)).finish();
}

/** The same before encoding, to be spoilt by tests. */
export function modelOf(parts: ModelParts) {
  const { nodes, input = { dims: [1, 2] }, initializers = {}, outputs = ['y'], opset = 17 } = parts;
  return onnx.ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'hand',
      node: nodes.map((node) => ({
        opType: node.type,
        name: node.name ?? '',
        domain: node.domain ?? '',
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => ({
          name,
          ...attributeOf(value),
        })),
      })),
      input: [{ name: input.name ?? 'x', type: tensorType(input.dims) }],
      output: outputs.map((name) => ({ name })),
      initializer: Object.entries(initializers).map(([name, value]) => ({ name, ...tensorOf(value) })),
    },
  });
}

/** A float tensor. */
export function floats(dims: readonly number[], values: readonly number[]): ModelTensor {
  return { dims, values };
}

/** A list of 64-bit integers. */
export function whole(...values: number[]): ModelTensor {
  return { dims: [values.length], values, type: 'int64' };
}

/** A repeatable tensor of well spread numbers in (-1, 1). */
export function spreadTensor(dims: readonly number[], start = 1): ModelTensor {
  const length = dims.reduce((a, b) => a * b, 1);
  return { dims, values: Array.from({ length }, (_, i) => 2 * (((start + i) * 0.618033988749895) % 1) - 1) };
}

/** The network of a hand-made model. */
export function networkOf(parts: ModelParts, options?: OnnxOptions): Network {
  return networkFromOnnx(modelBytes(parts), 'hand.onnx', options);
}

/** What a hand-made model answers, its layers and its output shape. */
export function run(parts: ModelParts, sample: readonly number[], options?: OnnxOptions) {
  const network = networkOf(parts, options);
  return {
    values: Array.from(evaluateNetwork(network, Float32Array.from(sample))),
    shape: network.layers[network.output]!.outputShape,
    operators: network.layers.map((layer) => layer.operator),
    network,
  };
}

/** Message of the fault that reading the bytes gives; fails when there is none or another error. */
export function faultOf(bytes: Uint8Array, options?: OnnxOptions): string {
  try {
    networkFromOnnx(bytes, 'hand.onnx', options);
  } catch (error) {
    if ((error as Error).name === 'Fault') return (error as Error).message;
    throw error;
  }
  throw new Error('the model was accepted');
}

function attributeOf(value: AttributeValue): object {
  if (typeof value === 'string') return { type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { type: 2, i: value } : { type: 1, f: value };
  if ('float' in value) return { type: 1, f: value.float };
  if ('dims' in value) return { type: 4, t: tensorOf(value) };
  return { type: 7, ints: value };
}

function tensorOf(tensor: ModelTensor): object {
  const { dims, values, type = 'float' } = tensor;
  if (type === 'int64') return { dims, dataType: 7, int64Data: values };
  return { dims, dataType: 1, rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

function tensorType(dims: readonly (number | string)[]): object {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { tensorType: { elemType: 1, shape: { dim } } };
}
