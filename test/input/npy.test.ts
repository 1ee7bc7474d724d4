import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { npyArray, readNpy } from '../../src/input/npy.ts';

/** Bytes of a NumPy file by the format's definition (numpy.lib.format). */
function npy(header: string, data: ArrayBufferView, version = 1): Uint8Array {
  const length = header.length + 1;
  const sizes = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  const text = new TextEncoder().encode(`${header}\n`);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    ...sizes,
    ...text,
    ...bytes,
  ]);
}

const header = (code: string, shape: string, order = 'False') =>
  `{'descr': '${code}', 'fortran_order': ${order}, 'shape': (${shape}), }`;

describe('NumPy arrays', () => {
  test.each([
    ['<f4', Float32Array.of(1.5, -2)],
    ['<f8', Float64Array.of(1.5, -2)],
    ['<i8', BigInt64Array.of(15n, -2n)],
    ['|u1', Uint8Array.of(15, 254)],
  ])('of %s', (code, data) => {
    const expected = Array.from(data as Iterable<number | bigint>, Number);
    for (const version of [1, 2]) {
      const array = npyArray(npy(header(code, '1, 2'), data, version), 'a.npy');
      expect(array.dims).toEqual([1, 2]);
      expect(Array.from(array.data)).toEqual(expected);
    }
  });

  test('of one dimension, or none', () => {
    expect(npyArray(npy(header('<f4', '2,'), Float32Array.of(1, 2)), 'a').dims).toEqual([2]);
    expect(npyArray(npy(header('<f4', ''), Float32Array.of(7)), 'a')).toMatchObject({
      dims: [],
      data: Float32Array.of(7),
    });
  });

  test('in a small buffer that shares its memory', () => {
    const shared = Buffer.from([0, ...npy(header('<f8', '1,'), Float64Array.of(3.25))]);
    expect(Array.from(npyArray(shared.subarray(1), 'a').data)).toEqual([3.25]);
  });

  test.each([
    [new Uint8Array(20), 'is no NumPy array'],
    [npy('{}', new Uint8Array()), 'has an unreadable NumPy header'],
    [npy(header('>f4', '1,'), new Uint8Array(4)), 'holds elements of type >f4'],
    [npy(header('toString', '1,'), new Uint8Array(4)), 'holds elements of type toString'],
    [npy(header('<f4', '2, 2', 'True'), new Uint8Array(16)), 'is in Fortran order'],
    [npy(header('<f4', '3,'), new Uint8Array(8)), 'holds 8 bytes where its header says 3 of 4 bytes'],
    [
      npy(header('<f4', '99999999999, 99999999999'), new Uint8Array(8)),
      'holds 8 bytes where its header says',
    ],
    [npy(header('<f4', '3,'), new Uint8Array(8)).subarray(0, 30), 'has an unreadable NumPy header'],
  ])('that are spoilt are refused: %#', (bytes, message) => {
    expect(() => npyArray(bytes, 'a.npy')).toThrow(Fault);
    expect(() => npyArray(bytes, 'a.npy')).toThrow(`a.npy: ${message}`);
  });

  test('that are not there', async () => {
    await expect(readNpy('/nowhere/a.npy')).rejects.toThrow('/nowhere/a.npy: no such file');
  });
});
