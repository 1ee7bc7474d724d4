import type { Arena } from './arena.ts';
import type { DequantizeCall } from './kernel-calls.ts';
import type { MvmGeometry } from './mvm-geometry.ts';
import type { Workspace } from './workspace.ts';

/**
 * The digital end of an MVM layer: accumulators times the scale of their column, plus the bias, in its place. Each
 * slot has scales of its own, so that chips may have gains.
 */
export class Outputs {
  readonly #geometry: MvmGeometry;
  readonly #scales: number;
  readonly #biases: number;
  readonly #factors: Float64Array;
  readonly #options: OutputOptions;

  /** `factors`: value of one accumulator step, for each of the layer's output channels. */
  constructor(geometry: MvmGeometry, factors: Float64Array, shared: Arena, options: OutputOptions = {}) {
    this.#geometry = geometry;
    this.#factors = factors;
    this.#options = options;
    const { slots = 1 } = options;
    this.#scales = shared.take(slots * factors.length * 8);
    this.#biases = shared.take(slots * factors.length * 8);
  }

  write(work: Workspace): void {
    for (let slot = 0; slot < (this.#options.slots ?? 1); slot++) this.writeSlot(work, slot, 1);
  }

  /** Sets the gain of a slot's accumulators. */
  writeSlot({ float64 }: Workspace, slot: number, gain: number): void {
    const { length } = this.#factors;
    const scales = this.#scales / 8 + slot * length;
    const biases = this.#biases / 8 + slot * length;
    const { constant = 0, withoutBias = false } = this.#options;
    const { bias } = this.#geometry.lowering;
    this.#factors.forEach((factor, channel) => {
      float64[scales + channel] = factor * gain;
      const added = withoutBias ? 0 : (bias?.[channel] ?? 0);
      float64[biases + channel] = added + constant * factor * gain;
    });
  }

  /** What puts accumulators [count][columns] of a unit into the batch's outputs [images][elements]. */
  call(
    inputs: number,
    output: number,
    unit: number,
    columns: number,
    first: number,
    count: number,
    slot = 0,
  ): DequantizeCall {
    const { lowering, outputElements, channels } = this.#geometry;
    const { positions, outputLayout } = lowering;
    const channelsFirst = outputLayout === 'channelsFirst';
    const channel = unit * this.#geometry.columns;
    const own = slot * this.#factors.length + channel;
    return {
      inputs,
      scales: this.#scales + own * 8,
      biases: this.#biases + own * 8,
      outputs: output + (channelsFirst ? channel * positions : channel) * 4,
      vectors: count,
      columns,
      positions,
      first,
      inferenceStride: outputElements,
      positionStride: channelsFirst ? 1 : channels,
      columnStride: channelsFirst ? positions : 1,
    };
  }
}

export interface OutputOptions {
  /** Chips in memory that have gains of their own. */
  readonly slots?: number;
  /** Added to every accumulator. */
  readonly constant?: number;
  /** The bias is among the inputs already. */
  readonly withoutBias?: boolean;
}
