import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fillNormals } from '../../src/base/philox.ts';
import { loadUnits } from '../../src/base/quantity.ts';
import { adcModels } from '../../src/hardware/adc/index.ts';
import { dacModels } from '../../src/hardware/dac/index.ts';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { ivModels } from '../../src/hardware/iv/index.ts';

beforeAll(loadUnits);

/** A smallest valid spec of every converter and cell model; a new model adds its line. */
const ADC_EXAMPLES: Readonly<Record<string, object>> = {
  sar: { type: 'sar', bits: 8, sampleRate: '1 GHz', energy: '2 pJ', area: '1200 um^2' },
  flash: { type: 'flash', bits: 4, sampleRate: '1 GHz', comparatorEnergy: '10 fJ' },
  survey: { type: 'survey', bits: 8, sampleRate: '1 GHz' },
  ramp: { type: 'ramp', bits: 8, clock: '1 GHz', energy: '1 pJ' },
  pipeline: { type: 'pipeline', bits: 8, clock: '1 GHz', energy: '1 pJ' },
  cyclic: { type: 'cyclic', bits: 8, clock: '1 GHz', energy: '1 pJ' },
  isaac: { type: 'isaac', bits: 8, sampleRate: '1.2 GHz' },
  zigzag: { type: 'zigzag', bits: 8, rows: 256, supply: '0.9 V' },
  neurosim: { type: 'neurosim', bits: 8, columnResistance: '10 kohm' },
  published: { type: 'published', design: 'timely', sampleRate: '10 MHz' },
  ideal: { type: 'ideal', sampleRate: '1 GHz' },
};
const IV_EXAMPLES: Readonly<Record<string, object>> = {
  linear: { type: 'linear' },
  cubic: { type: 'cubic', readVoltage: '0.5 V' },
  rram: { type: 'rram', readVoltage: '0.5 V' },
};
const DAC_EXAMPLES: Readonly<Record<string, object>> = {
  driver: { type: 'driver', bits: 1, energy: '0.1 pJ' },
  capacitive: { type: 'capacitive', bits: 8, supply: '0.9 V' },
  isaac: { type: 'isaac' },
  rowDriver: { type: 'rowDriver', columns: 256 },
  published: { type: 'published', design: 'brahms' },
};
const DEVICE_EXAMPLES: Readonly<Record<string, object>> = {
  ideal: { type: 'ideal' },
  normal: { type: 'normal', law: 'proportional', sigma: 0.02 },
  uniform: { type: 'uniform', sigma: '2 %' },
  pcm: { type: 'pcm' },
  pcmProgram: { type: 'pcmProgram' },
  pcmJoshiDrift: { type: 'pcmJoshiDrift', after: '1 day' },
  pcmDrift: { type: 'pcmDrift', after: '1 day' },
  pcmRead: { type: 'pcmRead', after: '1 day' },
  rram: { type: 'rram' },
  rramWan: { type: 'rramWan' },
  sonos: { type: 'sonos' },
  sonosDrift: { type: 'sonosDrift', after: '60 h' },
  sonosRead: { type: 'sonosRead' },
  table: {
    type: 'table',
    file: 'mine.csv',
    rows: [
      { conductance: 0, time: 0, mean: 0.01, sigma: 0.02 },
      { conductance: 1, time: 0, mean: -0.02, sigma: 0.05 },
    ],
  },
};

