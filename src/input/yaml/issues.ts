import type { z } from 'zod';
import { Fault, nearestName, type Place } from '../../base/fault.ts';
import { foundText } from '../../base/quantity.ts';
import { type Path, valueAt } from './path.ts';
import { exampleLine, keysOf, nodeAt, type SchemaNode } from './schema-map.ts';

/** Says what zod found wrong in a spec in the words of its reader: cause, cure, and the place to change. */
export interface IssueTranslator {
  readonly schema: SchemaNode;
  /** What the schema was given. */
  readonly value: unknown;
  place(path: Path, part: 'key' | 'value'): Place;
}

/**
 * The Faults of zod's issues in the order of the file. What merely follows from a misspelt key is left out: that
 * the right one is missing, or that the map fails a check; what aliases repeat is told once.
 */
export function faultsOf(issues: readonly z.core.$ZodIssue[], translator: IssueTranslator): readonly Fault[] {
  const misspelt = misspeltKeys(issues, translator);
  const withUnknown = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => JSON.stringify(path)),
  );
  const faults = issues
    .filter(({ code, path }) => {
      const key = JSON.stringify(path);
      return !misspelt.has(key) && !(code === 'custom' && withUnknown.has(key));
    })
    .flatMap((issue) => translated(issue, translator));
  const unique = new Map<string, Fault>();
  for (const fault of faults) {
    const { file, line, column, path } = fault.place ?? {};
    const key = [file, line, column, line === undefined ? path : '', fault.problem].join('\n');
    if (!unique.has(key)) unique.set(key, fault);
  }
  return [...unique.values()].sort((a, b) => order(a) - order(b));
}

/** Paths of keys that are missing only because they stand there misspelt. */
function misspeltKeys(
  issues: readonly z.core.$ZodIssue[],
  { schema, value }: IssueTranslator,
): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    const parent = valueAt(value, path);
    const known = keysOf(nodeAt(schema, value, path), parent);
    for (const key of issue.keys) {
      const near = nearestName(key, known);
      if (near !== undefined && valueAt(parent, [near]) === undefined)
        paths.add(JSON.stringify([...path, near]));
    }
  }
  return paths;
}

function order({ place }: Fault): number {
  return (place?.line ?? 0) * 1e6 + (place?.column ?? 0);
}

function translated(issue: z.core.$ZodIssue, translator: IssueTranslator): readonly Fault[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const found = valueAt(translator.value, path);
  if (found === undefined && path.length > 0) return [missing(path, translator)];
  const fault = (cause: string, cure?: string) => [
    new Fault(cause, { cure, place: translator.place(path, 'value') }),
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], translator));
    case 'invalid_type':
      return fault(`found ${foundText(found)}`, `needs ${needed(issue.expected, path, translator)}`);
    case 'invalid_value':
      return fault(`found ${foundText(found)}`, `needs ${issue.values.map(String).join(' or ')}`);
    case 'invalid_union':
      return fault(...unionFault(issue, found));
    case 'too_big':
      return fault(`${sizeText(found)} is too large`, `at most ${issue.maximum}`);
    case 'too_small':
      return fault(`${sizeText(found)} is too small`, `at least ${issue.minimum}`);
    case 'custom': {
      const cure: unknown = issue.params?.cure;
      return fault(issue.message, typeof cure === 'string' ? cure : undefined);
    }
    default:
      return fault(issue.message.charAt(0).toLowerCase() + issue.message.slice(1));
  }
}

function missing(path: Path, { schema, value, place }: IssueTranslator): Fault {
  const key = String(path.at(-1));
  const node = nodeAt(schema, value, path);
  const about = node?.description === undefined ? '' : ` # ${node.description}`;
  return new Fault(`missing key ${key}`, {
    cure: `add ${exampleLine(key, node)}${about}`,
    place: place(path.slice(0, -1), 'key'),
  });
}

function unknownKey(path: Path, { schema, value, place }: IssueTranslator): Fault {
  const parent = path.slice(0, -1);
  const known = keysOf(nodeAt(schema, value, parent), valueAt(value, parent));
  const near = nearestName(String(path.at(-1)), known);
  return new Fault('unknown key', {
    cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ')}`,
    place: place(path, 'key'),
  });
}

/** A wrong `type:` names the types; where alternatives have no types, what they would have taken. */
function unionFault(issue: z.core.$ZodIssueInvalidUnion, found: unknown): [cause: string, cure: string] {
  const types =
    'options' in issue && Array.isArray(issue.options)
      ? issue.options.filter((option) => option !== undefined).map(String)
      : [];
  if (types.length === 0) return [`found ${foundText(found)}`, issue.message];
  const near = typeof found === 'string' ? nearestName(found, types) : undefined;
  return [
    typeof found === 'string' ? `unknown type ${JSON.stringify(found)}` : `found ${foundText(found)}`,
    `${near === undefined ? '' : `did you mean ${near}? `}known: ${types.join(', ')}`,
  ];
}

function needed(expected: string, path: Path, { schema, value }: IssueTranslator): string {
  if (expected === 'array') return 'a list';
  if (expected !== 'object' && expected !== 'record') return `a ${expected}`;
  const keys = keysOf(nodeAt(schema, value, path), undefined);
  return keys.length === 0 ? 'a map' : `a map with ${keys.join(', ')}`;
}

function sizeText(found: unknown): string {
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === 'string') return `a text of ${found.length} characters`;
  return foundText(found);
}
