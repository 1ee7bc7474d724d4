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

  test('is no matter where it is the same, is not set, or a model follows it', async () => {
    expect(await warned('arch/isaac.yaml', 'technology=32 nm')).toEqual([]);
    expect(await warned('arch/isaac.yaml', 'chip.tiles=40')).toEqual([]);
    const adc = 'analogCore.adcBank.adc={type: survey, bits: 8, sampleRate: 1.28 GS/s}';
    expect(await warned('arch/isaac.yaml', adc, 'technology=16 nm')).toEqual([]);
  });
});
