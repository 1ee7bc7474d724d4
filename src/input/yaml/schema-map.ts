import { z } from 'zod';
import type { Path } from './path.ts';

/** The parts of a JSON Schema that say what a key may hold. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  /** Of a map whose keys are the user's: what each may hold. */
  readonly additionalProperties?: boolean | SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  /** Of the root alone: what `$ref` points to. */
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
}

/** The JSON Schema (draft 7, which editors know best) of what a zod schema accepts in a file. */
export function jsonSchemaOf(schema: z.ZodType): SchemaNode {
  let json = converted.get(schema);
  if (json === undefined) {
    json = z.toJSONSchema(schema, {
      io: 'input',
      target: 'draft-7',
      override({ zodSchema, jsonSchema }) {
        // zod drops the default of a field that transforms what was written; ours are valid when written, too.
        const { def } = zodSchema._zod;
        if (def.type === 'default') jsonSchema.default = def.defaultValue as never;
      },
    }) as SchemaNode;
    converted.set(schema, json);
  }
  return json;
}

/** A schema in which every `$ref` to a definition is the definition itself, so that it can be walked. */
export function withoutReferences(root: SchemaNode): SchemaNode {
  const { definitions = {}, ...schema } = structuredClone(root);
  const resolve = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const reference = (child as SchemaNode | null)?.$ref;
      const name = typeof reference === 'string' ? reference.replace('#/definitions/', '') : undefined;
      if (name === undefined) resolve(child);
      else (value as Record<string, unknown>)[key] = definitions[name];
    }
  };
  for (const part of [schema, ...Object.values(definitions)]) resolve(part);
  return schema;
}

// Schemas never change, and the conversion costs more than reading a spec.
const converted = new WeakMap<z.ZodType, SchemaNode>();

/** The node of a schema that governs a path of a value; undefined where the schema knows no such key. */
export function nodeAt(root: SchemaNode, value: unknown, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  let here = value;
  for (const step of path) {
    node = childOf(node, here, step);
    if (node === undefined) return undefined;
    here = (here as Record<string | number, unknown> | null | undefined)?.[step];
  }
  return node;
}

/** The keys that a map may have, given what it holds (its `type` chooses among alternatives). */
export function keysOf(node: SchemaNode | undefined, value: unknown): readonly string[] {
  const keys = alternatives(node, value).flatMap((option) => Object.keys(option.properties ?? {}));
  return [...new Set(keys)];
}

/** A line that would supply a key, such as `readTime: 100 ns`, or the keys that a section needs. */
export function exampleLine(key: string, node: SchemaNode | undefined): string {
  const options = alternatives(node, undefined);
  const types = options.flatMap((option) => option.properties?.type?.const ?? []);
  const untyped = options.find(({ properties, required }) => properties?.type && !required?.includes('type'));
  if (untyped?.required !== undefined && types.length > 1) {
    const models = types.filter((type) => type !== untyped.properties!.type!.const);
    return `${key}: with ${untyped.required.join(', ')}, or { type: ${models.join(' | ')}, … }`;
  }
  if (types.length > 0) return `${key}: { type: ${types.join(' | ')}, … }`;
  const properties = options.find((option) => option.properties !== undefined);
  if (properties !== undefined)
    return `${key}: with ${(properties.required ?? keysOf(properties, {})).join(', ')}`;
  return `${key}: ${exampleValue(node)}`;
}

function exampleValue(node: SchemaNode | undefined): string {
  const value = node?.examples?.[0] ?? node?.const ?? node?.enum?.[0] ?? node?.default ?? node?.minimum;
  if (value !== undefined) return String(value);
  const type = Array.isArray(node?.type) ? node.type[0] : node?.type;
  return { boolean: 'true', array: '[…]', integer: '1', number: '1' }[String(type)] ?? '…';
}

function childOf(
  node: SchemaNode | undefined,
  value: unknown,
  step: string | number,
): SchemaNode | undefined {
  for (const option of alternatives(node, value)) {
    const properties = option.properties ?? {};
    if (typeof step === 'number') {
      if (option.items !== undefined) return option.items;
    } else if (Object.hasOwn(properties, step)) return properties[step];
    else if (typeof option.additionalProperties === 'object') return option.additionalProperties;
  }
  return undefined;
}

function alternatives(node: SchemaNode | undefined, value: unknown): readonly SchemaNode[] {
  if (node === undefined) return [];
  const options = node.oneOf ?? node.anyOf;
  if (options === undefined) return [node];
  const isMap = typeof value === 'object' && value !== null;
  const type = isMap ? (value as Readonly<Record<string, unknown>>).type : undefined;
  // A map without a type is the alternative that may leave it out, where there is one.
  const chosen = options.filter(({ properties, required }) =>
    type === undefined
      ? isMap && properties?.type !== undefined && required?.includes('type') !== true
      : properties?.type?.const === type,
  );
  return (chosen.length > 0 ? chosen : options).flatMap((option) => alternatives(option, value));
}
