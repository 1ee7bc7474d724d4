import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readArchitecture } from '../../src/input/architecture.ts';
import { studySchema } from '../../src/report/study.ts';
import { analogAccuracy } from '../../src/repro/analog-accuracy/index.ts';
import { inputBits } from '../../src/repro/analog-accuracy/input-bits.ts';
import { designName, overrides } from '../../src/repro/design.ts';
import { judge } from '../../src/repro/question.ts';
import type { Measured, Results } from '../../src/repro/run-points.ts';
import { readSubject } from '../../src/repro/subject.ts';
import { kirchhoff, ROOT } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-repro-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = (out: string, workers: number) => [
  ...['repro', 'analog-accuracy', '--network', 'workloads/mlp-relu.yaml', '--only', 'read-noise'],
  ...['--images', '8', '--chips', '2', '--workers', String(workers), '--out', out],
];

test('every design of every question is a chip', async () => {
  const designs = new Map(
    analogAccuracy.questions.flatMap((question) => question.designs.map((one) => [designName(one), one])),
  );
  expect(designs.size).toBeGreaterThan(100);
  for (const one of designs.values()) {
    await expect(readArchitecture('arch/crossbar-study.yaml', overrides(one))).resolves.toBeDefined();
  }
});

test('every claim is judged from designs that its question measures, or said to be untested', async () => {
  const subject = await readSubject('workloads/mlp-relu.yaml', 10);
  const { questions, overall, untested } = analogAccuracy;
  const only = (names: readonly string[]): Results => ({
    subject,
    at(design): Measured {
      const asked = questions.filter(({ name }) => names.includes(name)).flatMap(({ designs }) => designs);
      expect(asked.map(designName)).toContain(designName(design));
      return {
        ...{ design, chance: true, perChip: [0.5, 0.6], mean: 0.55, spread: 0.07, interval95: 0.3 },
        ...{ images: 10, float: 0.9, digital: 0.9, ranges: [{ layer: 'a', widths: [1] }] },
      };
    },
  });
  const ids = [
    ...questions.flatMap(({ name, statements, plots }) => {
      for (const { series } of plots(only([name]))) expect(series.length).toBeGreaterThan(0);
      return statements.map((one) => judge(one, [only([name])]).id);
    }),
    ...overall.map((one) => judge(one, [only(one.needs)]).id),
    ...untested.map(({ id }) => id),
  ];
  const numbered = (letter: string, last: number) =>
    Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
  expect([...ids].sort()).toEqual([...numbered('T', 9), ...numbered('P', 15)].sort());
});

test('the lower bits of LeNet-5’s activations open more rows and err more, until they are weighted', async () => {
  const subject = await readSubject('workloads/lenet5.yaml', 10);
  const { verdict, comparisons } = judge(inputBits, [{ subject, at: () => expect.unreachable() }]);
  expect(verdict).toBe('supported');
  expect(comparisons.map(({ outcome }) => outcome)).toEqual(['yes', 'yes', 'yes']);
  for (const { value, low, high } of comparisons) {
    expect(low!).toBeLessThan(value!);
    expect(high!).toBeGreaterThan(value!);
  }
});

test('finished points are kept and read again; workers change nothing; a spoilt point is measured anew', async () => {
  const one = join(folder, 'one');
  const first = await kirchhoff(words(one, 1));
  expect(first.err).toBe('');
  expect(first.out).toMatch(/^(supported|not supported|inconclusive) +T8 +With inputs bit by bit/m);
  const result = readFileSync(join(one, 'result.json'), 'utf8');
  const html = readFileSync(join(one, 'report.html'), 'utf8');
  const study = studySchema.parse(JSON.parse(result));
  expect(study.points).toHaveLength(12);
  const points = join(one, 'points');
  const files = readdirSync(points);
  expect(files).toHaveLength(12);
  const written = files.map((file) => statSync(join(points, file)).mtimeMs);
  expect((await kirchhoff(words(one, 1))).out).toBe(first.out);
  expect(files.map((file) => statSync(join(points, file)).mtimeMs)).toEqual(written);
  writeFileSync(join(points, files[0]!), '{"key": "spoilt"');
  expect((await kirchhoff(words(one, 2))).out).toBe(first.out);
  expect(readFileSync(join(one, 'result.json'), 'utf8')).toBe(result);
  expect(readFileSync(join(one, 'report.html'), 'utf8')).toBe(html);
  // The report shows the plot and needs nothing from anywhere.
  expect(html.match(/<svg /g)).toHaveLength(1);
  expect(html).toContain('<figcaption>mlp-relu: read noise</figcaption>');
  expect(html).not.toMatch(/https?:\/\/|src=|@import|url\(/);
  const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(html)![1]!;
  expect(JSON.parse(data)).toEqual(study);
});

test('an interrupted study says so, leaves no result, and goes on where it was', async () => {
  const out = join(folder, 'interrupted');
  const child = spawn(process.execPath, [`${ROOT}dist/cli.js`, ...words(out, 1)], { cwd: ROOT });
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  const points = join(out, 'points');
  const finished = () => {
    try {
      return readdirSync(points).filter((file) => file.endsWith('.json'));
    } catch {
      return [];
    }
  };
  const closed = new Promise((resolve) => child.on('close', resolve));
  while (child.exitCode === null && finished().length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGINT');
  expect(await closed).toBe(130);
  expect(err).toBe(`interrupted: finished points are kept in ${points}\n`);
  expect(readdirSync(out)).toEqual(['points']);
  const kept = finished();
  expect(kept.length).toBeGreaterThanOrEqual(2);
  expect(kept.length).toBeLessThan(12);
  const written = kept.map((file) => statSync(join(points, file)).mtimeMs);
  expect((await kirchhoff(words(out, 1))).code).toBe(0);
  expect(kept.map((file) => statSync(join(points, file)).mtimeMs)).toEqual(written);
  expect(finished()).toHaveLength(12);
});

test('a question that is not asked is refused with those that are', async () => {
  const { code, err } = await kirchhoff([
    ...['repro', 'analog-accuracy', '--only', 'read-nois'],
    ...['--out', join(folder, 'x')],
  ]);
  expect(code).toBe(2);
  expect(err).toContain(
    'no question "read-nois" (did you mean read-noise? known: cell-errors, on-off-ratio, ',
  );
  expect(readdirSync(folder)).not.toContain('x');
});
