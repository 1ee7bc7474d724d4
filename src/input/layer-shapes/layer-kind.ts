import { z } from 'zod';
import { text } from '../../base/quantity.ts';
import type { Part } from '../../base/registry.ts';
import type { LayerContext } from './layer-context.ts';

/** A kind of line in a layer-shape file: its keys, and the layers of a `Network` that it stands for. */
export interface LayerKind<Written = never> extends Part {
  readonly schema: z.ZodObject;
  /** Adds the layers and gives the one whose output goes on; a Fault when what it takes does not fit. */
  build(written: Written, context: LayerContext): number;
}

/** A name by which other layers, schedules and reports call a layer. */
export function layerName() {
  return text().refine((name) => /^[A-Za-z][\w-]*$/.test(name), {
    message: 'cannot name a layer',
    params: { cure: 'use letters, digits, _ and -, starting with a letter' },
  });
}

/** Keys of every layer. */
export const commonKeys = {
  name: layerName().optional().describe('how reports, schedules and other layers call it'),
  from: layerName()
    .optional()
    .describe('the layer whose output it takes; the one before when left out; input: what its list takes'),
};

/** What `commonKeys` yield. */
export interface CommonKeys {
  readonly name?: string | undefined;
  readonly from?: string | undefined;
}

/** A kind of layer with its keys in addition to the common ones. */
export function layerKind<Shape extends z.ZodRawShape>(kind: {
  readonly name: string;
  readonly summary: string;
  readonly keys: Shape;
  readonly build: (written: z.output<z.ZodObject<Shape>> & CommonKeys, context: LayerContext) => number;
}): LayerKind {
  const { name, summary, keys, build } = kind;
  const schema = z.strictObject({ type: z.literal(name).describe(summary), ...commonKeys, ...keys });
  return { name, summary, schema, build: build as LayerKind['build'] };
}
