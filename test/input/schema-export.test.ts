import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioSchema } from '../../src/input/scenario.ts';
import { inputSchemas } from '../../src/input/schema-export.ts';
import type { SchemaNode } from '../../src/input/yaml/schema-map.ts';

const repository = new URL('../../', import.meta.url);
const { architecture, macro, workload, layers, scenario } = inputSchemas();

/** Every map of keys inside a schema, with the path that leads there. */
function* sections(node: SchemaNode, path = ''): Iterable<[string, SchemaNode]> {
  for (const [name, child] of Object.entries(node.definitions ?? {}))
    yield* sections(child, `${path}#${name}`);
  if (node.properties !== undefined) yield [path, node];
  for (const [key, child] of Object.entries(node.properties ?? {})) yield* sections(child, `${path}.${key}`);
  for (const child of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) yield* sections(child, path);
  if (node.items !== undefined) yield* sections(node.items, `${path}[]`);
}

/** What a small JSON Schema checker finds wrong: enough for the keywords that our schemas use. */
function violations(written: SchemaNode, value: unknown, path = '', root = written): string[] {
  const name = typeof written.$ref === 'string' ? written.$ref.replace('#/definitions/', '') : undefined;
  const node = name === undefined ? written : root.definitions![name]!;
  const options = node.oneOf ?? node.anyOf;
  if (options !== undefined) {
    const passing = options.filter((option) => violations(option, value, path, root).length === 0);
    return passing.length === 1 ? [] : [`${path}: ${passing.length} alternatives fit`];
  }
  if (node.const !== undefined) return value === node.const ? [] : [`${path}: not ${node.const}`];
  if (node.enum !== undefined && !node.enum.includes(value)) return [`${path}: not among ${node.enum}`];
  const types = node.type === undefined ? undefined : [node.type].flat();
  const kind = Array.isArray(value) ? 'array' : typeof value;
  if (
    types !== undefined &&
    !types.includes(kind) &&
    !(types.includes('integer') && Number.isInteger(value))
  ) {
    return [`${path}: ${kind} is not ${types}`];
  }
  if (typeof value === 'number' && node.minimum !== undefined && value < node.minimum)
    return [`${path}: too small`];
  if (Array.isArray(value))
    return value.flatMap((entry, i) => violations(node.items ?? {}, entry, `${path}[${i}]`, root));
  if (kind !== 'object' || value === null) return [];
  const map = value as Readonly<Record<string, unknown>>;
  const missing = (node.required ?? [])
    .filter((key) => !(key in map))
    .map((key) => `${path}.${key}: missing`);
  const found = Object.entries(map).flatMap(([key, entry]) => {
    const child = node.properties?.[key];
    if (child !== undefined) return violations(child, entry, `${path}.${key}`, root);
    return node.additionalProperties === false ? [`${path}.${key}: unknown`] : [];
  });
  return [...missing, ...found];
}

/** A path from a folder to a file, always with a dot in front. */
function nearest(folder: string, file: string): string {
  const path = posix.relative(folder, file);
  return path.startsWith('.') ? path : `./${path}`;
}

describe.each([
  ['arch', 'arch/architecture', architecture],
  ['arch/macros', 'arch/macros/macro', macro],
  ['workloads', 'workloads/workload', workload],
  ['workloads/shapes', 'workloads/layers', layers],
  ['workloads/serving', 'workloads/serving/scenario', scenario],
] as const)('%s', (folder, name, schema) => {
  test('the schema in the repository is the one that the reader stands for', () => {
    const file = new URL(`${name}.schema.json`, repository);
    expect(JSON.parse(readFileSync(file, 'utf8')), 'run npm run schemas').toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  });

  const files = readdirSync(new URL(folder, repository)).filter((file) => file.endsWith('.yaml'));
  test.each(files)('%s names the schema and keeps to it', (file) => {
    const text = readFileSync(new URL(`${folder}/${file}`, repository), 'utf8');
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${nearest(folder, name)}.schema.json`);
    expect(violations(schema, parse(text, { merge: true }))).toEqual([]);
  });

  test('editors refuse unknown keys everywhere, and learn the required ones', () => {
    for (const [path, section] of sections(schema)) {
      if (path === '.parameters') continue;
      expect([path, section.additionalProperties]).toEqual([path, false]);
    }
    for (const one of schema.oneOf ?? [schema]) expect(violations(one, {}).length).toBeGreaterThan(2);
  });
});

test('the schema tells a typical mistake', () => {
  const adc = { type: 'sar', bits: 8, sampleRate: '1 GS/s', energy: '2 pJ' };
  const bank = architecture.properties!.analogCore!.properties!.adcBank!;
  expect(violations(bank, { count: 1, adc })).toEqual([]);
  expect(violations(bank, { count: 1, adc: { ...adc, bitz: 8 } })).toEqual(['.adc: 0 alternatives fit']);
  expect(violations(bank, { count: 1, adc: { ...adc, energy: 2 } })).toEqual(['.adc: 0 alternatives fit']);
  expect(violations(bank, { count: 0, adc })).toEqual(['.count: too small']);
});

test('switches take true, false, yes and no, of the reader and in editors', () => {
  const whole = {
    ...{ name: 'a', models: [{ workload: 'a.yaml' }], load: { type: 'poisson', rate: '1 kHz' } },
    ...{ duration: '1 s', window: '1 ms' },
  };
  const policy = scenario.properties!.policies!.additionalProperties as SchemaNode;
  const read = (written: object) => scenarioSchema.safeParse({ ...whole, ...written }).data;
  const found = [true, 'yes', false, 'no', 'on', 1].map((value) => {
    const window = { type: 'optimum', moves: value };
    return [
      read({ drain: value })?.drain,
      violations(scenario, { ...whole, drain: value }).length === 0,
      read({ policies: { a: { window } } })?.policies.a!.window.moves,
      violations(policy, { window }).length === 0,
    ];
  });
  const on = [true, true, true, true];
  const off = [false, true, false, true];
  const refused = [undefined, false, undefined, false];
  expect(found).toEqual([on, on, off, off, refused, refused]);
});
