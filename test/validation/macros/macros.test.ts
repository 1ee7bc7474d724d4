import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../cli/command.ts';
import { colonnade } from './colonnade.ts';
import { jia } from './jia.ts';
import { neurram } from './neurram.ts';
import { NEURRAM } from './published.ts';
import { errors, largest, type MacroRow, range } from './row.ts';
import { sinangil } from './sinangil.ts';
import { wang } from './wang.ts';

const README = join(ROOT, 'README.md');

describe('published macros', async () => {
  const macros = [await wang(), await jia(), await sinangil(), await neurram(), await colonnade()];
  const rows = macros.flatMap((macro) => macro.rows);
  const matched = rows.filter((row) => row.unmatched === undefined);
  const unmatched = rows.filter((row) => row.unmatched !== undefined);

  test.each(macros.map(({ fit }) => [fit.macro, fit] as const))(
    '%s: the stated factor is the fitted one',
    (_, { fitted, stated }) => {
      expect(Number(fitted.toPrecision(4))).toBe(stated);
    },
  );

  for (const row of matched) {
    const bar =
      row.best === undefined ? 'within a tenth' : `no worse than the best energy tool (${row.best.text})`;
    test(`${row.macro}: ${row.quantity}: ${bar}`, () => {
      // In whole percents, as the tool's errors are.
      expect(largest(errors(row.ours, row.published))).toBeLessThanOrEqual(row.best?.largest ?? 10);
    });
  }

  test('where nothing is given, one factor alone does it', () => {
    for (const row of matched.filter(({ given }) => given === undefined)) {
      const worst = largest(errors(row.factor, row.published));
      expect(worst, `${row.macro} ${row.quantity}`).toBeLessThanOrEqual(row.best?.largest ?? 10);
    }
  });

  test('what is said to be unmatched is', () => {
    expect(unmatched.length).toBeGreaterThan(0);
    for (const row of unmatched) {
      expect(largest(errors(row.ours, row.published)), row.quantity).toBeGreaterThan(row.best?.largest ?? 10);
    }
  });

  test('the published breakdown of NeuRRAM adds up to the published energy of an operation', () => {
    NEURRAM.settings.forEach(([, , , twoPhases], index) => {
      const parts = Object.values(NEURRAM.femtojoules).map((values) => values[index]!);
      const sum = parts.reduce((total, part) => total + part, 0);
      const topsPerWatt = index === NEURRAM.onePhaseInBreakdown ? NEURRAM.onePhase[1][3] : twoPhases;
      expect(Math.abs((sum * topsPerWatt) / 1000 - 1)).toBeLessThan(0.02);
    });
  });

  test('the README shows this table (UPDATE_README=1 npx vitest run test/validation writes it)', () => {
    const text = markdown(rows);
    console.log(text);
    const readme = readFileSync(README, 'utf8');
    const pattern = /<!-- macro table -->\n(?:\|.*\n)*(?:\nNot matched:.*\n)?/;
    const shown = `<!-- macro table -->\n${text}\n`;
    if (process.env.UPDATE_README === '1')
      writeFileSync(
        README,
        readme.replace(pattern, () => shown),
      );
    else expect(readme.match(pattern)?.[0]).toBe(shown);
  });
});

function markdown(rows: readonly MacroRow[]): string {
  const notes = [...new Set(rows.flatMap((row) => row.unmatched ?? []))];
  const lines = rows.map((row) => {
    const { published, bottomUp, factor, ours, given, unmatched, best } = row;
    const ends = published.length === 1 ? published : [Math.min(...published), Math.max(...published)];
    const values = ends.map((value) => String(Number(value.toPrecision(3)))).join(' … ');
    const silent = bottomUp.every((value) => value === 0);
    const remarks = [
      ...(given === undefined ? [] : [`given: ${given}`]),
      ...(unmatched === undefined ? [] : [`not matched (${notes.indexOf(unmatched) + 1})`]),
    ];
    const cells = [
      row.macro,
      row.quantity,
      `${values} ${row.unit}`.trim(),
      ...[bottomUp, factor].map((one) => (silent ? '–' : range(errors(one, published)))),
      range(errors(ours, published)),
      best?.text ?? '–',
      remarks.join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| macro | quantity | published | bottom-up | one factor | with what is given | best tool | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    `Not matched: ${notes.map((note, index) => `(${index + 1}) ${note}`).join('; ')}.`,
  ].join('\n');
}
