import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Quantity } from '../../base/dimension.ts';
import { Fault, Faults, type Place } from '../../base/fault.ts';
import { foundText, withParameters, withUnits } from '../../base/quantity.ts';
import { readTextFile } from '../text-file.ts';
import { YamlText } from './document.ts';
import { faultsOf } from './issues.ts';
import { applyOverride, type Override, parseOverride } from './overrides.ts';
import { evaluateParameters } from './parameters.ts';
import { type Path, pathText } from './path.ts';
import { jsonSchemaOf, type SchemaNode, withoutReferences } from './schema-map.ts';

/** A YAML file as its schema read it: SI numbers, defaults filled in, and where everything came from. */
export interface Spec<T> {
  readonly file: string;
  readonly value: T;
  /** SHA-256 of the file's text, in hexadecimal; overrides are not in it. */
  readonly hash: string;
  readonly parameters: ReadonlyMap<string, Quantity>;
  /** Where each value was written, by its path (`chip.tiles`): a line of the file or a `--set`; defaults are absent. */
  readonly sources: ReadonlyMap<string, Place>;
  /** The place to which an error about a path belongs. */
  place(path: Path, part?: 'key' | 'value'): Place;
}

/** A contradiction that no single field can see, at the path that has to change. */
export interface Conflict {
  readonly path: Path;
  readonly problem: string;
  readonly cure: string;
}

export interface YamlOptions<T> {
  /** `path=value` texts that override the file. */
  readonly sets?: readonly string[] | undefined;
  /** Names that arithmetic in the file may use besides its own parameters. */
  readonly given?: ReadonlyMap<string, Quantity> | undefined;
  /** Finds contradictions in what the schema accepted. */
  readonly check?: ((value: T) => readonly Conflict[]) | undefined;
}

/**
 * Reads a YAML file through a zod schema whose fields are those of `base/quantity`. A top-level `parameters:` map
 * gives names to quantities. Throws Faults, all that one pass finds: text, parameters, fields, then contradictions.
 */
export async function readYaml<S extends z.ZodType>(
  file: string,
  schema: S,
  options: YamlOptions<z.output<S>> = {},
): Promise<Spec<z.output<S>>> {
  const text = await readTextFile(file, largestFile);
  return withUnits(() => parseYaml(file, text, schema, options));
}

/** Reads the text of a YAML file; see `readYaml`. Throws `EvaluatorNeeded` before `loadUnits` when it has arithmetic. */
export function parseYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  { sets = [], check, given }: YamlOptions<z.output<S>>,
): Spec<z.output<S>> {
  const document = new YamlText(file, text);
  let known: SchemaNode | undefined;
  const schemaMap = () =>
    (known ??= withParametersKey(withoutReferences(jsonSchemaOf(schema)), document.value));
  const overrides = sets.map(parseOverride);
  if (!isMap(document.value)) {
    const cure = `needs a map with ${Object.keys(schemaMap().properties ?? {}).join(', ')}`;
    throw new Fault(`found ${foundText(document.value)}`, { cure, place: document.place([]) });
  }
  for (const override of overrides) applyOverride(document.value, override, schemaMap());

  const place = (path: Path, part: 'key' | 'value' = 'value') => placed(document, overrides, path, part);
  const { parameters: written = {}, ...fields } = document.value;
  if (!isMap(written)) {
    throw new Fault(`found ${foundText(written)}`, {
      cure: 'needs a map from names to quantities',
      place: place(['parameters']),
    });
  }
  const parameters = evaluateParameters(written, (name, part) => place(['parameters', name], part), given);

  const result = withParameters(parameters, () => schema.safeParse(fields));
  if (!result.success)
    throw reported(faultsOf(result.error.issues, { schema: schemaMap(), value: fields, place }));
  const conflicts = (check?.(result.data) ?? []).map(({ path, problem, cure }) => {
    return new Fault(problem, { cure, place: place(path) });
  });
  if (conflicts.length > 0) throw reported(conflicts);
  return {
    file,
    value: result.data,
    hash: createHash('sha256').update(text).digest('hex'),
    parameters,
    sources: sourcesOf(document, overrides, place),
    place,
  };
}

const largestFile = 1 << 20;
const mostFaults = 20;

/** The schema with the names of this file's parameters, so that `--set parameters.x` is checked like the rest. */
function withParametersKey(schema: SchemaNode, value: unknown): SchemaNode {
  const names = isMap(value) && isMap(value.parameters) ? Object.keys(value.parameters) : [];
  const parameters = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, {}])) };
  return { ...schema, properties: { ...schema.properties, parameters } };
}

/** A place in the file, or the `--set` that wrote the value there. */
function placed(
  document: YamlText,
  overrides: readonly Override[],
  path: Path,
  part: 'key' | 'value',
): Place {
  const override = overrides.findLast((one) => startsWith(path, one.path));
  if (override === undefined) return document.place(path, part);
  return path.length === override.path.length
    ? { file: override.flag }
    : { file: override.flag, path: pathText(path) };
}

function sourcesOf(
  document: YamlText,
  overrides: readonly Override[],
  place: (path: Path) => Place,
): ReadonlyMap<string, Place> {
  const sources = new Map<string, Place>();
  const note = (path: Path) => {
    const { source: _, path: __, ...where } = place(path);
    sources.set(pathText(path), where);
  };
  for (const path of document.leaves()) {
    if (!overrides.some((one) => startsWith(path, one.path))) note(path);
  }
  for (const { path } of overrides) note(path);
  return sources;
}

function reported(faults: readonly Fault[]): Faults {
  if (faults.length <= mostFaults) return new Faults(faults);
  const rest = new Fault(`and ${faults.length - mostFaults} more`);
  return new Faults([...faults.slice(0, mostFaults), rest]);
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, i) => path[i] === step);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