describe('every converter model', () => {
  test.each(adcModels.parts.map((model) => [model.name, model] as const))(
    '%s has sane figures',
    (name, model) => {
      const parameters = model.schema.parse(ADC_EXAMPLES[name]);
      const figures = model.figures(parameters as never, 32e-9);
      expect(figures.levels).toBe(figures.bits === 0 ? 0 : 2 ** figures.bits);
      expect(figures.conversionTime).toBeGreaterThan(0);
      for (const value of [figures.conversionEnergy, figures.area, figures.leakage]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(value)).toBe(true);
      }
      expect(
        model.schema.safeParse({ ...ADC_EXAMPLES[name], bitz: 8 }).success,
        'accepts an unknown key',
      ).toBe(false);
      for (const rate of ['sampleRate', 'clock']) {
        expect(model.schema.safeParse({ ...ADC_EXAMPLES[name], [rate]: '-1 GHz' }).success).toBe(false);
      }
    },
  );

  const overridable = adcModels.parts.filter(({ schema }) => 'energy' in (schema as z.ZodObject).shape);
  test.each(overridable.map((model) => [model.name, model] as const))(
    '%s: figures beside the type stand',
    (name, model) => {
      const written = { energy: '7 pJ', area: '9 um^2', leakage: '3 nW' };
      const parameters = model.schema.parse({ ...ADC_EXAMPLES[name], ...written });
      const figures = model.figures(parameters as never, 22e-9);
      expect(figures).toMatchObject({ conversionEnergy: 7e-12, leakage: 3e-9 });
      expect(figures.area).toBeCloseTo(9e-12, 20);
    },
  );

  // ISAAC, Table I: 2 mW at 1.2 GS/s, 0.0012 mm². ZigZag-IMC's own example: 8 bits at 0.9 V take 0.70 pJ and 2085 µm².
  test('the named models at their published points', () => {
    const at = (name: string, technology: number) => {
      const model = adcModels.get(name);
      return model.figures(model.schema.parse(ADC_EXAMPLES[name]) as never, technology);
    };
    expect(at('isaac', 32e-9).conversionEnergy).toBeCloseTo(2e-3 / 1.2e9, 20);
    expect(at('isaac', 32e-9).area).toBeCloseTo(0.0012e-6, 15);
    expect(at('isaac', 16e-9).conversionEnergy / at('isaac', 32e-9).conversionEnergy).toBeCloseTo(
      0.5 ** 1.88,
      3,
    );
    expect(at('zigzag', 28e-9).conversionEnergy * 1e12).toBeCloseTo(0.7, 1);
    expect(at('zigzag', 28e-9).area * 1e12).toBeCloseTo(2085, 0);
    expect(at('zigzag', 28e-9).conversionTime * 1e9).toBeCloseTo(8 * (0.00653 * 256 + 0.64), 10);
    // (1.1294 · 8 + 8.8998) µW + 0.079449 W · exp(−2.303 · 4), 9 ns.
    expect(at('neurosim', 32e-9).conversionEnergy).toBeCloseTo(
      9e-9 * (17.935e-6 + 0.079449 * Math.exp(-9.212)),
      18,
    );
  });

  test('more bits never cost less', () => {
    for (const model of adcModels.parts.filter(({ name }) => !['ideal', 'published'].includes(name))) {
      const energies = [4, 5, 6, 7, 8].map((bits) => {
        const parameters = model.schema.parse({ ...ADC_EXAMPLES[model.name], bits });
        return model.figures(parameters as never, 32e-9).conversionEnergy;
      });
      expect(energies).toEqual([...energies].sort((a, b) => a - b));
    }
  });
});

describe('what converters do to values', () => {
  const valuesOf = (name: string, changes: object = {}) => {
    const costs = ['sampleRate', 'clock', 'energy', 'comparatorEnergy', 'area', 'rows', 'supply'].concat(
      'columnResistance',
    );
    const kept = Object.entries(ADC_EXAMPLES[name]!).filter(([key]) => !costs.includes(key));
    const model = adcModels.get(name);
    return model.behaviour(model.conversion.parse({ ...Object.fromEntries(kept), ...changes }) as never);
  };

  test.each(adcModels.parts.map(({ name }) => name))('%s needs no costs to convert', (name) => {
    const { levels, noise } = valuesOf(name);
    expect(levels === 0 || levels >= 2).toBe(true);
    expect(noise).toBe(0);
  });

  const circuits = ['sar', 'ramp', 'pipeline', 'cyclic', 'flash'];
  test.each(circuits)('%s: almost no error is almost an ideal converter, and errors are its own', (name) => {
    const tiny = name === 'flash' ? { comparatorOffset: 1e-9 } : { amplifierGain: 300 };
    const { levels, grid, fabricate } = valuesOf(name, tiny);
    expect(grid).toBe('centres');
    const { thresholds, codes } = fabricate!(() => 0.5);
    expect([...codes]).toEqual(Array.from({ length: levels }, (_, code) => code));
    thresholds.forEach((threshold, index) => {
      expect(threshold).toBeCloseTo((2 * (index + 1) - levels) / levels, 6);
    });
    const wrong =
      name === 'flash' ? { comparatorOffset: 0.7 } : { capacitorMismatch: 0.05, comparatorOffset: 0.7 };
    const behaviour = valuesOf(name, wrong);
    const made = [1, 2].map((chip) => {
      const normals = new Float32Array(2000);
      fillNormals(normals, { seed: chip, stream: 0, row: 0, block: 0, read: 0 });
      let next = 0;
      return behaviour.fabricate!(() => normals[next++]!);
    });
    for (const steps of made) {
      expect(steps.codes).toHaveLength(steps.thresholds.length + 1);
      expect([...steps.thresholds]).toEqual([...steps.thresholds].sort((a, b) => a - b));
      expect(steps.codes.every((code) => code >= 0 && code < levels)).toBe(true);
    }
    expect(made[0]!.thresholds).not.toEqual(made[1]!.thresholds);
  });
});

