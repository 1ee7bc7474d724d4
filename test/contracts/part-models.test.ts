import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadUnits } from '../../src/base/quantity.ts';
import { functionUnits } from '../../src/hardware/function-unit/index.ts';
import { links } from '../../src/hardware/link/index.ts';
import { macArrays } from '../../src/hardware/mac-array/index.ts';
import { memories } from '../../src/hardware/memory/index.ts';
import type { PartFamily } from '../../src/hardware/part-model.ts';
import { programmings } from '../../src/hardware/programming/index.ts';
import { routers } from '../../src/hardware/router/index.ts';
import { sampleAndHolds } from '../../src/hardware/sample-hold/index.ts';
import { shiftAndAdds } from '../../src/hardware/shift-add/index.ts';
import { storages } from '../../src/hardware/storage/index.ts';
import { vectorUnits } from '../../src/hardware/vector-unit/index.ts';

beforeAll(loadUnits);

type Figures = Readonly<Record<string, number>>;

/** A kind of part, what its models need beside their type, and a part described by its figures alone. */
const FAMILIES: readonly [string, PartFamily<object>, object, object][] = [
  [
    'storage',
    storages,
    { capacity: '64 KiB' },
    { capacity: '1 KiB', bandwidth: '1 GB/s', readEnergy: '1 pJ/B', writeEnergy: '2 pJ/B' },
  ],
  ['memory', memories, {}, { bandwidth: '1 GB/s', readEnergy: '1 pJ/bit', writeEnergy: '2 pJ/bit' }],
  ['shift-and-add', shiftAndAdds, {}, { energy: '1 pJ' }],
  ['programming', programmings, { conductance: '10 uS' }, { rowTime: '1 us', cellEnergy: '1 pJ' }],
  ['sample-and-hold', sampleAndHolds, {}, { energy: '1 fJ' }],
  ['mac-array', macArrays, { rows: 16, columns: 8 }, { rows: 1, columns: 1, macEnergy: '1 pJ' }],
  ['vector-unit', vectorUnits, { lanes: 16 }, { lanes: 4, operationEnergy: '1 pJ' }],
  ['function-unit', functionUnits, {}, { energy: '1 pJ', rate: '1 GHz' }],
  ['router', routers, {}, { latency: '1 ns', energy: '1 pJ/B' }],
  ['link', links, { length: '1 mm' }, { latency: '1 ns', energy: '1 pJ/B' }],
];
const models = FAMILIES.flatMap(([kind, family, needs]) =>
  family.models.parts.map((model) => [kind, model.name, family, { type: model.name, ...needs }] as const),
);
const NODES = [130, 90, 65, 45, 32, 28, 22, 16, 14, 7].map((nm) => nm * 1e-9);

/** Keys that stand for what a part is, not for what it costs. */
const COSTS = /energy|area|leakage/i;

describe('every part that a model may describe', () => {
  test.each(models)(
    '%s %s has sane figures at every node, and smaller nodes never cost more energy',
    (...row) => {
      const [, , family, written] = row;
      let last: Figures | undefined;
      for (const node of NODES) {
        const figures = family.resolve(family.schema.parse(written), node) as Figures;
        for (const [key, value] of Object.entries(figures)) {
          if (typeof value !== 'number') continue;
          expect(Number.isFinite(value) && value >= 0, `${key} is ${value}`).toBe(true);
          if (/energy/i.test(key) && last !== undefined)
            expect(value, `${key} at ${node}`).toBeLessThanOrEqual(last[key]! * (1 + 1e-12));
        }
        expect(figures).not.toHaveProperty('type');
        last = figures;
      }
    },
  );

  test.each(models)('%s %s: any figure written beside the type stands, unknown keys do not', (...row) => {
    const [, name, family, written] = row;
    const { shape } = family.models.get(name).schema as z.ZodObject;
    const worked = family.resolve(family.schema.parse(written), 45e-9) as Figures;
    const overridable = Object.keys(shape).filter((key) => COSTS.test(key));
    expect(overridable.length).toBeGreaterThan(0);
    for (const key of overridable) {
      const [value, expected] = /energy/i.test(key)
        ? [isPerByte(family, key) ? '1.5 fJ/B' : '1.5 fJ', 1.5e-15]
        : key === 'area'
          ? ['1.5 um^2', 1.5e-12]
          : ['1.5 nW', 1.5e-9];
      const figures = family.resolve(family.schema.parse({ ...written, [key]: value }), 45e-9) as Figures;
      expect(Math.abs(figures[key]! / Number(expected) - 1)).toBeLessThan(1e-12);
      const { [key]: _, ...others } = figures;
      const { [key]: __, ...before } = worked;
      expect(others).toEqual(before);
    }
    expect(family.schema.safeParse({ ...written, colour: 'red' }).success).toBe(false);
    expect(family.schema.safeParse({ ...written, type: 'unheard-of' }).success).toBe(false);
  });

  test.each(FAMILIES)(
    '%s: figures alone need no type, and pass as they are at any node',
    (_, family, __, given) => {
      const parsed = family.schema.parse(given);
      expect(family.resolve(parsed, 22e-9)).toEqual(parsed);
      expect(family.resolve(family.schema.parse({ type: 'given', ...given }), 7e-9)).toEqual(parsed);
    },
  );

  test.each(models)('%s %s: editors know its keys', (_, name, family) => {
    const known = z.toJSONSchema(family.models.get(name).schema, { io: 'input', unrepresentable: 'any' });
    expect(known).toMatchObject({ type: 'object', additionalProperties: false });
    const { type, ...keys } = known.properties as Record<string, { const?: string; description?: string }>;
    expect(type).toMatchObject({ const: name });
    for (const [key, { description }] of Object.entries(keys)) {
      expect(description, `${name}.${key} is not described`).toBeTypeOf('string');
    }
  });
});

function isPerByte(family: PartFamily<object>, key: string): boolean {
  const perByte: readonly PartFamily<object>[] = [storages, memories, routers, links];
  return perByte.includes(family) && key !== 'rowMissEnergy';
}
