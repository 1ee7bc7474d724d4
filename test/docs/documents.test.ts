import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadUnits } from '../../src/base/quantity.ts';
import { modelUnion } from '../../src/hardware/model-union.ts';
import { readArrivalTrace } from '../../src/input/arrival-trace.ts';
import { loadModels } from '../../src/load/index.ts';
import { kirchhoff, ROOT } from '../cli/command.ts';
import { partitionStrategyContract } from '../contracts/partition-strategies.ts';
import { windowPolicyContract } from '../contracts/policies.ts';
import type { ServingReport } from '../../src/report/serving.ts';
import type { WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import { cutOf, modelOf, plansOf, windowOf } from '../scheduling/served.ts';

const DOCUMENTS = ['README.md', 'arch/README.md', 'workloads/README.md', 'CONTRIBUTING.md'];
const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Documented commands are tried on few images, chips and inferences: what they say is not compared, that they work is. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  run: ['--samples', '8', '--chips', '1', '--inferences', '2', '--out', join(folder, 'out')],
  explain: ['--inferences', '2'],
  repro: ['--images', '4', '--chips', '2'],
};

interface Block {
  readonly document: string;
  readonly language: string;
  readonly text: string;
}

const blocks = DOCUMENTS.flatMap((document): Block[] => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, content]) => ({
    document,
    language: language!,
    text: content!,
  }));
});

