import { describe, expect, test } from 'vitest';
import { LIST_NAMES, listDocument } from '../../src/cli/list.ts';
import { showDocument, showText } from '../../src/cli/show.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { kirchhoff, ROOT } from './command.ts';

describe('kirchhoff list', () => {
  test('its help names every list', async () => {
    const { out } = await kirchhoff(['list', '--help']);
    const words = out.replaceAll(/\s+/g, ' ').split(/[ ,]+/);
    expect(LIST_NAMES.filter((name) => !words.includes(name))).toEqual([]);
  });

  test('every part says in one line what it is, under a name of its own', () => {
    const { parts } = listDocument(undefined);
    expect(new Set(parts.map(({ list }) => list))).toEqual(new Set(LIST_NAMES));
    expect(new Set(parts.map(({ list, name }) => `${list} ${name}`)).size).toBe(parts.length);
    expect(parts.filter(({ summary }) => summary.length < 3 || /\n|\.$/.test(summary))).toEqual([]);
  });
});

describe('kirchhoff show', () => {
  test('a figure that nobody stated is a dash, not 0', async () => {
    // DIANA states the area of neither its crossbar nor what stands around it.
    const { value: spec } = await readArchitecture(`${ROOT}arch/diana.yaml`);
    const lines = showText(showDocument(spec)).split('\n');
    const [crossbar] = lines.filter((line) => line.startsWith('crossbar '));
    expect(crossbar!.split(/ {2,}/).slice(2, 3)).toEqual(['–']);
    expect(lines.filter((line) => / 0 (W|mm²|OP\/s|B)\b/.test(line))).toEqual([]);
  });
});
