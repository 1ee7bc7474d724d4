import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const broken = vi.hoisted(() => ({ rename: Number.POSITIVE_INFINITY }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    if (broken.rename-- <= 0) throw Object.assign(new Error(), { code: 'EIO' });
    fs.renameSync(from, to);
  };
  return { ...fs, renameSync };
});

// Other files of this process have it already, with another file system.
vi.resetModules();
const { writeTogether } = await import('../../src/report/write-atomically.ts');

describe('files that belong together', () => {
  let folder = '';
  const file = (name: string) => join(folder, name);
  const write = (text: string) =>
    writeTogether([
      [file('report.json'), text],
      [file('report.html'), text],
    ]);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kirchhoff-together-'));
    broken.rename = Number.POSITIVE_INFINITY;
    await write('old');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const texts = () => readdirSync(folder).map((name) => `${name} ${readFileSync(file(name), 'utf8')}`);

  test('are all there, with nothing beside them', async () => {
    await write('new');
    expect(texts()).toEqual(['report.html new', 'report.json new']);
  });

  // As an interrupt would: nothing is undone, and still no two are of different times.
  test.each([
    [0, ['report.json old']],
    [1, ['report.json new']],
  ])('stopped before rename %d: only of one time', async (at, left) => {
    broken.rename = at;
    await expect(write('new')).rejects.toThrow(/^cannot write .*report\.(json|html) \(EIO\)/);
    expect(texts()).toEqual(left);
  });

  test('one that cannot be written leaves all as they were', async () => {
    rmSync(file('report.html'));
    mkdirSync(file('report.html'));
    writeFileSync(join(file('report.html'), 'mine'), '');
    await expect(write('new')).rejects.toThrow(/report\.html/);
    expect(readFileSync(file('report.json'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['report.html', 'report.json']);
    expect(existsSync(join(file('report.html'), 'mine'))).toBe(true);
  });
});
