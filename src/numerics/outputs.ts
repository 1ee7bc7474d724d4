import type { Arena } from './arena.ts';
import type { DequantizeCall } from './kernel-calls.ts';
import type { MvmGeometry } from './mvm-geometry.ts';
import type { Workspace } from './workspace.ts';

/** The digital end of an MVM layer: accumulators times the scale of their column, plus the bias, in its place. */
export class Outputs {
  readonly #geometry: MvmGeometry;
  readonly #scales: number;
  readonly #biases: number;
  readonly #factors: Float64Array;

  /** `factors`: value of one accumulator step, for each of the layer's output channels. */
  constructor(geometry: MvmGeometry, factors: Float64Array, shared: Arena) {
    this.#geometry = geometry;
    this.#factors = factors;
    this.#scales = shared.take(factors.length * 8);
    this.#biases = shared.take(factors.length * 8);
  }

  write({ float64 }: Workspace): void {
    float64.set(this.#factors, this.#scales / 8);
    const { bias } = this.#geometry.lowering;
    const start = this.#biases / 8;
    if (bias === undefined) float64.fill(0, start, start + this.#factors.length);
    else float64.set(bias, start);
  }

  /** What puts accumulators [count][columns] of a unit into the batch's outputs [images][elements]. */
  call(
    inputs: number,
    output: number,
    unit: number,
    columns: number,
    first: number,
    count: number,
  ): DequantizeCall {
    const { lowering, outputElements, channels } = this.#geometry;
    const { positions, outputLayout } = lowering;
    const channelsFirst = outputLayout === 'channelsFirst';
    const channel = unit * this.#geometry.columns;
    return {
      inputs,
      scales: this.#scales + channel * 8,
      biases: this.#biases + channel * 8,
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
