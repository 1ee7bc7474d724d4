import { z } from 'zod';
import { flag, integer, text } from '../../base/quantity.ts';
import { activationKey, type ActivationName } from './activation.ts';
import { layerKinds } from './index.ts';
import { type CommonKeys, commonKeys, layerName } from './layer-kind.ts';

/** A line of a layer-shape file: a layer of one of the kinds, or a block of layers. */
export type WrittenLayer = RepeatBlock | ResidualBlock | LeafLayer;

/** A layer of a kind in the registry, which knows its other keys. */
export interface LeafLayer extends CommonKeys {
  readonly type: string;
}

/** Layers that come several times, one after the other. */
export interface RepeatBlock {
  readonly type: 'repeat';
  readonly name: string;
  readonly times: number;
  readonly layers: readonly WrittenLayer[];
}

/** Layers whose result is added to what they take, or to what a shortcut makes of it. */
export interface ResidualBlock extends CommonKeys {
  readonly type: 'residual';
  readonly layers: readonly WrittenLayer[];
  readonly shortcut?: readonly WrittenLayer[] | undefined;
  readonly activation?: ActivationName | undefined;
}

const layer: z.ZodType<WrittenLayer> = z.lazy(() => layerUnion).meta({ id: 'layer' });
const list = () => z.array(layer).min(1).max(1000);

const repeat = z.strictObject({
  type: z.literal('repeat').describe('layers that come several times, one after the other'),
  name: layerName().describe('the layers of the second time are called name.2.…'),
  times: integer({ min: 1, max: 1000, example: 3 }),
  layers: list(),
});

const residual = z.strictObject({
  type: z.literal('residual').describe('layers whose result is added to what they take'),
  ...commonKeys,
  layers: list(),
  shortcut: list().optional().describe('layers on the way of what is added; none when left out'),
  activation: activationKey(),
});

const layerUnion = z.discriminatedUnion('type', [
  ...layerKinds.parts.map((kind) => kind.schema),
  repeat,
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
