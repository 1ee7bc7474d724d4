import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kirchhoff } from '../../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-spice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ngspice = spawnSync('ngspice', ['--version']).status === 0;
interface Deck {
  readonly name: string;
  readonly sets: readonly string[];
  readonly polarity?: string;
}

const wires = (more: string) =>
  `analogCore.crossbar.wires={rowResistance: 2 ohm, columnResistance: 3 ohm, ${more}}`;

const decks: readonly Deck[] = [
  { name: 'input-sourced, with terminals', sets: [wires('rowTerminal: 10 ohm, columnTerminal: 20 ohm')] },
  { name: 'interleaved pairs', sets: [wires('pairs: interleaved')] },
  {
    name: 'gated',
    sets: ['analogCore.crossbar.wires={columnResistance: 3 ohm, columnTerminal: 20 ohm, topology: gated}'],
  },
  { name: 'ideal wires, negative cells', sets: [], polarity: 'negative' },
];

describe('an exported block', () => {
  test.each(decks)('$name: a deck that says what it is and what to expect', async (one) => {
    const { deck, expected } = await exported(one);
    expect(deck).toMatch(/layer .conv2.Conv, block 0, weight slice 0(, \w+ cells)?, chip 3, seed 5/);
    expect(expected.length).toBe(16);
    expect(expected.every((current) => Number.isFinite(current))).toBe(true);
    expect(deck.match(/^\.end$/gm)).toHaveLength(1);
    expect(deck.match(/^r\d+ /gm)!.length).toBeGreaterThan(150 * 16 - 1000);
  });

  const named = ngspice ? '' : ' (SKIPPED: ngspice is not installed; .ci/run installs it)';
  test.skipIf(!ngspice).each(decks)(
    `$name: ngspice finds the same currents to 1e-9 of the largest${named}`,
    async (one) => {
      const { file, expected } = await exported(one);
      const output = execFileSync('ngspice', ['-b', file], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const found = [...output.matchAll(/^i\(vg(\d+)\) = (\S+)/gm)].map(([, , value]) => Number(value));
      expect(found).toHaveLength(expected.length);
      const largest = Math.max(...expected.map(Math.abs));
      found.forEach((current, column) => {
        expect(Math.abs(current - expected[column]!)).toBeLessThan(1e-9 * largest);
      });
    },
  );
});

test('an unknown layer, block or slice is refused', async () => {
  const spice = ['export', 'spice', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml'];
  const layer = await kirchhoff([...spice, '--layer', '/conv9/Conv']);
  expect(layer.code).toBe(2);
  expect(layer.err).toContain('did you mean /conv1/Conv? known: ');
  const block = await kirchhoff([...spice, '--layer', '/conv1/Conv', '--block', '7']);
  expect(block.err).toContain('block 7 of 1 (blocks 0 … 0)');
});

const written = new Map<Deck, ReturnType<typeof write>>();

function exported(deck: Deck): ReturnType<typeof write> {
  let found = written.get(deck);
  if (found === undefined) written.set(deck, (found = write(deck)));
  return found;
}

async function write({ sets, polarity = 'positive' }: Deck) {
  const file = join(folder, `${written.size}.cir`);
  const options = [
    '--layer',
    '/conv2/Conv',
    '--chip',
    '3',
    '--seed',
    '5',
    '--polarity',
    polarity,
    '--out',
    file,
  ];
  const overrides = ['analogCore.cell.maxConductance=25 uS', ...sets].flatMap((one) => ['--set', one]);
  const files = ['arch/hybrid-edge.yaml', 'workloads/lenet5.yaml'];
  const { code, err } = await kirchhoff(['export', 'spice', ...files, ...options, ...overrides]);
  expect(err).toBe('');
  expect(code).toBe(0);
  const deck = readFileSync(file, 'utf8');
  const expected = [...deck.matchAll(/expected i\(vg\d+\) = (\S+) A/g)].map(([, value]) => Number(value));
  return { file, deck, expected };
}
