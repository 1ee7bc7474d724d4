import { expect, test } from 'vitest';
import { publishedSchemas } from '../../src/cli/schemas.ts';
import { kirchhoff } from './command.ts';

test('the help of kirchhoff schema names every schema that it prints, and no other', async () => {
  const { out } = await kirchhoff(['schema', '--help']);
  const [, listed] = /\n {2}name +([\s\S]*?)\n\n/.exec(out)!;
  const names = listed!.replaceAll(/\s+/g, ' ').split(/, | or /);
  expect(names.sort()).toEqual(Object.keys(publishedSchemas()).sort());
});
