import { elementCount } from '../base/tensor.ts';
import { type Draft, positionsOf, taskPositions } from './draft.ts';
import type { LoweredNetwork } from './lowered-network.ts';

/** The reading of an inference's input from memory, row by row. */
export function loadDraft(lowered: LoweredNetwork, byteWidth: number): Draft {
  const shape = lowered.network.input.shape;
  const positions = positionsOf(-1, lowered);
  return {
    kind: 'load',
    layers: [],
    name: 'input',
    lowering: { kind: 'vector', operations: 0, positions, required: (_, position) => position },
    value: -1,
    sources: [],
    blocks: [],
    product: undefined,
    operations: 0,
    charged: 0,
    positions,
    positionsPerTask: Math.min(taskPositions(shape, positions), positions),
    rowLength: positions,
    bytesPerPosition: (elementCount(shape) * byteWidth) / positions,
  };
}

/**
 * Constant matrices of a product, such as the keys of earlier tokens: they lie in memory and are read for every
 * inference, at once, so that what layers need first comes first.
 */
export function cacheDraft(layer: number, name: string, bytes: number): Draft {
  return {
    kind: 'load',
    layers: [layer],
    name: `${name} cache`,
    lowering: { kind: 'vector', operations: 0, positions: 1, required: () => 0 },
    value: -1,
    sources: [],
    blocks: [],
    product: undefined,
    operations: 0,
    charged: 0,
    positions: 1,
    positionsPerTask: 1,
    rowLength: 1,
    bytesPerPosition: bytes,
  };
}
