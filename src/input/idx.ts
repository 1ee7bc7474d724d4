import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Fault } from '../base/fault.ts';
import { systemText } from './text-file.ts';

/** Images of unsigned bytes, one after the other. */
export interface IdxImages {
  readonly count: number;
  /** Shape of one image: [height, width], or [height, width, channels]. */
  readonly shape: readonly number[];
  /** [count, …shape], row-major. */
  readonly pixels: Uint8Array;
}

/** Largest data file, packed or not, that is read whole. */
const MAX_BYTES = 2 ** 30;
/** Type code of unsigned bytes in the IDX header. */
const UNSIGNED_BYTE = 0x08;

/** The images of an IDX file (LeCun's format of MNIST), gzip or plain. Throws a Fault that names the file. */
export async function readIdxImages(file: string): Promise<IdxImages> {
  return idxImages(await unpackedFile(file), file);
}

/** The labels of an IDX file, gzip or plain: one class per image. Throws a Fault that names the file. */
export async function readIdxLabels(file: string): Promise<Uint8Array> {
  return idxLabels(await unpackedFile(file), file);
}

/** The images in unpacked IDX bytes. */
export function idxImages(bytes: Uint8Array, file: string): IdxImages {
  const { dims, data } = idxData(bytes, file);
  if (dims.length !== 3 && dims.length !== 4) {
    throw new Fault(`holds ${dims.length} dimensions where images have 3 or 4`, {
      cure: 'are images and labels swapped?',
      place: { file },
    });
  }
  return { count: dims[0]!, shape: dims.slice(1), pixels: data };
}

/** The labels in unpacked IDX bytes. */
export function idxLabels(bytes: Uint8Array, file: string): Uint8Array {
  const { dims, data } = idxData(bytes, file);
  if (dims.length !== 1) {
    throw new Fault(`holds ${dims.length} dimensions where labels have 1`, {
      cure: 'are images and labels swapped?',
      place: { file },
    });
  }
  return data;
}

/** Header: two zero bytes, type, number of dimensions, each as a big-endian 32-bit number; then the data. */
function idxData(bytes: Uint8Array, file: string): { dims: readonly number[]; data: Uint8Array } {
  const place = { file };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) throw new Fault('is no IDX file', { place });
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new Fault(`holds IDX type 0x${bytes[2]!.toString(16).padStart(2, '0')}`, {
      cure: 'only unsigned bytes (0x08) are supported',
      place,
    });
  }
  const header = 4 + 4 * bytes[3]!;
  if (bytes.length < header) throw new Fault('ends inside its IDX header', { place });
  const dims = Array.from({ length: bytes[3]! }, (_, i) => view.getUint32(4 + 4 * i));
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (dims.includes(0)) throw new Fault(`holds ${dims.join('×')} elements: nothing`, { place });
  if (bytes.length - header !== count) {
    throw new Fault(
      `holds ${bytes.length - header} bytes where its header says ${dims.join('×')} = ${count}`,
      {
        cure: 'is it cut short?',
        place,
      },
    );
  }
  return { dims, data: bytes.subarray(header) };
}

async function unpackedFile(file: string): Promise<Uint8Array> {
  const place = { file };
  let bytes: Buffer;
  try {
    const status = await stat(file);
    if (!status.isFile()) throw new Fault('is not a regular file', { place });
    if (status.size > MAX_BYTES)
      throw new Fault(`has ${status.size} bytes, at most ${MAX_BYTES} are read`, { place });
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(systemText(error), { cure: 'check the name of the file', place });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new Fault(`cannot be unpacked: ${(error as Error).message}`, { cure: 'is it cut short?', place });
  }
}
