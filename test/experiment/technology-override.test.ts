import { describe, expect, test } from 'vitest';
import { readArchitecture } from '../../src/input/architecture.ts';
import { technologyWarnings } from '../../src/experiment/technology-override.ts';

async function warned(file: string, ...overrides: string[]): Promise<readonly string[]> {
  const { value } = await readArchitecture(file, overrides);
  return technologyWarnings(file, overrides, value);
}

describe('another technology', () => {
  test('of a chip that states all of its figures changes nothing, and that is said', async () => {
    const [warning] = await warned('arch/isaac.yaml', 'chip.tiles=40', 'technology=3 nm');
    expect(warning).toMatch(/technology 3 nm changes no figure of isaac.*for 32 nm.*; name models/);
  });

  test('of a chip whose models follow it in part: what stays is named, with its figures where others of it follow', async () => {
    const adc = 'analogCore.adcBank.adc={type: survey, bits: 8, sampleRate: 1.28 GS/s, area: 900 um^2}';
    const buffer = 'tile.buffer={type: sram, capacity: 64 KiB}';
    const [warning, ...others] = await warned('arch/isaac.yaml', adc, buffer, 'technology=16 nm');
    expect(others).toEqual([]);
    const stay = /not scaled from 32 nm to 16 nm: (.*); name models/.exec(warning!)![1]!.split(', ');
    expect(stay).toContain('analogCore.crossbar');
    expect(stay).toContain('analogCore.adcBank.adc (area)');
    expect(stay.filter((part) => /^tile.buffer|memory|chipLink/.test(part))).toEqual([]);
  });

  test('is no matter where it is the same or is not set', async () => {
    expect(await warned('arch/isaac.yaml', 'technology=32 nm')).toEqual([]);
    expect(await warned('arch/isaac.yaml', 'chip.tiles=40')).toEqual([]);
  });
});
