import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Fault, Faults } from '../../../src/base/fault.ts';
import { choice, integer, loadUnits, quantity, real, text } from '../../../src/base/quantity.ts';
import { architectureSchema, checkArchitecture } from '../../../src/hardware/architecture.ts';
import { valueAt } from '../../../src/input/yaml/path.ts';
import { parseYaml, type YamlOptions } from '../../../src/input/yaml/read-yaml.ts';

const good = readFileSync(new URL('../specs/small.yaml', import.meta.url), 'utf8');

beforeAll(loadUnits);

function parseSpec(source: string, sets: readonly string[] = []) {
  return parseYaml('FILE', source, architectureSchema, { sets, check: checkArchitecture });
}

function faultsOf(read: () => unknown): readonly Fault[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Faults) return error.all;
    if (error instanceof Fault) return [error];
    throw error;
  }
  return [];
}

/** Every scalar of the good spec that is written once and used once: its path, line and column. */
function writtenLeaves() {
  const { sources } = parseSpec(good);
  const places = [...sources].map(([path, { line, column }]) => ({ path, line: line!, column: column! }));
  const shared = (a: (typeof places)[number]) =>
    places.filter((b) => a.line === b.line && a.column === b.column).length > 1;
  return places.filter((place) => !shared(place) && !place.path.startsWith('parameters.'));
}

describe('places', () => {
  test('a list in place of any scalar is reported exactly there', () => {
    const leaves = writtenLeaves();
    expect(leaves.length).toBeGreaterThan(30);
    for (const { path, line, column } of leaves) {
      const lines = good.split('\n');
      const source = lines[line - 1]!;
      const length = /^[^,}\n]*?(?=\s*[,}]|$)/.exec(source.slice(column - 1))![0].length;
      lines[line - 1] = `${source.slice(0, column - 1)}[[]]${source.slice(column - 1 + length)}`;
      const [fault, ...more] = faultsOf(() => parseSpec(lines.join('\n')));
      // A list has the column of its key; its line is the same here.
      expect([fault?.place?.path, fault?.place?.line, more.length]).toEqual([path, line, 0]);
    }
  });

  test('any misspelt key is reported at the key, with the right one', () => {
    const lines = good.split('\n');
    for (const [index, source] of lines.entries()) {
      const match = /^( *)([a-z]\w{3,}):/i.exec(source);
      if (match === null || index < 8 || ['name', 'fixed', 'type'].includes(match[2]!)) continue;
      const wrong = `${match[2]!.slice(0, -1)}q`;
      const spoilt = lines.with(index, source.replace(match[2]!, wrong)).join('\n');
      const fault = faultsOf(() => parseSpec(spoilt))[0];
      expect([fault?.place?.line, fault?.place?.column]).toEqual([index + 1, match[1]!.length + 1]);
      expect(fault?.message).toContain(`${wrong}: unknown key (did you mean ${match[2]}?`);
    }
  });

  test('--set of any leaf to what it says changes nothing; to a list, it blames the flag', () => {
    const plainValue = JSON.stringify(parseSpec(good).value);
    for (const { path, line, column } of writtenLeaves()) {
      const written = /^[^,}\n]*?(?=\s*[,}]|$)/.exec(good.split('\n')[line - 1]!.slice(column - 1))![0];
      expect(JSON.stringify(parseSpec(good, [`${path}=${written}`]).value)).toBe(plainValue);
      const fault = faultsOf(() => parseSpec(good, [`${path}=[]`]))[0];
      expect(fault?.place).toEqual({ file: `--set ${path}=[]` });
    }
  });
});

