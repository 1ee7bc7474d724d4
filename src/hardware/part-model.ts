import { z } from 'zod';
import type { Field } from '../base/quantity.ts';
import { type Part, Registry } from '../base/registry.ts';

/** A model that works out the figures of a part; what a spec writes beside its `type` overrides them. */
export interface PartModel<Figures> extends Part {
  /** Strict object schema whose `type` is the literal name of the model; every figure is an optional key. */
  readonly schema: z.ZodType;
  /** The figures from the parameters that `schema` read, at a technology node in m. */
  figures(parameters: never, technology: number): Figures;
}

/** A kind of part that a spec describes by its figures, or by a named model that works them out. */
export interface PartFamily<Figures> {
  readonly models: Registry<PartModel<Figures>>;
  /**
   * What a spec may write: all figures (no `type`), or those of a model. The type says what `resolve` makes of it;
   * until then figures that a model works out are missing.
   */
  readonly schema: z.ZodType<Figures>;
  /** The part with all its figures, at a technology node in m. */
  resolve(written: Figures, technology: number): Figures;
}

type NumberKeys<Names extends string> = Readonly<Record<Names, Field<number, string | number>>>;

/** Makes a model: its own keys, and the figures that its law works out and a spec may override. */
export function partModel<
  Structure extends z.ZodRawShape,
  Own extends z.ZodRawShape,
  Names extends string,
>(model: {
  readonly name: string;
  readonly summary: string;
  /** Keys that every part of the kind has, such as a capacity. */
  readonly structure: Structure;
  /** Keys of the model alone. */
  readonly own: Own;
  readonly figures: NumberKeys<Names>;
  law(
    parameters: z.output<z.ZodObject<Structure & Own>>,
    technology: number,
  ): Partial<Readonly<Record<Names, number>>>;
}): PartModel<never> {
  const optional = Object.fromEntries(
    Object.entries<Field<number, string | number>>(model.figures).map(([key, field]) => [
      key,
      field.optional(),
    ]),
  );
  const { structure, own } = model;
  return {
    name: model.name,
    summary: model.summary,
    schema: z.strictObject({ type: z.literal(model.name), ...structure, ...own, ...optional }),
    figures(parameters: Readonly<Record<string, unknown>>, technology: number) {
      const kept = [...Object.keys(structure), ...Object.keys(model.figures)]
        .filter((key) => parameters[key] !== undefined)
        .map((key) => [key, parameters[key]]);
      return { ...model.law(parameters as never, technology), ...Object.fromEntries(kept) } as never;
    },
  };
}

/** Makes a kind of part from the schema of its figures and its models. */
export function partFamily<Figures extends object>(
  kind: string,
  given: z.ZodObject,
  models: readonly PartModel<never>[],
): PartFamily<Figures> {
  const registry = new Registry<PartModel<Figures>>(kind, models);
  const explicit = given.extend({
    type: z.literal('given').optional().describe('its figures are those written here'),
  });
  const options = [explicit, ...models.map(({ schema }) => schema)] as unknown as [z.ZodObject, z.ZodObject];
  return {
    models: registry,
    schema: z.discriminatedUnion('type', options) as unknown as z.ZodType<Figures>,
    resolve(written, technology) {
      const { type = 'given', ...figures } = written as Figures & { readonly type?: string };
      return type === 'given'
        ? (figures as unknown as Figures)
        : registry.get(type).figures(written as never, technology);
    },
  };
}
