import { numberOf, numbersOf } from '../../../network/attributes.ts';
import type { OnnxValue } from '../../../network/onnx-node.ts';
import type { Draft } from '../draft.ts';
import { Pattern } from './pattern.ts';

/** Gives the zeros of a separate Pad to the convolution behind it, which pads without any work. */
export function foldPadding(draft: Draft, output: OnnxValue): void {
  const pattern = new Pattern(draft, output);
  for (const layer of draft.layers) {
    if (layer.operator !== 'conv') continue;
    const border = pattern.by('pad', layer.inputs[0]);
    if (border === undefined || border.attributes.mode !== 'constant') continue;
    const before = numbersOf(border.attributes, 'before');
    const after = numbersOf(border.attributes, 'after');
    const spatial = before.slice(0, 2).every((n) => n === 0) && after.slice(0, 2).every((n) => n === 0);
    const grows = [...before, ...after].every((n) => n >= 0);
    if (!spatial || !grows || numberOf(border.attributes, 'value') !== 0) continue;
    const own = numbersOf(layer.attributes, 'pads');
    const added = [...before.slice(2), ...after.slice(2)];
    layer.attributes = { ...layer.attributes, pads: own.map((n, i) => n + added[i]!) };
    layer.inputs = [border.inputs[0]!, ...layer.inputs.slice(1)];
  }
}
