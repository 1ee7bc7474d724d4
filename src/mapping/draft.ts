import { networkInputStream, positionsAlong } from '../network/stream.ts';
import type { Lowering } from '../network/operator.ts';
import type { Block } from './blocks.ts';
import { activationOperands, type LoweredNetwork } from './lowered-network.ts';
import type { DigitalProduct } from './schedule.ts';

/** A stage before anything is placed: what it computes, from what, in which pieces. */
export interface Draft {
  readonly kind: 'load' | 'analog' | 'digital';
  readonly layers: number[];
  readonly name: string;
  /** Layer whose inputs it reads, and how it streams. */
  readonly lowering: Lowering;
  /** Layer whose output it produces (moves on as element-wise layers are fused); -1 for raw accumulators. */
  value: number;
  readonly sources: DraftSource[];
  readonly blocks: readonly Block[];
  readonly product: DigitalProduct | undefined;
  /** Vector operations: in time, and in energy. */
  operations: number;
  charged: number;
  readonly positions: number;
  positionsPerTask: number;
  /** Positions along which a window slides. */
  readonly rowLength: number;
  readonly bytesPerPosition: number;
}

export interface DraftSource {
  readonly draft: number;
  readonly operand: number;
  /** Bytes of the whole operand. */
  readonly bytes: number;
  /** False when a reshape or transpose stands between: everything has to be there. */
  readonly streamed: boolean;
}

/** Stream positions of a layer's output, or of the network's input (-1). */
export function positionsOf(value: number, lowered: LoweredNetwork): number {
  if (value >= 0) return lowered.lowerings[value]!.positions;
  const shape = lowered.network.input.shape;
  return positionsAlong(shape, networkInputStream(shape));
}

/** The layer (or -1) whose numbers a value shows once views are looked through. */
export function originOf(value: number, lowered: LoweredNetwork): number {
  let origin = value;
  while (origin >= 0 && lowered.lowerings[origin]!.kind === 'view') {
    origin = activationOperands(lowered.network.layers[origin]!)[0]!.from;
  }
  return origin;
}

/** Positions that a digital task takes at once: a row of a map, a few tokens of a sequence. */
export function taskPositions(shape: readonly number[], positions: number): number {
  const [, , height, width] = shape;
  return shape.length === 4 && height! * width! === positions ? width! : SEQUENCE_TASK;
}

/** Positions of a sequence that a digital task takes at once: enough to pay for loading the weights of a block. */
const SEQUENCE_TASK = 16;
