import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { idxImages, idxLabels, readIdxImages, readIdxLabels } from '../../src/input/idx.ts';

/** IDX bytes by the format's definition: two zeros, type, rank, big-endian sizes, data. */
function idx(dims: readonly number[], data: readonly number[], type = 0x08): Uint8Array {
  const sizes = dims.flatMap((dim) => [dim >>> 24, (dim >>> 16) & 255, (dim >>> 8) & 255, dim & 255]);
  return Uint8Array.from([0, 0, type, dims.length, ...sizes, ...data]);
}

describe('IDX', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kirchhoff-idx-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('images and labels, packed or plain', async () => {
    const images = idx([2, 1, 3], [1, 2, 3, 4, 5, 255]);
    for (const [name, bytes] of [
      ['plain', images],
      ['packed.gz', gzipSync(images)],
    ] as const) {
      await writeFile(join(folder, name), bytes);
      const read = await readIdxImages(join(folder, name));
      expect(read.count).toBe(2);
      expect(read.shape).toEqual([1, 3]);
      expect(Array.from(read.pixels)).toEqual([1, 2, 3, 4, 5, 255]);
    }
    await writeFile(join(folder, 'labels.gz'), gzipSync(idx([3], [7, 0, 9])));
    expect(Array.from(await readIdxLabels(join(folder, 'labels.gz')))).toEqual([7, 0, 9]);
  });

  test('colour images have a third axis', () => {
    expect(idxImages(idx([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]), 'x').shape).toEqual([1, 2, 3]);
  });

  test.each([
    [new Uint8Array(), 'is no IDX file'],
    [Uint8Array.of(1, 2, 3, 4), 'is no IDX file'],
    [idx([2, 1, 3], [1, 2, 3, 4, 5]), 'holds 5 bytes where its header says 2×1×3 = 6 (is it cut short?)'],
    [idx([2, 1, 3], [1, 2, 3, 4, 5, 6, 7]), 'holds 7 bytes where its header says 2×1×3 = 6'],
    [idx([4e9, 4e9, 4e9], []), 'holds 0 bytes where its header says'],
    [idx([2, 1, 3], []).subarray(0, 9), 'ends inside its IDX header'],
    [idx([0, 28, 28], []), 'holds 0×28×28 elements: nothing'],
    [idx([1, 1, 1], [0, 0, 0, 0], 0x0d), 'holds IDX type 0x0d (only unsigned bytes (0x08) are supported)'],
    [idx([3], [1, 2, 3]), 'holds 1 dimensions where images have 3 or 4 (are images and labels swapped?)'],
  ])('spoilt images are refused: %#', (bytes, message) => {
    expect(() => idxImages(bytes, 'data.idx')).toThrow(Fault);
    expect(() => idxImages(bytes, 'data.idx')).toThrow(`data.idx: ${message}`);
  });

  test('images are no labels', () => {
    expect(() => idxLabels(idx([1, 1, 1], [0]), 'data.idx')).toThrow('are images and labels swapped?');
  });

  test('files that are not there, no files or cut gzip', async () => {
    await expect(readIdxImages(join(folder, 'nothing'))).rejects.toThrow(/nothing: no such file/);
    await expect(readIdxImages(folder)).rejects.toThrow(/is not a regular file/);
    await writeFile(join(folder, 'cut.gz'), gzipSync(idx([2, 1, 3], [1, 2, 3, 4, 5, 6])).subarray(0, 20));
    await expect(readIdxImages(join(folder, 'cut.gz'))).rejects.toThrow(
      /cut\.gz: cannot be unpacked: .*is it cut short\?/,
    );
  });
});