/** Every `kirchhoff …` shown, in a block or in a line of text, but for those with placeholders. */
const commands = [
  ...blocks
    .filter(({ language }) => language === 'console')
    .flatMap(({ document, text }) =>
      text
        .trim()
        .split('\n')
        .map((line) => ({ document, line })),
    ),
  ...DOCUMENTS.flatMap((document) =>
    [...readFileSync(join(ROOT, document), 'utf8').matchAll(/`(kirchhoff [^`\n]+)`/g)]
      .map(([, line]) => ({ document, line: line! }))
      .filter(({ line }) => !/[A-Z]{3,}|…|my-chip|largest/.test(line)),
  ),
];

// A table of cells that the YAML below it names.
const tables = blocks.filter(({ language }) => language === 'csv');
writeFileSync(join(folder, 'cells.csv'), tables.find(({ text }) => text.startsWith('conductance'))!.text);

describe('the documents', () => {
  test('show commands, YAML and code', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(blocks.filter(({ language }) => language === 'yaml').length).toBeGreaterThan(3);
  });

  test.each(commands.map(({ document, line }) => [document, line] as const))('%s: %s', async (_, line) => {
    if (line.startsWith('npm')) {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
      for (const [, script] of line.matchAll(/npm (?:run )?(\w+)/g)) {
        if (!['ci', 'test', 'cit'].includes(script!)) expect(Object.keys(scripts)).toContain(script);
      }
      return;
    }
    const words = shellWords(line);
    expect(words.shift()).toBe('kirchhoff');
    // Has a test of its own below.
    if (words.includes('workloads/serving/mmpp.yaml') || words.includes('--sweep')) return;
    const { code, err, out } = await kirchhoff([...words, ...(SMALL[words[0]!] ?? [])]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(0);
  });

  test.each(
    blocks
      .filter(({ language, text }) => language === 'yaml' && !isLoads(text))
      .map(({ document, text }, index) => [document, index, text] as const),
  )('%s: YAML %i is a valid spec, or a valid change of hybrid-edge', async (_, index, text) => {
    const shown = parse(text) as Record<string, unknown>;
    const file = join(folder, `shown-${index}.yaml`);
    if ('model' in shown) {
      const absolute = text.replaceAll(/(models|data)\//g, `${ROOT}workloads/$1/`);
      writeFileSync(file, absolute);
    } else if ('layers' in shown || 'models' in shown) {
      writeFileSync(file, text);
    } else {
      const edge = parse(readFileSync(join(ROOT, 'arch/hybrid-edge.yaml'), 'utf8')) as Record<
        string,
        unknown
      >;
      writeFileSync(file, stringify(merged(edge, shown)));
    }
    const { code, err } = await kirchhoff(['check', file]);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test('workloads/README.md: every load is shown, as a scenario may write it', async () => {
    await loadUnits();
    const [shown] = blocks.filter(({ language, text }) => language === 'yaml' && isLoads(text));
    const load = modelUnion(loadModels);
    const types = (parse(shown!.text) as unknown[]).map((written) => load.parse(written).type);
    expect([...new Set(types)].sort()).toEqual([...loadModels.names].sort());
    // Each has a line in the table below.
    const text = readFileSync(join(ROOT, shown!.document), 'utf8');
    for (const name of loadModels.names) expect(text).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
  });

  test('workloads/README.md: the trace shown is read', async () => {
    const file = join(folder, 'queries.csv');
    writeFileSync(file, tables.find(({ text }) => text.startsWith('arrival'))!.text);
    const { rows } = await readArrivalTrace(file, 's', ['lenet5', 'vgg8']);
    expect(rows.time.length).toBeGreaterThan(2);
    expect(rows.names.length).toBe(2);
  });

  test('CONTRIBUTING: the strategy shown is a part that passes its contract', async () => {
    const [code] = blocks.filter(
      ({ document, language }) => document === 'CONTRIBUTING.md' && language === 'ts',
    );
    const file = join(ROOT, `test/docs/shown-in-contributing-${process.pid}.ts`);
    const text = code!.text
      .replace("'../../base/", "'../../src/base/")
      .replace("'./partition.ts'", "'../../src/mapping/partition/partition.ts'");
    writeFileSync(file, text);
    try {
      const { largest } = await import(file);
      partitionStrategyContract(largest);
      const candidates = [5, 1, 9].map((macs, layer) => ({ layer, name: String(layer), macs }));
      expect(largest.choose('2', candidates)).toEqual([0, 2]);
    } finally {
      rmSync(file);
    }
  });

  test('CONTRIBUTING: the policy shown is a part that passes its contract, and does what it says', async () => {
    const [, code] = blocks.filter(
      ({ document, language }) => document === 'CONTRIBUTING.md' && language === 'ts',
    );
    const file = join(ROOT, `test/docs/shown-policy-${process.pid}.ts`);
    const text = code!.text
      .replace("'../../base/", "'../../src/base/")
      .replace("'../optimal-plan.ts'", "'../../src/scheduling/optimal-plan.ts'")
      .replace("'./window-policy.ts'", "'../../src/scheduling/window/window-policy.ts'");
    writeFileSync(file, text);
    try {
      const { hurry } = (await import(file)) as { hurry: WindowPolicy };
      windowPolicyContract(hurry);
      const model = modelOf([cutOf(2, 0.9), cutOf(1, 0.8)]);
      const views = [50, 51].map((waiting) => windowOf([{ model, waiting }]));
      expect(plansOf(hurry, { line: 50 }, views).map(([plan]) => plan!.mix[0]!.cut)).toEqual([0, 1]);
    } finally {
      rmSync(file);
    }
  });

  test('README: what npm start prints (UPDATE_README=1 npx vitest run test/docs writes it)', async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const words = scripts.start.split(' ').slice(2);
    const { code, out } = await kirchhoff([...words, '--out', join(folder, 'start')]);
    expect(code).toBe(0);
    const answer = out
      .replace(/Report: .*\/report\.json/, 'Report: results/hybrid-edge-lenet5/report.json')
      .replace(/report\.html \(\d+ kB\)/, 'report.html (730 kB)');
    updateOrExpect(/(?<=<!-- output of npm start -->\n```text\n)[\s\S]*?(?=```)/, answer);
  });

  // A lead over the best static cut: the paired 95 % interval leaves out zero; no policy passes the bound.
  test('README: what compare prints, where two levels beat the best static cut', async () => {
    const { line } = commands.find((one) => one.line.includes('mmpp.yaml'))!;
    const out = join(folder, 'compare');
    const printed = await kirchhoff([...shellWords(line).slice(1), '--out', out]);
    expect([printed.code, printed.err]).toEqual([0, '']);
    const { scenarios } = JSON.parse(readFileSync(join(out, 'serving.json'), 'utf8')) as ServingReport;
    expect(scenarios.map(({ load }) => load.type)).toEqual(['steps', 'mmpp']);
    for (const { policies, bound } of scenarios) {
      expect(policies[0]!.name).toBe('two-level');
      const { againstFirst, figures } = policies.find(({ name }) => name === 'best-static')!;
      expect(againstFirst!.mean + againstFirst!.interval95!).toBeLessThan(0);
      expect(policies[0]!.figures.accuracyGoodput!.mean).toBeLessThan(bound!.mean);
      expect(policies[0]!.regret!.mean - policies[0]!.regret!.interval95!).toBeGreaterThan(0);
      // A cascade asks twice: it is no static cut.
      const asksOnce = ({ request }: (typeof policies)[number]) =>
        request.every(({ type }) => type !== 'cascade');
      for (const other of policies.filter((one) => one.window.type === 'static' && asksOnce(one)))
        expect(other.figures.accuracyGoodput!.mean).toBeLessThanOrEqual(figures.accuracyGoodput!.mean);
    }
    const shown = printed.out
      .slice(0, printed.out.indexOf('\n\nReport: '))
      .replace(/\n\nRight in time[^]*?zero\./g, '');
    updateOrExpect(/(?<=<!-- output of compare -->\n```text\n)[^]*?(?=```)/, `${shown.trimEnd()}\n`);
  });

  test('README: where a sweep bends', async () => {
    const { line } = commands.find((one) => one.line.includes('--sweep'))!;
    const { code, err, out } = await kirchhoff([
      ...shellWords(line).slice(1),
      '--out',
      join(folder, 'sweep'),
    ]);
    expect([code, err]).toEqual([0, '']);
    const knees = out.split('\n').filter((one) => /: (?:knee at|no knee)/.test(one));
    expect(knees).toHaveLength(3);
    updateOrExpect(/(?<=<!-- knees of a sweep -->\n```text\n)[^]*?(?=```)/, `${knees.join('\n')}\n`);
  });

  const examples = blocks.filter(({ document, language }) => document === 'README.md' && language === 'ts');

  async function printed(index: number): Promise<unknown[][]> {
    const file = join(ROOT, 'test/docs', `shown-in-readme-${process.pid}-${index}.ts`);
    writeFileSync(file, examples[index]!.text.replace("'kirchhoff'", "'../../src/index.ts'"));
    const lines: unknown[][] = [];
    const log = console.log;
    console.log = (...words) => lines.push(words);
    try {
      await import(file);
    } finally {
      console.log = log;
      rmSync(file);
    }
    return lines;
  }

  test('README: the library example runs', async () => {
    const lines = await printed(0);
    expect(lines).toHaveLength(1);
    expect((lines[0]![0] as unknown[]).length).toBe(2);
  });

  test('README: the crossbar example runs and agrees with the case it reads', async () => {
    const [own, case_] = await printed(1);
    expect(own![0]).toHaveLength(2);
    expect(case_![0]).toBe('par/input/bal1/Rp=0.001');
    expect(case_![1]).toBeLessThan(1e-6);
  });

  test('README: the picture of the house is the one that the floors test holds', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const held = readFileSync(join(ROOT, 'test/architecture.test.ts'), 'utf8');
    for (const [, room, floor] of held.matchAll(/^ {2}(\w+): \{\s*floor: (\d)/gm)) {
      expect(readme).toMatch(new RegExp(`^\\| ${floor} \\| \`${room}\``, 'm'));
    }
  });
});

/** Holds a part of the README to a text, or writes it there (UPDATE_README=1). */
function updateOrExpect(part: RegExp, text: string): void {
  const file = join(ROOT, 'README.md');
  const readme = readFileSync(file, 'utf8');
  if (process.env.UPDATE_README === '1') {
    writeFileSync(
      file,
      readme.replace(part, () => text),
    );
  } else expect(readme.match(part)?.[0]).toBe(text);
}

/** A list of loads, which is part of no file of its own. */
function isLoads(text: string): boolean {
  return Array.isArray(parse(text));
}

function merged(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  // Another type of part is another set of keys.
  if ('type' in change && change.type !== base.type) return change;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) result[key] = merged(base[key], value);
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Words of a command line with single quotes, as a shell splits them. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}
