import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readArchitecture } from '../../src/input/architecture.ts';
import { analogAccuracy } from '../../src/repro/analog-accuracy.ts';
import { kirchhoff } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-repro-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = (out: string, workers: number) => [
  ...['repro', 'analog-accuracy', '--network', 'workloads/mlp-relu.yaml', '--only', 'read noise'],
  ...['--images', '24', '--chips', '2', '--workers', String(workers), '--out', out],
];

test('every point of every question is a chip', async () => {
  const questions = analogAccuracy('workloads/lenet5.yaml');
  for (const { sets } of questions.flatMap(({ points }) => points)) {
    await expect(readArchitecture('arch/hybrid-edge.yaml', sets)).resolves.toBeDefined();
  }
  const claimed = questions.flatMap(({ points, findings }) => {
    const result = { images: 1, perChip: [0.5], mean: 0.5, interval: 0.1, float: 0.9, digital: 0.9 };
    return findings((point) => {
      expect(points).toContainEqual(point);
      return { ...point, ...result };
    }).map(({ id }) => id);
  });
  for (let number = 1; number <= 9; number++) {
    expect(
      claimed.some((id) => id.split(', ').includes(`T${number}`)),
      `T${number}`,
    ).toBe(true);
  }
});

test('finished points are kept and read again; workers change nothing; a spoilt point is computed anew', () => {
  const one = join(folder, 'one');
  const first = kirchhoff(words(one, 1));
  expect(first.err).toBe('');
  expect(first.out).toMatch(/^(supported|not supported|inconclusive) +T8: read noise hurts less/m);
  const result = readFileSync(join(one, 'result.json'), 'utf8');
  const points = join(one, 'points');
  const files = readdirSync(points);
  expect(files).toHaveLength(2);
  const written = files.map((file) => statSync(join(points, file)).mtimeMs);
  expect(kirchhoff(words(one, 1)).out).toBe(first.out);
  expect(files.map((file) => statSync(join(points, file)).mtimeMs)).toEqual(written);
  writeFileSync(join(points, files[0]!), '{"key": "spoilt"');
  expect(kirchhoff(words(one, 2)).out).toBe(first.out);
  expect(readFileSync(join(one, 'result.json'), 'utf8')).toBe(result);
});

test('a question that is not asked is refused with those that are', () => {
  const { code, err } = kirchhoff([
    'repro',
    'analog-accuracy',
    '--only',
    'weather',
    '--out',
    join(folder, 'x'),
  ]);
  expect(code).toBe(2);
  expect(err).toContain('no question contains "weather" (known: cell errors × encoding × slices; ');
});
