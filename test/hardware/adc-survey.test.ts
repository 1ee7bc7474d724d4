import { describe, expect, test } from 'vitest';
import { surveyArea, surveyEnergy } from '../../src/hardware/adc/survey.ts';

// Values of the published model (Andrulis et al., arXiv 2404.06553), printed by an independent run of it to three
// or four digits: [bits, samples/s, nm, pJ, µm²].
const PUBLISHED = [
  [4, 1.28e9, 32, 0.924, 5190],
  [6, 1.28e9, 32, 1.065, 5416],
  [7, 1.28e9, 32, 1.312, 5765],
  [8, 1.28e9, 32, 1.929, 6469],
  [9, 1.28e9, 32, 5.53, 8865],
  [10, 1.28e9, 32, 16.4, 12275],
  [8, 100e6, 32, 1.714, 3939],
  [8, 1.28e9, 22, 0.954, 3612],
  [8, 1.28e9, 14, 0.408, 1788],
  [8, 1.28e9, 65, 7.31, 19482],
] as const;

describe('the survey regression', () => {
  test.each(PUBLISHED)('%i bits at %d S/s in %i nm', (bits, rate, node, picojoule, area) => {
    const energy = surveyEnergy(bits, rate, node);
    expect(Math.abs(energy / picojoule - 1)).toBeLessThan(2e-3);
    expect(Math.abs(surveyArea(energy, rate, node) / area - 1)).toBeLessThan(2e-3);
  });
});
