import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { dianaRows, pumaRows, sonosRows } from './design-rows.ts';
import { isaacRows, logitRows, memoryRows, scalingRows, surveyRows, type ValidationRow } from './rows.ts';

const NETWORKS = ['mlp-sigmoid', 'mlp-relu', 'lenet5', 'vgg8', 'resnet14', 'dscnn', 'vit-tiny'];
const README = join(ROOT, 'README.md');

describe('validation', async () => {
  const rows = [
    ...(await isaacRows()),
    ...(await pumaRows()),
    ...(await sonosRows()),
    ...(await dianaRows()),
    ...surveyRows(),
    ...memoryRows(),
    ...scalingRows(),
    ...(await logitRows(NETWORKS)),
  ];

  test.each(rows.map((row) => [row.what, row] as const))('%s', (_, row) => {
    expect(deviation(row)).toBeLessThanOrEqual(row.tolerance);
  });

  test('the README shows this table (UPDATE_README=1 npx vitest run test/validation writes it)', () => {
    const text = markdown(rows);
    console.log(text);
    const readme = readFileSync(README, 'utf8');
    const pattern = /<!-- validation table -->\n[\s\S]*?(?=\nBeside it)/;
    const shown = `<!-- validation table -->\n${text}\n`;
    if (process.env.UPDATE_README === '1') writeFileSync(README, readme.replace(pattern, shown));
    else expect(readme.match(pattern)?.[0]).toBe(shown);
  });
});

function deviation(row: ValidationRow): number {
  const difference = Math.abs(row.ours - row.reference);
  return row.absolute ? difference : difference / Math.abs(row.reference);
}

function markdown(rows: readonly ValidationRow[]): string {
  const lines = rows.map((row) => {
    const unit = row.unit === '' ? '' : ` ${row.unit}`;
    const [ours, reference, off, allowed] = row.absolute
      ? [`≤ ${bound(row)}`, `${row.reference}${unit}`, '', `${row.tolerance}${unit}`]
      : [
          `${digits(row.ours)}${unit}`,
          `${row.reference}${unit}`,
          `${(100 * (row.ours / row.reference - 1)).toFixed(2).replace('-0.00', '0.00')} %`,
          `${Number((100 * row.tolerance).toPrecision(3))} %`,
        ];
    return `| ${row.what} | ${ours} | ${reference} | ${off} | ${allowed} | ${row.source} |`;
  });
  return [
    '| what | Kirchhoff | reference | off by | allowed | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

// A power of ten, and none below a tenth of what is allowed: rounding errors differ between machines.
function bound({ ours, tolerance, unit }: ValidationRow): string {
  if (unit === '%') return `${ours.toFixed(1)} %`;
  return `1e${Math.max(Math.round(Math.log10(tolerance)) - 1, Math.ceil(Math.log10(ours)))}`;
}
