import { z } from 'zod';
import { flag, integer, text } from '../../base/quantity.ts';
import { activationKey, type ActivationName } from './activation.ts';
import { layerKinds } from './index.ts';
import { type CommonKeys, commonKeys } from './layer-kind.ts';

/** A line of a layer-shape file: a layer of one of the kinds, or a block of layers. */
export type WrittenLayer = PlainBlock | ResidualBlock | LeafLayer;

/** A layer of a kind in the registry, which knows its other keys. */
export interface LeafLayer extends CommonKeys {
  readonly type: string;
}

/** Layers that come together, once or several times one after the other. */
export interface PlainBlock extends CommonKeys {
  readonly type: 'block';
  readonly times: number;
  readonly layers: readonly WrittenLayer[];
}

/** The same, each time with its result added to what it takes, or to what a shortcut makes of that. */
export interface ResidualBlock extends CommonKeys {
  readonly type: 'residual';
  readonly times: number;
  readonly layers: readonly WrittenLayer[];
  readonly shortcut?: readonly WrittenLayer[] | undefined;
  readonly activation?: ActivationName | undefined;
}

const layer: z.ZodType<WrittenLayer> = z.lazy(() => layerUnion).meta({ id: 'layer' });
const list = () => z.array(layer).min(1).max(1000);

const times = () =>
  integer({ min: 1, max: 1000, example: 3 })
    .default(1)
    .describe('one after the other; layers of the second time are called name.2.…');

const block = z.strictObject({
  type: z.literal('block').describe('layers that come together, once or several times'),
  ...commonKeys,
  times: times(),
  layers: list(),
});

const residual = z.strictObject({
  type: z.literal('residual').describe('a block whose result is added to what it takes'),
  ...commonKeys,
  times: times(),
  layers: list(),
  shortcut: list().optional().describe('layers on the way of what is added; none when left out'),
  activation: activationKey(),
});

const layerUnion = z.discriminatedUnion('type', [
  ...layerKinds.parts.map((kind) => kind.schema),
  block,
  residual,
] as unknown as [z.ZodObject, ...z.ZodObject[]]) as unknown as z.ZodType<WrittenLayer>;

/** A network by its layers alone, without weights or data: the schema of the files in `workloads/shapes/`. */
export const layerShapesSchema = z.strictObject({
  name: text().describe('shown in reports'),
  description: text().optional(),
  input: z.strictObject({
    shape: z
      .array(integer({ min: 1, max: 2 ** 20, example: 3 }))
      .min(1)
      .max(3)
      .describe('a map [C, H, W], a sequence [T, D], a vector [D], or numbers of tokens [T]'),
    signed: flag().default(true).describe('whether it can be negative'),
  }),
  layers: list().describe('in the order of their work; each takes the output of the one before'),
  citation: text().optional().describe('publication of the network'),
});

export type LayerShapes = z.output<typeof layerShapesSchema>;
