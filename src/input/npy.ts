import { readFile, stat } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import { systemText } from './text-file.ts';

/** An array of a NumPy file; 64-bit integers are held as doubles. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Uint8Array;
}

const MAX_BYTES = 2 ** 30;

/** Element types by NumPy's code: bytes each, and the typed array over an aligned copy of the data. */
const elementTypes: Readonly<
  Record<string, { bytes: number; over: (data: ArrayBuffer) => NpyArray['data'] }>
> = {
  '<f4': { bytes: 4, over: (data) => new Float32Array(data) },
  '<f8': { bytes: 8, over: (data) => new Float64Array(data) },
  '<i8': { bytes: 8, over: (data) => Float64Array.from(new BigInt64Array(data), Number) },
  '|u1': { bytes: 1, over: (data) => new Uint8Array(data) },
};

/** The array in a NumPy `.npy` file. Throws a Fault that names the file. */
export async function readNpy(file: string): Promise<NpyArray> {
  try {
    const status = await stat(file);
    if (!status.isFile()) throw new Fault('is not a regular file');
    if (status.size > MAX_BYTES) throw new Fault(`has ${status.size} bytes, at most ${MAX_BYTES} are read`);
    return npyArray(await readFile(file), file);
  } catch (error) {
    if (error instanceof Fault) throw error.at({ file });
    throw new Fault(systemText(error), { cure: 'check the name of the file', place: { file } });
  }
}

/** The array in the bytes of a `.npy` file (format 1 to 3): little-endian, in C order. */
export function npyArray(bytes: Uint8Array, file: string): NpyArray {
  const place = { file };
  const magic = bytes.length >= 12 && bytes[0] === 0x93 && text(bytes.subarray(1, 6)) === 'NUMPY';
  if (!magic) throw new Fault('is no NumPy array', { place });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = text(bytes.subarray(start, start + length));
  const code = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (code === undefined || order === undefined || shape === undefined) {
    throw new Fault('has an unreadable NumPy header', { place });
  }
  const type = Object.hasOwn(elementTypes, code) ? elementTypes[code] : undefined;
  if (type === undefined) {
    const known = Object.keys(elementTypes).join(', ');
    throw new Fault(`holds elements of type ${code}`, { cure: `supported: ${known}`, place });
  }
  const dims = shape
    .split(',')
    .filter((dim) => dim.trim() !== '')
    .map(Number);
  if (order === 'True' && dims.length > 1) {
    throw new Fault('is in Fortran order', { cure: 'save numpy.ascontiguousarray of it', place });
  }
  const needed = dims.reduce((product, dim) => product * dim, 1) * type.bytes;
  const held = bytes.length - start - length;
  if (held !== needed) {
    throw new Fault(`holds ${held} bytes where its header says ${dims.join('×')} of ${type.bytes} bytes`, {
      place,
    });
  }
  // A copy of its own: Node's small buffers share their memory and are not aligned.
  const first = bytes.byteOffset + start + length;
  return { dims, data: type.over(bytes.buffer.slice(first, first + held) as ArrayBuffer) };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
