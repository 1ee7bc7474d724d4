import { cutIntoBlocks } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { isConstant } from '../network/network.ts';
import { quantizedOperands } from './calibration.ts';
import { type CellCurrents, cellCurrents } from './cell-currents.ts';
import { cellPhysics } from './cells.ts';
import type { DriveCounts } from './drive-counts.ts';
import { Forward } from './forward.ts';
import type { Kernels } from './kernel-calls.ts';
import { countMagnitudes, emptyMagnitudes, type Magnitudes } from './magnitudes.ts';
import { analogDesign } from './paths.ts';
import type { Simulation } from './simulation.ts';
import type { Stage } from './stage.ts';
import type { SumCounts } from './sum-counts.ts';

/** Right answers of each path and a hash of their logits, over the inferences of a job. */
export interface Tally {
  readonly correct: Uint32Array;
  /** Modulo 2³²; hashes of parts of a set add up to that of the whole. */
  readonly hashes: Uint32Array;
  /** Of each path and image [path][image]: 1 where its answer is right; how sure it is, 255 times its margin. */
  readonly right: Uint8Array;
  readonly margins: Uint8Array;
}

/** One thread at work on a stage: what a job of each kind does, in steps of the stage's number of inferences. */
export class StageThread {
  readonly #lowered: LoweredNetwork;
  readonly #simulation: Simulation;
  readonly #stage: Stage;
  readonly #forward: Forward;

  constructor(
    lowered: LoweredNetwork,
    simulation: Simulation,
    stage: Stage,
    kernels: Kernels,
    thread: number,
  ) {
    this.#lowered = lowered;
    this.#simulation = simulation;
    this.#stage = stage;
    this.#forward = new Forward(simulation, kernels, thread);
  }

  /** Writes what all threads share. */
  write(): void {
    this.#simulation.write(this.#forward.work);
  }

  program(layer: number, chip: number): void {
    this.#simulation.program(this.#forward.work, layer, chip);
  }

