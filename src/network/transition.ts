import type { Place } from '../base/fault.ts';

/**
 * An affine layer where a network passes from crossbars to digital cores: scale · x + offset, each with a number for every
 * channel. What crossbars deliver has gain and offset of its own; training fits the layer to it, so that digital
 * layers see what they were trained on (sub-network scheduling, Kim et al., IEEE CAL 2026).
 */
export interface Transition {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
  /** Where it was asked for. */
  readonly place?: Place | undefined;
}