describe('spoilt at random', () => {
  test('any edit of the text is read or refused by a Fault', () => {
    const edit = fc.record({
      at: fc.nat({ max: good.length - 1 }),
      remove: fc.nat({ max: 30 }),
      insert: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom(
          '\n',
          '\t',
          ': ',
          '- ',
          '[',
          '{',
          '}',
          '"',
          '&a ',
          '*a',
          '<<: *storage',
          '? ',
          '| ',
          '!!x ',
          '---\n',
          '#',
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let spoilt = good;
        for (const { at, remove, insert } of edits)
          spoilt = spoilt.slice(0, at) + insert + spoilt.slice(at + remove);
        for (const fault of faultsOf(() => parseSpec(spoilt))) {
          const { line = 1, column = 1 } = fault.place ?? {};
          const lines = spoilt.split('\n');
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('any flag of --set is taken or refused by a Fault', () => {
    const path = fc.oneof(
      fc.constantFrom('chip.tiles', 'chip.fixed[0].power', 'encoding', 'tile.fixed'),
      fc.string(),
    );
    fc.assert(
      fc.property(path, fc.string(), (where, what) => {
        faultsOf(() => parseSpec(good, [`${where}=${what}`]));
      }),
      { numRuns: 80 },
    );
  });
});

const inner = z.strictObject({ energy: quantity('J'), note: text().optional() });
const schema = z.strictObject({
  count: integer({ min: 1, max: 9 }).optional(),
  share: real({ min: 0, max: 1 }).optional(),
  kind: choice(['a', 'b']).prefault('a'),
  parts: z.array(inner).min(1).max(2).optional(),
  part: inner.optional(),
  model: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('one'), size: integer() }),
      z.strictObject({ type: z.literal('two'), width: integer() }),
    ])
    .optional(),
});

function read(source: string, options: YamlOptions<z.output<typeof schema>> = {}) {
  return parseYaml('FILE', source, schema, options);
}

function messages(source: string, options: YamlOptions<z.output<typeof schema>> = {}): readonly string[] {
  return faultsOf(() => read(source, options)).map((fault) => fault.message.split('\n')[0]!);
}

describe('YAML as specs use it', () => {
  test('aliases and merges: own keys win over merged ones, the first of a list of merges wins', () => {
    const source = [
      'part: &base { energy: 1 pJ, note: base }',
      'parts:',
      '  - { <<: *base, energy: 2 pJ }',
      '  - { <<: [{ note: first }, *base], energy: 3 pJ }',
    ].join('\n');
    expect(read(source).value.parts).toEqual([
      { energy: 2e-12, note: 'base' },
      { energy: 3e-12, note: 'first' },
    ]);
  });

  test('an error in what an alias brings points at where it was written, once', () => {
    const source = 'part: &base { energy: 1 m }\nparts:\n  - *base\n  - { <<: *base, note: x }\n';
    expect(messages(source)).toEqual([expect.stringMatching(/^FILE:1:23 part.*energy: "1 m" is a length/)]);
  });

  test('a quoted << is a key like any other', () => {
    expect(messages('part: { energy: 0, "<<": 3 }')).toEqual([
      'FILE:1:20 part.<<: unknown key (known: energy, note)',
    ]);
  });

  test('YAML 1.2: yes is a text, 012 twelve', () => {
    expect(read('part: { energy: 0, note: yes }').value.part!.note).toBe('yes');
    expect(messages('count: 012')).toEqual(['FILE:1:8 count: 12 is too large (at most 9)']);
  });

  test('lists say their size, unions their types, missing keys what to add', () => {
    expect(messages('parts: []')).toEqual(['FILE:1:1 parts: a list of 0 is too small (at least 1)']);
    expect(messages('model: { type: three }')).toEqual([
      'FILE:1:16 model.type: unknown type "three" (did you mean one? known: one, two)'.replace(
        'did you mean one? ',
        '',
      ),
    ]);
    expect(messages('model: { type: two }')).toEqual(['FILE:1:1 model: missing key width (add width: 1)']);
    expect(messages('model: { type: one, size: 1, width: 2 }')).toEqual([
      'FILE:1:30 model.width: unknown key (known: type, size)',
    ]);
    expect(messages('model: 3')).toEqual(['FILE:1:8 model: found 3 (needs a map with type, size, width)']);
  });

  test('contradictions point at their key, or the nearest key that is written', () => {
    const check = () => [
      { path: ['part', 'energy'], problem: 'too hot', cure: 'cool it' },
      { path: ['model', 'size'], problem: 'too big', cure: 'shrink it' },
    ];
    expect(messages('count: 2\npart: { energy: 0 }', { check })).toEqual([
      'FILE:2:17 part.energy: too hot (cool it)',
      'FILE:1:1 model.size: too big (shrink it)',
    ]);
  });
});

describe('parameters', () => {
  test('any acyclic set evaluates in any order as its dependencies say', () => {
    const size = 8;
    const links = fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    });
    fc.assert(
      fc.property(
        links,
        fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
        (before, order) => {
          const terms = before.map((all, i) => all.filter((j) => j < i));
          const expected: number[] = [];
          for (const all of terms) expected.push(1 + all.reduce((sum, j) => sum + expected[j]!, 0));
          const lines = order.map((i) => `  p${i}: ${[1, ...terms[i]!.map((j) => `p${j}`)].join(' + ')}`);
          const { parameters } = read(`parameters:\n${lines.join('\n')}\n`);
          expect([...Array(size).keys()].map((i) => parameters.get(`p${i}`)!.value)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('carry their dimension into fields', () => {
    expect(read('parameters: { e: 2 pJ, n: 3 }\npart: { energy: e * n }').value.part!.energy).toBe(6e-12);
    expect(messages('parameters: { e: 2 m }\npart: { energy: e }')).toEqual([
      'FILE:2:17 part.energy: "e" is a length (needs an energy, such as 2 pJ)',
    ]);
  });

  test('one cycle is one fault, and what hangs on it is silent', () => {
    expect(messages('parameters: { pa: pb, pb: pc, pc: pa, pd: pa + 1, ok: 2 }\ncount: pd')).toEqual([
      'FILE:1:35 parameters.pc: parameters depend on each other: pa → pb → pc → pa (give one of them a value)',
    ]);
  });

  test('names of units, functions and words of the syntax are refused', () => {
    for (const name of ['s', 'mW', 'max', 'and', 'true']) {
      expect(messages(`parameters: { ${name}: 2 }`)[0]).toContain(
        `${name} is the name of a unit or a function`,
      );
    }
  });

  test('are not fields: constructor and __proto__ are refused or plain names', () => {
    expect(read('parameters: { constructor: 2 }\ncount: constructor').value.count).toBe(2);
    expect(messages('parameters: { __proto__: 2 }')[0]).toContain('cannot name a parameter');
    expect(messages('count: constructor')[0]).toContain('unknown unit or parameter constructor');
    expect(valueAt({}, ['constructor'])).toBeUndefined();
  });
});
