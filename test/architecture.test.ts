import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The floors of the house, as the README shows them. Folders on one floor never import each other. */
const HOUSE: Readonly<Record<string, { floor: number; imports: readonly string[]; npm: readonly string[] }>> =
  {
    base: { floor: 0, imports: [], npm: ['mathjs', 'zod'] },
    network: { floor: 1, imports: ['base'], npm: ['zod'] },
    hardware: { floor: 1, imports: ['base'], npm: ['zod'] },
    engine: { floor: 1, imports: ['base'], npm: ['typescript-collections'] },
    load: { floor: 1, imports: ['base'], npm: ['zod'] },
    scheduling: { floor: 1, imports: ['base'], npm: ['typescript-collections', 'yalps', 'zod'] },
    mapping: { floor: 2, imports: ['base', 'network', 'hardware'], npm: [] },
    input: {
      floor: 2,
      imports: ['base', 'network', 'hardware', 'scheduling', 'load'],
      npm: ['yaml', 'zod', 'onnx-proto', 'node:'],
    },
    machine: { floor: 3, imports: ['base', 'hardware', 'mapping', 'engine', 'scheduling'], npm: [] },
    numerics: {
      floor: 3,
      imports: ['base', 'network', 'hardware', 'mapping'],
      npm: ['piscina', 'node:', 'zod'],
    },
    serving: {
      floor: 4,
      imports: ['base', 'hardware', 'mapping', 'engine', 'scheduling', 'load', 'machine'],
      npm: ['piscina'],
    },
    report: { floor: 5, imports: ['base'], npm: ['node:', 'zod', 'vega', 'vega-lite'] },
    analysis: {
      floor: 6,
      imports: ['base', 'hardware', 'mapping', 'machine', 'scheduling', 'report'],
      npm: [],
    },
    experiment: {
      floor: 7,
      imports: [
        ...['base', 'network', 'hardware', 'engine', 'load', 'scheduling', 'mapping', 'input', 'machine'],
        ...['numerics', 'serving', 'report', 'analysis', 'top'],
      ],
      npm: ['zod', 'node:'],
    },
  };

/** Floors of which `report` may take types. */
const REPORT_TYPES = ['network', 'hardware', 'engine', 'scheduling', 'mapping', 'machine', 'numerics'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const SOURCE = new URL('../src', import.meta.url).pathname;
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith(join('numerics', 'kernels', '')))
  .map((file) => join(SOURCE, file));
const imports = files.flatMap(importsOf);

describe('the house', () => {
  test('has files on every floor', () => {
    for (const room of Object.keys(HOUSE)) {
      expect(
        files.some((file) => roomOf(file) === room),
        `src/${room} is empty`,
      ).toBe(true);
    }
  });

  test('imports only downstairs, and only the packages of the floor', () => {
    const broken: string[] = [];
    for (const { file, target, typeOnly } of imports) {
      const room = roomOf(file);
      const rule = HOUSE[room];
      if (rule === undefined) continue;
      const name = relative(SOURCE, file);
      if (target.startsWith('/')) {
        const other = roomOf(target);
        const allowed =
          other === room ||
          rule.imports.includes(other) ||
          (room === 'report' && typeOnly && REPORT_TYPES.includes(other));
        if (!allowed)
          broken.push(
            `${name} imports src/${other}: ${room} may import ${rule.imports.join(', ') || 'nothing'}`,
          );
      } else if (
        !rule.npm.some(
          (allowed) =>
            target === allowed || target.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`),
        )
      ) {
        broken.push(`${name} imports ${target}: ${room} may use ${rule.npm.join(', ') || 'no package'}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('allows only what stands below: the table itself has no floor importing its own or a higher one', () => {
    for (const [room, rule] of Object.entries(HOUSE)) {
      // Files without a room know the version and the hash of the program.
      for (const other of rule.imports.filter((room) => room !== 'top')) {
        expect(HOUSE[other]!.floor, `${room} → ${other}`).toBeLessThan(rule.floor);
      }
    }
  });

  test('has no import cycle, types included', () => {
    const edges = new Map<string, string[]>();
    for (const { file, target } of imports) {
      if (target.startsWith('/')) edges.set(file, [...(edges.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const path: string[] = [];
    const visit = (file: string): string | undefined => {
      if (done.has(file)) return undefined;
      const at = path.indexOf(file);
      if (at >= 0) return [...path.slice(at), file].map((step) => relative(SOURCE, step)).join(' → ');
      path.push(file);
      let cycle: string | undefined;
      for (const next of edges.get(file) ?? []) cycle ??= visit(next);
      path.pop();
      done.add(file);
      return cycle;
    };
    const cycles = files.map(visit).filter((cycle) => cycle !== undefined);
    expect(cycles).toEqual([]);
  });

  test('keeps chance and clocks out of everything but the command line', () => {
    const broken = files
      .filter((file) => !relative(SOURCE, file).startsWith('cli'))
      .filter((file) =>
        /Math\.random|\bDate\b|\bperformance\b/.test(withoutComments(readFileSync(file, 'utf8'))),
      )
      .map((file) => relative(SOURCE, file));
    expect(broken).toEqual([]);
  });

  test('has one importer of mathjs', () => {
    const importers = imports
      .filter(({ target }) => target.startsWith('mathjs'))
      .map(({ file }) => dirname(file));
    expect(new Set(importers)).toEqual(new Set([join(SOURCE, 'base')]));
  });
});

function roomOf(file: string): string {
  const [first = '', second] = relative(SOURCE, file).split('/');
  return second === undefined ? 'top' : first;
}

function importsOf(file: string): readonly Import[] {
  const text = withoutComments(readFileSync(file, 'utf8'));
  const found: Import[] = [];
  const pattern =
    /\b(?:import|export)\s+(type\s+)?([\w*{}\s,$]*?)\s*from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^\s*import\s+'([^']+)'/gm;
  for (const [, type, names, from, dynamic, bare] of text.matchAll(pattern)) {
    const specifier = from ?? dynamic ?? bare ?? '';
    const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
    const everyNameIsType = /^\{(\s*type\s+\w+( as \w+)?\s*,?)+\s*\}$/.test(names ?? '');
    found.push({ file, target, typeOnly: type !== undefined || everyNameIsType });
  }
  return found;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