describe('every current-voltage law', () => {
  test.each(ivModels.parts.map((model) => [model.name, model] as const))(
    '%s rises with its voltage',
    (name, model) => {
      const { current, linear } = model.curve(model.schema.parse(IV_EXAMPLES[name]) as never);
      for (let g = 0.25; g <= 1; g += 0.125) {
        let last = -Infinity;
        for (let v = -1; v <= 1; v += 0.0625) {
          const now = current(g, v);
          expect(now).toBeGreaterThan(last);
          if (linear) expect(now).toBe(g * v);
          last = now;
        }
      }
      expect(current(0.5, 0)).toBe(0);
    },
  );
});

describe('every part', () => {
  const parts = [...adcModels.parts, ...dacModels.parts, ...deviceModels.parts, ...ivModels.parts];
  test.each(parts.map((part) => [part.name, part] as const))(
    '%s: editors know its keys',
    (name, { schema }) => {
      const known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      expect(known).toMatchObject({ type: 'object', additionalProperties: false });
      const { type, ...keys } = known.properties as Record<string, { const?: string; description?: string }>;
      expect(type).toMatchObject({ const: name });
      for (const [key, { description }] of Object.entries(keys)) {
        expect(description, `${name}.${key} is not described`).toBeTypeOf('string');
      }
    },
  );
});

describe('every driver model', () => {
  test.each(dacModels.parts.map((model) => [model.name, model] as const))(
    '%s has sane figures',
    (name, model) => {
      const figures = model.figures(model.schema.parse(DAC_EXAMPLES[name]) as never, 32e-9);
      expect(figures.bits).toBeGreaterThanOrEqual(1);
      expect(figures.driveEnergy).toBeGreaterThan(0);
      expect(model.schema.safeParse({ ...DAC_EXAMPLES[name], colour: 'red' }).success).toBe(false);
    },
  );
});

// ISAAC, Table I: 4 mW for 1024 drivers; NeuroSim's row driver at its own nodes and, in proportion, for twice the columns.
test('the named drivers at their published points', () => {
  const at = (name: string, changes: object, technology = 32e-9) => {
    const model = dacModels.get(name);
    return model.figures(model.schema.parse({ type: name, ...changes }) as never, technology);
  };
  expect(at('isaac', {}).driveEnergy).toBeCloseTo((4e-3 / 1024) * 100e-9, 20);
  expect(at('isaac', { bits: 3 }).driveEnergy / at('isaac', {}).driveEnergy).toBeCloseTo(4, 12);
  expect(at('rowDriver', {}, 45e-9).driveEnergy).toBeCloseTo(0.11e-12, 18);
  expect(at('rowDriver', { columns: 256, activity: 0.5 }, 22e-9).driveEnergy).toBeCloseTo(0.0277e-12, 18);
  expect(at('rowDriver', { energy: '1 pJ' }, 22e-9).driveEnergy).toBe(1e-12);
});

describe('every cell model', () => {
  test.each(deviceModels.parts.map((model) => [model.name, model] as const))(
    '%s has a finite spread, never negative, over all conductances',
    (name, model) => {
      const error = model.error(model.schema.parse(DEVICE_EXAMPLES[name]) as never);
      for (let g = 0; g <= 1; g += 1 / 64) {
        expect(error.sigma(g)).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(error.sigma(g))).toBe(true);
        expect(Number.isFinite(error.mean?.(g) ?? 0)).toBe(true);
        expect(Number.isFinite(error.sample?.(g, 1.5) ?? 0)).toBe(true);
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
