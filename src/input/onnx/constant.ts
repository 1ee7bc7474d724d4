import type { onnx } from 'onnx-proto';
import { Fault } from '../../base/fault.ts';
import type { OnnxConstant } from '../../network/onnx-node.ts';
import { integerOf } from './decode.ts';

/**
 * Reads a part of a file that stands beside the model; undefined when there is no such file. Throws a Fault when it
 * may not or cannot.
 */
export type ExternalData = (location: string, offset: number, length: number) => Uint8Array | undefined;

/** How one ONNX element type is stored: bytes each and how they read. */
interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly integer: boolean;
  /** Field of the tensor that holds it unpacked, and how one entry of it reads. */
  readonly field: 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data';
  readonly decode: (entry: number) => number;
  readonly read: (view: DataView, offset: number) => number;
}

const plain = (entry: number): number => entry;

/** Element types by their number in `TensorProto.DataType`. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, real('float32', 4, 'floatData', plain, (view, at) => view.getFloat32(at, true))],
  [2, whole('uint8', 1, 'int32Data', (view, at) => view.getUint8(at))],
  [3, whole('int8', 1, 'int32Data', (view, at) => view.getInt8(at))],
  [4, whole('uint16', 2, 'int32Data', (view, at) => view.getUint16(at, true))],
  [5, whole('int16', 2, 'int32Data', (view, at) => view.getInt16(at, true))],
  [6, whole('int32', 4, 'int32Data', (view, at) => view.getInt32(at, true))],
  [7, whole('int64', 8, 'int64Data', (view, at) => Number(view.getBigInt64(at, true)))],
  [9, whole('bool', 1, 'int32Data', (view, at) => (view.getUint8(at) === 0 ? 0 : 1))],
  [10, real('float16', 2, 'int32Data', halfOf, (view, at) => halfOf(view.getUint16(at, true)))],
  [11, real('float64', 8, 'doubleData', plain, (view, at) => view.getFloat64(at, true))],
  [12, whole('uint32', 4, 'uint64Data', (view, at) => view.getUint32(at, true))],
  [13, whole('uint64', 8, 'uint64Data', (view, at) => Number(view.getBigUint64(at, true)))],
  [16, real('bfloat16', 2, 'int32Data', brainFloatOf, (view, at) => brainFloatOf(view.getUint16(at, true)))],
]);

/**
 * The constant that an ONNX tensor holds: reals as float32, whole numbers and truth values as doubles. Its
 * dimensions are compared with the bytes that are there before anything is allocated. Of a tensor that was stripped of
 * its data, or whose external file is missing, it is the shape only.
 */
export function constantOf(tensor: onnx.ITensorProto, external: ExternalData): OnnxConstant {
  const label = `tensor "${tensor.name ?? ''}"`;
  const dims = (tensor.dims ?? []).map(integerOf);
  const type = elementTypes.get(tensor.dataType ?? 0);
  if (type === undefined) {
    throw new Fault(`${label} has ONNX element type ${tensor.dataType ?? 0}, which is not supported`, {
      cure: `known: ${[...elementTypes.values()].map((known) => known.name).join(', ')}`,
    });
  }
  if (tensor.segment) throw new Fault(`${label} is stored in segments, which is not supported`);
  const count = checkedCount(dims, label);
  const raw = rawBytes(tensor, count * type.bytes, external);
  const entries: readonly unknown[] = tensor[type.field] ?? [];
  if (raw === undefined && entries.length === 0 && count <= MOST_UNKNOWN) {
    return { dims, data: type.integer ? new Float64Array(0) : new Float32Array(0), integer: type.integer };
  }
  if (raw !== undefined) {
    if (raw.byteLength !== count * type.bytes) {
      throw new Fault(
        `${label} of ${dims.join('×')} ${type.name} needs ${count * type.bytes} bytes, has ${raw.byteLength}`,
      );
    }
    return { dims, data: fromBytes(raw, count, type), integer: type.integer };
  }
  if (entries.length !== count) {
    throw new Fault(`${label} of ${dims.join('×')} needs ${count} elements, has ${entries.length}`);
  }
  const data = type.integer ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = type.decode(integerOf(entries[i]));
  return { dims, data, integer: type.integer };
}

/** Why a tensor has a shape only: nothing of it is stored, or a file is missing. */
export function missingText(tensor: onnx.ITensorProto): string {
  const location = (tensor.externalData ?? []).find(({ key }) => key === 'location')?.value;
  const label = `tensor "${tensor.name ?? ''}"`;
  return isExternal(tensor)
    ? `${label} lies in "${location ?? ''}", which is missing`
    : `${label} has no data`;
}

/** Elements of a tensor without data: 4 Gi. */
const MOST_UNKNOWN = 2 ** 32;

function isExternal(tensor: onnx.ITensorProto): boolean {
  // 1 = TensorProto.EXTERNAL
  return tensor.dataLocation === 1;
}

function checkedCount(dims: readonly number[], label: string): number {
  let count = 1;
  for (const dim of dims) {
    if (!Number.isInteger(dim) || dim < 0) throw new Fault(`${label} has a dimension of ${dim}`);
    count *= dim;
  }
  if (!Number.isSafeInteger(count)) throw new Fault(`${label} of ${dims.join('×')} is too large`);
  return count;
}

function rawBytes(tensor: onnx.ITensorProto, bytes: number, external: ExternalData): Uint8Array | undefined {
  if (isExternal(tensor)) {
    const entries = new Map((tensor.externalData ?? []).map((entry) => [entry.key ?? '', entry.value ?? '']));
    const length = entries.has('length') ? Number(entries.get('length')) : bytes;
    return external(entries.get('location') ?? '', Number(entries.get('offset') ?? 0), length);
  }
  const raw = tensor.rawData;
  return raw === null || raw === undefined || raw.byteLength === 0 ? undefined : raw;
}

function fromBytes(raw: Uint8Array, count: number, type: ElementType): Float32Array | Float64Array {
  if (type.name === 'float32') {
    // Copied, so that it is aligned and does not keep the whole file in memory. Node runs on little-endian hosts.
    return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength) as ArrayBuffer);
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const data = type.integer ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, i * type.bytes);
  return data;
}

function real(
  name: string,
  bytes: number,
  field: ElementType['field'],
  decode: ElementType['decode'],
  read: ElementType['read'],
): ElementType {
  return { name, bytes, integer: false, field, decode, read };
}

function whole(
  name: string,
  bytes: number,
  field: ElementType['field'],
  read: ElementType['read'],
): ElementType {
  return { name, bytes, integer: true, field, decode: plain, read };
}

/** IEEE 754 binary16 from its bits. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 from its bits: the upper half of a float32. */
function brainFloatOf(bits: number): number {
  scratch.setUint32(0, (bits & 0xffff) << 16);
  return scratch.getFloat32(0);
}
