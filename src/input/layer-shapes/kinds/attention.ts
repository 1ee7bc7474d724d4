import { Fault } from '../../../base/fault.ts';
import { integer } from '../../../base/quantity.ts';
import type { LayerContext } from '../layer-context.ts';
import { layerKind, layerName } from '../layer-kind.ts';
import { sequenceOf, shapeText } from '../sizes.ts';

const cache = () =>
  integer({ min: 0, max: 2 ** 24 })
    .default(0)
    .describe('tokens of earlier steps, kept in memory and read for every inference');

/** Queries times keys, one product a head. */
export const scores = layerKind({
  name: 'scores',
  summary: 'Q·Kᵀ / √d of a query sequence [T, D] and a key sequence [S, D]: [heads, T, cache + S]',
  keys: {
    key: layerName().describe('the layer with the keys; the queries are from'),
    heads: integer({ min: 1, max: 65_536 }).default(1),
    cache: cache(),
  },
  build(layer, context) {
    const { heads } = layer;
    const keys = context.named(layer.key);
    const [, features] = sequenceOf(context.shape(context.input), 'scores');
    const [, keyFeatures] = sequenceOf(context.shape(keys), 'scores');
    if (keyFeatures !== features) throw new Fault(`queries of ${features} features, keys of ${keyFeatures}`);
    const unscaled = split(context.input, heads, [0, 2, 1, 3], context, 'query');
    const scale = { dims: [], data: Float32Array.of(1 / Math.sqrt(features / heads)) };
    const query = context.add('mul', {}, [unscaled, scale], 'scale');
    const key = split(keys, heads, [0, 2, 3, 1], context, 'key');
    if (layer.cache === 0) return context.add('matmul', {}, [query, key]);
    const cached = context.constant([1, heads, features / heads, layer.cache], 0);
    const before = context.add('matmul', {}, [query, cached], 'cached');
    const now = context.add('matmul', {}, [query, key]);
    return context.add('concat', { axis: 3 }, [before, now], 'all');
  },
});

/** Attention weights times values, one product a head. */
export const weightedSum = layerKind({
  name: 'weightedSum',
  summary: 'A·V of weights [heads, T, cache + S] and a value sequence [S, D]: [T, D]',
  keys: { value: layerName().describe('the layer with the values; the weights are from'), cache: cache() },
  build(layer, context) {
    const weights = context.shape(context.input);
    if (weights.length !== 4) {
      throw new Fault(`weightedSum takes weights [heads, T, S], got ${shapeText(weights)}`);
    }
    const [, heads, queries, count] = weights as [number, number, number, number];
    const values = context.named(layer.value);
    const [length, features] = sequenceOf(context.shape(values), 'weightedSum');
    if (layer.cache + length !== count) {
      throw new Fault(`${count} weights for ${layer.cache} cached and ${length} new values`);
    }
    const value = split(values, heads, [0, 2, 1, 3], context, 'value');
    const sum = layer.cache === 0 ? context.add('matmul', {}, [context.input, value]) : withCache();
    const merged = context.add('transpose', { perm: [0, 2, 1, 3] }, [sum], 'merge');
    return context.add('reshape', { shape: [1, queries, features] }, [merged], 'tokens');

    function withCache(): number {
      const cached = context.constant([1, heads, layer.cache, features / heads], 0);
      const part = (start: number, length: number, name: string) => {
        const counts = [1, heads, queries, length];
        const attributes = { starts: [0, 0, 0, start], steps: [1, 1, 1, 1], counts };
        return context.add('slice', attributes, [context.input], name);
      };
      const earlier = context.add('matmul', {}, [part(0, layer.cache, 'earlier'), cached], 'cached');
      const now = context.add('matmul', {}, [part(layer.cache, length, 'now'), value]);
      return context.add('add', {}, [earlier, now], 'all');
    }
  },
});

/** A sequence [1, T, D] as [1, T, heads, D / heads] with its axes in another order. */
function split(
  value: number,
  heads: number,
  perm: readonly number[],
  context: LayerContext,
  name: string,
): number {
  const [, length, features] = context.shape(value) as [number, number, number];
  if (features % heads !== 0) throw new Fault(`${heads} heads do not divide ${features} features`);
  const parts = context.add(
    'reshape',
    { shape: [1, length, heads, features / heads] },
    [value],
    `${name}.heads`,
  );
  return context.add('transpose', { perm }, [parts], name);
}
