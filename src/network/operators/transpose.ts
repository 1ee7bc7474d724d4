import { Fault } from '../../base/fault.ts';
import { elementCount } from '../../base/tensor.ts';
import { numbersOf } from '../attributes.ts';
import { copyStrided, rowMajorStrides } from '../broadcast.ts';
import type { Layer } from '../network.ts';
import type { Operator } from '../operator.ts';
import { inputStream, realAxes, same, streaming } from '../stream.ts';

/** Output axis i is input axis `perm`[i]. A view when only axes of length 1 move, else one move per element. */
export const transpose: Operator = {
  name: 'transpose',
  summary: 'axes in another order',
  onnx: [
    {
      type: 'Transpose',
      read(node) {
        const rank = node.shapeOf(node.input(0)).length;
        const perm = node.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
        return node.add('transpose', { perm }, [node.input(0)]);
      },
    },
  ],
  outputShape(inputShapes, attributes) {
    const shape = inputShapes[0]!;
    const perm = numbersOf(attributes, 'perm');
    if ([...perm].sort((a, b) => a - b).join() !== shape.map((_, axis) => axis).join()) {
      throw new Fault(`perm [${perm.join(', ')}] is no permutation of ${shape.length} axes`);
    }
    return perm.map((axis) => shape[axis]!);
  },
  stream: (layer) => {
    const perm = numbersOf(layer.attributes, 'perm');
    return realAxes(
      layer.outputShape,
      inputStream(layer, 0).map((axis) => perm.indexOf(axis)),
    );
  },
  nonNegative: (_layer, operands) => operands[0]!,
  evaluate(layer, inputs, output) {
    const strides = rowMajorStrides(layer.inputShapes[0]!);
    const perm = numbersOf(layer.attributes, 'perm');
    copyStrided(
      layer.outputShape,
      inputs[0]!,
      0,
      perm.map((axis) => strides[axis]!),
      output,
    );
  },
  lower(layer) {
    const perm = numbersOf(layer.attributes, 'perm');
    const walk = streaming(layer, transpose.stream(layer), () =>
      layer.inputShapes[0]!.map((_, axis) => same(perm.indexOf(axis))),
    );
    if (keepsOrder(layer)) return { kind: 'view', ...walk };
    return { kind: 'vector', operations: elementCount(layer.outputShape), ...walk };
  },
};

function keepsOrder(layer: Layer): boolean {
  const moved = numbersOf(layer.attributes, 'perm').filter((axis) => layer.inputShapes[0]![axis]! > 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
}
