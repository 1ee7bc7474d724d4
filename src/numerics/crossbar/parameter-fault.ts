import { z } from 'zod';
import { Fault, nearestName } from '../../base/fault.ts';

/** What a schema has against parameters, as a Fault that names the parameter by its path, the cause and the cure. */
export function parameterFault(issue: z.core.$ZodIssue, parameters: unknown, schema: z.ZodType): Fault {
  const path = issue.path.join('.') || 'parameters';
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    parameters,
  );
  if (issue.code === 'invalid_union') {
    const known = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    return new Fault(
      `${path}: ${found === undefined ? 'missing' : `unknown type ${JSON.stringify(found)}`}`,
      {
        cure: suggestion(String(found), known),
      },
    );
  }
  if (issue.code === 'invalid_type' && issue.expected === 'object') {
    const known = keysOf(schemaAt(schema, issue.path), undefined);
    return new Fault(`${path}: no object of parameters`, {
      cure: known.length === 0 ? 'give one with its `type`' : `known: ${known.join(', ')}`,
    });
  }
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = keysOf(schemaAt(schema, issue.path), (found as { type?: unknown }).type);
    const where = issue.path.length === 0 ? key! : `${path}.${key!}`;
    return new Fault(`${where}: unknown parameter`, { cure: suggestion(key!, known) });
  }
  const cure = issue.code === 'custom' ? (issue.params?.['cure'] as string | undefined) : undefined;
  return new Fault(`${path}: ${issue.message}`, { cure });
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ')}`;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => {
    const object = at === undefined ? undefined : bare(at);
    return object instanceof z.ZodObject ? (object.shape as Record<PropertyKey, z.ZodType>)[key] : undefined;
  }, schema);
}

/** Without its default and its leave to be left out. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap() as z.ZodType);
  }
  return schema;
}

/** Keys of an object; of a model among others, those of the one of its type. */
function keysOf(schema: z.ZodType | undefined, type: unknown): readonly string[] {
  const inner = schema === undefined ? undefined : bare(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  const model = modelsOf(inner).find((one) => literalOf(one) === type);
  return model === undefined ? [] : Object.keys(model.shape);
}

function modelsOf(union: z.ZodType | undefined): readonly z.ZodObject[] {
  return union instanceof z.ZodUnion ? (union.options as readonly z.ZodObject[]) : [];
}

function literalOf(model: z.ZodObject): unknown {
  const { type } = model.shape as { readonly type?: z.ZodLiteral };
  return type?.value;
}