  /** Magnitudes of every quantized operand over some images. */
  observe(images: Float32Array, first: number, count: number): readonly Magnitudes[] {
    const { int32 } = this.#forward.work;
    const operands = quantizedOperands(this.#lowered);
    const magnitudes = operands.map(() => emptyMagnitudes());
    const { layers } = this.#lowered.network;
    this.#steps(first, count, (start, length) => {
      this.#forward.run(images, start, length, {
        operands: (layer, addresses) => {
          operands.forEach((operand, index) => {
            if (operand.layer !== layer) return;
            const input = layers[layer]!.inputs[operand.operand]!;
            const into = magnitudes[index]!;
            if (isConstant(input)) {
              const bits = new Int32Array(input.data.buffer, input.data.byteOffset, input.data.length);
              countMagnitudes(into, bits, 0, bits.length);
              return;
            }
            const elements = layers[layer]!.inputShapes[operand.operand]!.reduce((a, b) => a * b, 1);
            countMagnitudes(into, int32, addresses[operand.operand]! / 4, length * elements);
          });
        },
      });
    });
    return magnitudes;
  }

  /**
   * Partial sums of the stage's layers and their weight slices over some images. A layer has seen enough after four
   * million sums of a slice: 800 beyond the percentile 99.98, which then is known to a few per cent of its tail.
   */
  countPartialSums(images: Float32Array, first: number, count: number): readonly (readonly SumCounts[])[] {
    const layers = this.#stage.kind === 'count' ? this.#stage.layers : [];
    const counts = layers.map((layer) => this.#simulation.emptyCounts(layer));
    const enough = layers.map((layer) =>
      Math.max(LEAST_COUNTED, Math.ceil(ENOUGH_SUMS / this.#simulation.partialSumCount(layer))),
    );
    this.#steps(first, count, (start, length) => {
      this.#forward.run(images, start, length, {
        operands: (layer, addresses) => {
          const index = layers.indexOf(layer);
          const left = index < 0 ? 0 : Math.min(length, enough[index]! - start);
          if (left <= 0) return;
          const lowering = this.#lowered.lowerings[layer]!;
          if (lowering.kind !== 'mvm') return;
          const input = addresses[lowering.activation]!;
          this.#simulation.countPartialSums(this.#forward.work, layer, input, left, counts[index]!);
        },
      });
    });
    return counts;
  }

  /** What the word lines of the stage's layers are driven with, over some images. */
  countDrives(images: Float32Array, first: number, count: number): readonly DriveCounts[] {
    const layers = this.#stage.kind === 'drive' ? this.#stage.layers : [];
    const counts = layers.map((layer) => this.#simulation.drives.get(layer)!.empty());
    this.#steps(first, count, (start, length) => {
      this.#forward.run(images, start, length, {
        operands: (layer, addresses) => {
          const index = layers.indexOf(layer);
          const lowering = this.#lowered.lowerings[layer]!;
          if (index < 0 || lowering.kind !== 'mvm') return;
          const input = addresses[lowering.activation]!;
          this.#simulation.drives.get(layer)!.count(this.#forward.work, input, length, counts[index]!);
        },
      });
    });
    return counts;
  }

  /** What the cells of a layer conduct on a chip. */
  cellCurrents(layer: number, chip: number): CellCurrents {
    const { spec, calibration, chips } = this.#simulation.setup;
    const physics = cellPhysics(spec.analogCore!.cell);
    const design = analogDesign(this.#lowered, spec, physics, calibration!.grids, layer);
    const blocks = cutIntoBlocks(design.geometry.lowering, spec);
    return cellCurrents(design, spec.encoding, physics, blocks, { chip, seed: chips.seed });
  }

  /** Logits of every path over some images, handed out in parts of [images][outputs]. */
  answer(
    images: Float32Array,
    first: number,
    count: number,
    take: (path: number, values: Float32Array, start: number, length: number) => void,
  ): void {
    this.#steps(first, count, (start, length) => {
      this.#forward.run(images, start, length, {
        answer: (path, values) => take(path, values, start, length),
      });
    });
  }

  /** Right answers of every path over some images. */
  tally(images: Float32Array, labels: Uint8Array, first: number, count: number): Tally {
    const paths = this.#simulation.setup.paths.length;
    const tally: Tally = {
      ...{ correct: new Uint32Array(paths), hashes: new Uint32Array(paths) },
      ...{ right: new Uint8Array(paths * count), margins: new Uint8Array(paths * count) },
    };
    this.answer(images, first, count, (path, values, start, length) => {
      const outputs = values.length / length;
      for (let image = 0; image < length; image++) {
        const logits = values.subarray(image * outputs, (image + 1) * outputs);
        const at = path * count + start + image - first;
        if (largestIndex(logits) === labels[start + image]) {
          tally.correct[path] = tally.correct[path]! + 1;
          tally.right[at] = 1;
        }
        tally.margins[at] = Math.floor(255 * marginOf(logits));
        tally.hashes[path] = tally.hashes[path]! + hash(logits, start + image);
      }
    });
    return tally;
  }

  #steps(first: number, count: number, step: (start: number, length: number) => void): void {
    const { images } = this.#stage;
    for (let start = first; start < first + count; start += images) {
      step(start, Math.min(images, first + count - start));
    }
  }
}

const ENOUGH_SUMS = 4e6;
const LEAST_COUNTED = 32;

/** The answer: the first of the largest logits; -1 where none is a number. */
function largestIndex(logits: Float32Array): number {
  let best = -1;
  let largest = -Infinity;
  logits.forEach((value, index) => {
    if (value <= largest && best >= 0) return;
    if (Number.isNaN(value)) return;
    largest = value;
    best = index;
  });
  return best;
}

/** How sure an answer is: the gap between its two largest class probabilities (softmax), 0 to 1. */
function marginOf(logits: Float32Array): number {
  let [first, second] = [-Infinity, -Infinity];
  for (const value of logits) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  if (!Number.isFinite(first)) return 0;
  let sum = 0;
  for (const value of logits) if (!Number.isNaN(value)) sum += Math.exp(value - first);
  return (1 - Math.exp(second - first)) / sum;
}

/** FNV-1a over the words of the logits, begun with the image's number. */
function hash(logits: Float32Array, image: number): number {
  const words = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
  let value = Math.imul(0x811c9dc5 ^ image, 0x01000193);
  for (const word of words) value = Math.imul(value ^ word, 0x01000193);
  return value >>> 0;
}
