import { Registry } from '../../base/registry.ts';
import { scores, weightedSum } from './kinds/attention.ts';
import { activation, add, concat, multiply } from './kinds/elementwise.ts';
import { batchNorm, layerNorm, softmax } from './kinds/normalization.ts';
import { flatten, globalPool, pool } from './kinds/pooling.ts';
import { embedding, positionEmbedding, prependToken, selectToken, tokens } from './kinds/sequence.ts';
import { conv, dense } from './kinds/weighted.ts';
import type { LayerKind } from './layer-kind.ts';

/** Every kind of layer that a layer-shape file may name, but for the blocks of layers (see `blocks.ts`). */
export const layerKinds = new Registry<LayerKind>('layer', [
  conv,
  dense,
  pool,
  globalPool,
  flatten,
  batchNorm,
  layerNorm,
  activation,
  add,
  multiply,
  concat,
  embedding,
  positionEmbedding,
  prependToken,
  selectToken,
  tokens,
  scores,
  softmax,
  weightedSum,
]);
