import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import { isConstant, type Layer } from '../network/network.ts';
import type { ProductLowering } from '../network/operator.ts';
import type { ActivationGrid } from '../network/quantization.ts';
import type { Arena } from './arena.ts';
import { panelBytesI16 } from './kernel-calls.ts';
import type { Batch, Workspace } from './workspace.ts';

/**
 * A product of two activations (attention) on a digital core: both operands as int8 codes, exact int32 sums,
 * y = float32(sum · scale of left · scale of right).
 */
export class DigitalProduct {
  readonly #lowering: ProductLowering;
  readonly #grids: readonly [ActivationGrid, ActivationGrid];
  readonly #constants: readonly (Float32Array | undefined)[];
  /** Elements of each operand. */
  readonly #elements: readonly [number, number];
  readonly #outputElements: number;
  /** Where constant operands stand. */
  readonly #sources: readonly number[];
  readonly #codes: readonly [number, number];
  readonly #panels: number;
  readonly #sums: number;
  readonly #scales: number;
  readonly #biases: number;

  constructor(
    layer: Layer,
    lowering: ProductLowering,
    grids: readonly [ActivationGrid, ActivationGrid],
    images: number,
    shared: Arena,
    scratch: Arena,
  ) {
    if (!(lowering.k * grids[0].high * grids[1].high < 2 ** 31)) {
      throw new Fault(
        `layer ${layer.name}: a product over ${lowering.k} elements is too long for int32 sums`,
      );
    }
    this.#lowering = lowering;
    this.#grids = grids;
    this.#constants = layer.inputs.map((operand) => (isConstant(operand) ? operand.data : undefined));
    this.#elements = [elementCount(layer.inputShapes[0]!), elementCount(layer.inputShapes[1]!)];
    this.#outputElements = elementCount(layer.outputShape);
    this.#sources = this.#constants.map((data) => (data === undefined ? 0 : shared.take(data.length * 4)));
    this.#scales = shared.take(lowering.n * 8);
    this.#biases = shared.take(lowering.n * 8);
    this.#codes = [
      scratch.take(images * this.#elements[0] * 2),
      scratch.take(images * this.#elements[1] * 2),
    ];
    this.#panels = scratch.take(panelBytesI16(lowering.k, lowering.n));
    this.#sums = scratch.take(lowering.m * lowering.n * 4);
  }

  /** Writes constants and scales, once for all threads. */
  write({ float32, float64 }: Workspace): void {
    this.#constants.forEach((data, operand) => {
      if (data !== undefined) float32.set(data, this.#sources[operand]! / 4);
    });
    const { n } = this.#lowering;
    float64.fill(this.#grids[0].scale * this.#grids[1].scale, this.#scales / 8, this.#scales / 8 + n);
    float64.fill(0, this.#biases / 8, this.#biases / 8 + n);
  }

  /** Outputs [images][batch][m][n] at `output`; `inputs` of a constant operand is ignored. */
  run(work: Workspace, inputs: readonly number[], output: number, { images }: Batch): void {
    const { kernels } = work;
    const { batch, m, k, n, leftBase, rightBase } = this.#lowering;
    const strides = [0, 1].map((operand) => this.#load(work, operand as 0 | 1, inputs[operand]!, images));
    const panels = work.scratch + this.#panels;
    const sums = work.scratch + this.#sums;
    for (let image = 0; image < images; image++) {
      for (let pair = 0; pair < batch; pair++) {
        const left = this.#codes[0] + (image * strides[0]! + leftBase[pair]!) * 2;
        const right = this.#codes[1] + (image * strides[1]! + rightBase[pair]!) * 2;
        kernels.packI16({ source: work.scratch + right, panels, rows: k, columns: n });
        const product = {
          inputs: work.scratch + left,
          panels,
          outputs: sums,
          vectors: m,
          rows: k,
          columns: n,
        };
        kernels.mvmI16(product);
        kernels.dequantizeI32({
          inputs: sums,
          scales: this.#scales,
          biases: this.#biases,
          outputs: output + (image * this.#outputElements + pair * m * n) * 4,
          vectors: m,
          columns: n,
          positions: m,
          first: 0,
          inferenceStride: m * n,
          positionStride: n,
          columnStride: 1,
        });
      }
    }
  }

  /** Quantizes one operand of all images; returns the elements from image to image. */
  #load(work: Workspace, operand: 0 | 1, input: number, images: number): number {
    const constant = this.#constants[operand] !== undefined;
    const { scale, low, high } = this.#grids[operand];
    const width = this.#elements[operand] * (constant ? 1 : images);
    work.kernels.quantizeFrame({
      inputs: constant ? this.#sources[operand]! : input,
      frame: work.scratch + this.#codes[operand],
      channels: 1,
      height: 1,
      width,
      frameHeight: 1,
      frameWidth: width,
      top: 0,
      left: 0,
      inverseScale: Math.fround(1 / scale),
      low,
      high,
    });
    return constant ? 0 : this.#elements[operand];
  }
}
