import { broadcastStreaming } from '../broadcast.ts';
import type { OnnxNode, OnnxValue } from '../onnx-node.ts';
import type { Operator } from '../operator.ts';
import { inputStream } from '../stream.ts';

/** The operand itself. Import removes it; it stays only where a network would otherwise have no layer. */
export const identity: Operator = {
  name: 'identity',
  summary: 'the operand itself (also dropout and casts between number types)',
  onnx: [
    { type: 'Identity', read: (node) => node.input(0) },
    { type: 'Dropout', read: readDropout },
    { type: 'Cast', read: readCast },
  ],
  outputShape: (inputShapes) => inputShapes[0]!,
  stream: (layer) => inputStream(layer, 0),
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate: (_layer, inputs, output) => output.set(inputs[0]!),
  lower: (layer) => ({ kind: 'view', ...broadcastStreaming(layer) }),
};

function readDropout(node: OnnxNode): OnnxValue {
  if (node.has(2) && node.numbers(2)[0] !== 0) {
    throw node.fault('dropout in training mode is not supported', 'export the model in inference mode');
  }
  return node.input(0);
}

/** ONNX element types that hold real numbers: float, float16, double, bfloat16. */
const REAL = new Set([1, 10, 11, 16]);
/** ONNX element types that hold whole numbers: (u)int8 to (u)int64. */
const WHOLE = new Set([2, 3, 4, 5, 6, 7, 12, 13]);
const BOOLEAN = 9;

function readCast(node: OnnxNode): OnnxValue {
  const input = node.input(0);
  const to = node.integer('to') ?? 0;
  if (REAL.has(to))
    return typeof input === 'number' ? input : node.constant(input.dims, Float32Array.from(input.data));
  if (WHOLE.has(to)) {
    if (typeof input === 'number') return node.add('truncate', {}, [input]);
    return { dims: input.dims, data: Float64Array.from(input.data, Math.trunc), integer: true };
  }
  if (to === BOOLEAN) return node.add('not', {}, [node.add('not', {}, [input])]);
  throw node.fault(`cast to ONNX element type ${to} is not supported`);
}
