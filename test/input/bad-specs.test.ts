import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault, type Faults } from '../../src/base/fault.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { badSpecs } from './bad-specs.ts';

const goodFile = new URL('./specs/small.yaml', import.meta.url).pathname;
let good = '';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kirchhoff-specs-'));
  good = await readFile(goodFile, 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

/** The Fault that reading this file ends in. */
async function faultOf(file: string, sets: readonly string[] = []): Promise<Fault> {
  try {
    await readArchitecture(file, sets);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('the spec was accepted');
}

/** The same for a text; FILE stands for the file in the message. */
async function messageOf(text: string | Uint8Array, sets: readonly string[] = []): Promise<string> {
  const file = join(folder, 'spec.yaml');
  await writeFile(file, text);
  return (await faultOf(file, sets)).message.replaceAll(file, 'FILE');
}

describe('the good spec', () => {
  test('reads into SI units with the defaults filled in', async () => {
    const { value, hash, parameters, sources } = await readArchitecture(goodFile);
    expect(value.chip.tiles).toBe(4);
    expect(value.tile.buffer.capacity).toBe(65536);
    expect(value.analogCore!.register.capacity).toBe(2048);
    expect(value.analogCore!.register.writeEnergy).toBe(1.2e-12);
    expect(value.analogCore!.adcBank.adc).toEqual(
      expect.objectContaining({ bits: 6, sampleRate: 1.28e9, energy: 0.5e-12 }),
    );
    expect(value.chip.fixed[0]!.area).toBe(5e-9);
    expect(value.encoding.scheme).toBe('differential');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(parameters.get('share')!.value).toBe(5e-9);
    expect(sources.get('chip.tiles')).toEqual({ file: goodFile, line: 9, column: 10 });
    expect(sources.get('analogCore.register.bandwidth')!.line).toBe(19);
    expect(sources.has('encoding.scheme')).toBe(false);
  });

  test('takes overrides of leaves, sections, parameters and list entries', async () => {
    const { value, sources } = await readArchitecture(goodFile, [
      'chip.tiles=2^adcBits',
      'parameters.adcBits=5',
      'chip.fixed[0].power=3 mW',
      'encoding.weightSlices=2',
      'analogCore.adcBank.adc={type: flash, bits: 4, sampleRate: 1 GS/s, comparatorEnergy: 1 fJ}',
      'chip.tiles=2^(adcBits - 1)',
    ]);
    expect(value.chip.tiles).toBe(16);
    expect(value.chip.fixed[0]!.power).toBe(3e-3);
    expect(value.encoding.weightSlices).toBe(2);
    expect(value.analogCore!.adcBank.adc.type).toBe('flash');
    expect(sources.get('chip.tiles')!.file).toBe('--set chip.tiles=2^(adcBits - 1)');
    expect(sources.has('analogCore.adcBank.adc.bits')).toBe(false);
  });

  test('an override of what came by an alias leaves the other copies alone', async () => {
    const { value } = await readArchitecture(goodFile, ['digitalCore.weightMemory.capacity=1 MiB']);
    expect(value.digitalCore!.weightMemory!.capacity).toBe(2 ** 20);
    expect(value.tile.buffer.capacity).toBe(65536);
  });
});

describe('bad specs', () => {
  test('the table is as long as promised', () => {
    expect(badSpecs.length).toBeGreaterThanOrEqual(25);
    expect(new Set(badSpecs.map(({ what }) => what)).size).toBe(badSpecs.length);
  });

  test.each(badSpecs)('$what', async ({ edit, text, sets, says }) => {
    let spoilt = text ?? good;
    if (edit !== undefined) {
      expect(good.split(edit[0])).toHaveLength(2);
      spoilt = good.replace(edit[0], () => edit[1]);
    }
    expect((await messageOf(spoilt, sets)).split('\n')[0]).toBe(says);
  });

  test('the source line and a caret follow', async () => {
    expect(await messageOf(good.replace('  tiles: 4', '  tiles: 0'))).toBe(
      'FILE:9:10 chip.tiles: 0 is too small (at least 1)\n    tiles: 0\n           ^',
    );
  });

  test('every fault of a file is told, in its order', async () => {
    const spoilt = good
      .replace('  tiles: 4', '  tiles: 0')
      .replace('type: sar', 'type: sarr')
      .replace('1 GHz', '1 m');
    const lines = (await messageOf(spoilt)).split('\n').filter((line) => line.startsWith('FILE'));
    expect(lines.map((line) => line.split(':')[1])).toEqual(['9', '37', '46']);
  });

  test('at most twenty are told', async () => {
    const entries = Array.from({ length: 40 }, () => '    - { name: x, power: 1 m }').join('\n');
    const file = join(folder, 'many.yaml');
    await writeFile(file, good.replace('    - { name: control, power: 1 mW, area: share }', entries));
    const fault = await faultOf(file);
    expect((fault as Faults).all).toHaveLength(21);
    expect(fault.message).toMatch(/and 20 more$/);
  });
});

describe('files that are no text', () => {
  test.each([
    ['a missing file', () => join(folder, 'none.yaml'), 'no such file (check the name of the file)'],
    ['a folder', () => folder, 'is a folder (name a file)'],
    ['a file below a file', () => join(goodFile, 'x'), 'no such file: a part of its path is not a folder'],
    ['a device', () => '/dev/zero', 'is not a regular file (name a file)'],
  ])('%s', async (_, file, says) => {
    expect((await faultOf(file())).message).toContain(`${file()}: ${says}`);
  });

  test('bytes that are not UTF-8, files that are too large, control characters', async () => {
    expect(await messageOf(new Uint8Array([0x6e, 0xff, 0xfe, 0x00]))).toContain('FILE: is not UTF-8 text');
    expect(await messageOf(`# ${'x'.repeat(1 << 20)}`)).toContain('FILE: has 1048578 bytes (at most 1048576');
    expect(await messageOf('name: "a\\u0000b"\n')).toContain('FILE:1:1: missing key technology');
    expect(await messageOf('\u0000\u0001\u0002')).toMatch(/^FILE:1:1: found the text/);
  });

  test('a byte-order mark and Windows line ends are fine', async () => {
    const file = join(folder, 'windows.yaml');
    await writeFile(file, `\ufeff${good.replaceAll('\n', '\r\n')}`);
    expect((await readArchitecture(file)).value).toEqual((await readArchitecture(goodFile)).value);
    await writeFile(file, good.replaceAll('\n', '\r\n').replace('  tiles: 4', '  tiles: 0'));
    expect((await faultOf(file)).message).toBe(
      `${file}:9:10 chip.tiles: 0 is too small (at least 1)\n    tiles: 0\n           ^`,
    );
  });
});
