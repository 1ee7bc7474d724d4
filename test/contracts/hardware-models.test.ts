import { beforeAll, describe, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { adcModels } from '../../src/hardware/adc/index.ts';
import { dacModels } from '../../src/hardware/dac/index.ts';
import { deviceModels } from '../../src/hardware/device/index.ts';

beforeAll(loadUnits);

/** A smallest valid spec of every converter and cell model; a new model adds its line. */
const ADC_EXAMPLES: Readonly<Record<string, object>> = {
  sar: { type: 'sar', bits: 8, sampleRate: '1 GHz', energy: '2 pJ', area: '1200 um^2' },
  flash: { type: 'flash', bits: 4, sampleRate: '1 GHz', comparatorEnergy: '10 fJ' },
  survey: { type: 'survey', bits: 8, sampleRate: '1 GHz' },
};
const DAC_EXAMPLES: Readonly<Record<string, object>> = {
  driver: { type: 'driver', bits: 1, energy: '0.1 pJ' },
  capacitive: { type: 'capacitive', bits: 8, supply: '0.9 V' },
};
const DEVICE_EXAMPLES: Readonly<Record<string, object>> = {
  ideal: { type: 'ideal' },
  normal: { type: 'normal', law: 'proportional', sigma: 0.02 },
  uniform: { type: 'uniform', sigma: '2 %' },
  pcm: { type: 'pcm' },
  rram: { type: 'rram' },
};

describe('every converter model', () => {
  test.each(adcModels.parts.map((model) => [model.name, model] as const))(
    '%s has sane figures',
    (name, model) => {
      const parameters = model.schema.parse(ADC_EXAMPLES[name]);
      const figures = model.figures(parameters as never, 32e-9);
      expect(figures.levels).toBe(2 ** figures.bits);
      expect(figures.conversionTime).toBeGreaterThan(0);
      for (const value of [figures.conversionEnergy, figures.area, figures.leakage]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(value)).toBe(true);
      }
      expect(
        model.schema.safeParse({ ...ADC_EXAMPLES[name], bitz: 8 }).success,
        'accepts an unknown key',
      ).toBe(false);
      expect(model.schema.safeParse({ ...ADC_EXAMPLES[name], sampleRate: '-1 GHz' }).success).toBe(false);
    },
  );

  test('more bits never cost less', () => {
    for (const model of adcModels.parts) {
      const energies = [4, 5, 6, 7, 8].map((bits) => {
        const parameters = model.schema.parse({ ...ADC_EXAMPLES[model.name], bits });
        return model.figures(parameters as never, 32e-9).conversionEnergy;
      });
      expect(energies).toEqual([...energies].sort((a, b) => a - b));
    }
  });
});

describe('every driver model', () => {
  test.each(dacModels.parts.map((model) => [model.name, model] as const))(
    '%s has sane figures',
    (name, model) => {
      const figures = model.figures(model.schema.parse(DAC_EXAMPLES[name]) as never);
      expect(figures.bits).toBeGreaterThanOrEqual(1);
      expect(figures.driveEnergy).toBeGreaterThan(0);
      expect(model.schema.safeParse({ ...DAC_EXAMPLES[name], colour: 'red' }).success).toBe(false);
    },
  );
});

describe('every cell model', () => {
  test.each(deviceModels.parts.map((model) => [model.name, model] as const))(
    '%s has a finite spread, never negative, over all conductances',
    (name, model) => {
      const error = model.error(model.schema.parse(DEVICE_EXAMPLES[name]) as never);
      for (let g = 0; g <= 1; g += 1 / 64) {
        expect(error.sigma(g)).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(error.sigma(g))).toBe(true);
      }
      expect(model.schema.safeParse({ ...DEVICE_EXAMPLES[name], sigmaa: 1 }).success).toBe(false);
    },
  );

  // Xiao et al., IEEE CAS Mag. 22(4) 2022: independent, proportional; CrossSim 3.2: inverse, none at zero.
  test('the generic laws', () => {
    const sigma = (law: string, g: number) =>
      deviceModels
        .get('normal')
        .error({ type: 'normal', law, sigma: 0.05 } as never)
        .sigma(g);
    expect(sigma('independent', 0.3)).toBe(0.05);
    expect(sigma('proportional', 0.5)).toBe(0.025);
    expect(sigma('inverse', 0.5)).toBe(0.1);
    expect(sigma('inverse', 0)).toBe(0);
  });

  // Coefficients of Joshi et al. 2020 and Milo et al. 2021 (CrossSim 3.2), evaluated by hand at full conductance.
  test('the fitted devices at full conductance', () => {
    const pcm = deviceModels.get('pcm').error({ type: 'pcm', maxConductance: 25e-6 } as never);
    expect(pcm.sigma(1) * 25).toBeCloseTo(-0.00178767 * 625 + 0.07585724 * 25 + 0.28638599, 10);
    const rram = deviceModels.get('rram').error({ type: 'rram', maxConductance: 225e-6 } as never);
    expect(rram.sigma(1) * 225).toBeCloseTo(4.782321 - 0.009107 * 225, 10);
  });
});
