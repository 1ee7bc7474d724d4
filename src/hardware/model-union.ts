import { z } from 'zod';
import type { Part, Registry } from '../base/registry.ts';

/** Parameters of one registered model, told apart by `type`; the model that owns them knows the rest. */
export type ModelParameters = { readonly type: string } & Readonly<Record<string, unknown>>;

/**
 * Schema that accepts the parameters of any model of a registry, chosen by `type`: all of them, or those of another
 * of its schemas.
 */
export function modelUnion<P extends Part & { readonly schema: z.ZodType }>(
  registry: Registry<P>,
  which: keyof P & ('schema' | 'conversion') = 'schema',
): z.ZodType<ModelParameters> {
  const schemas = registry.parts.map((part) => part[which]) as unknown as [z.ZodObject, ...z.ZodObject[]];
  return z.discriminatedUnion('type', schemas) as unknown as z.ZodType<ModelParameters>;
}
