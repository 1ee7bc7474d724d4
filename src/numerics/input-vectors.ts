import type { ActivationGrid } from '../network/quantization.ts';
import type { Arena } from './arena.ts';
import { groupsOfUnit, type MvmGeometry, unitRowOffsets } from './mvm-geometry.ts';
import type { Workspace } from './workspace.ts';

/**
 * The input vectors of an MVM layer: activations of a batch are copied into zero-padded frames (as int16 codes of
 * a grid, or as float32 when there is no grid), and gathered from there unit by unit, some vectors at a time.
 */
export class InputVectors {
  /** Vectors gathered at most at once. */
  readonly limit: number;
  readonly #geometry: MvmGeometry;
  readonly #grid: ActivationGrid | undefined;
  readonly #positionBase: number;
  readonly #rowOffset: number;
  readonly #frames: number;
  readonly #vectors: number;
  readonly #width: number;
  readonly #tail: ConstantRows;

  constructor(
    geometry: MvmGeometry,
    grid: ActivationGrid | undefined,
    images: number,
    limit: number,
    shared: Arena,
    scratch: Arena,
    tail: ConstantRows = { rows: 0, code: 0 },
  ) {
    this.limit = limit;
    this.#tail = tail;
    this.#geometry = geometry;
    this.#grid = grid;
    this.#width = grid === undefined ? 2 : 1;
    this.#positionBase = shared.take(geometry.lowering.positions * 4);
    this.#rowOffset = shared.take(geometry.rows * this.#width * 4);
    this.#frames = scratch.take(images * geometry.frameElements * 2 * this.#width);
    const rows = geometry.rows + tail.rows;
    this.#vectors = this.#direct ? this.#frames : scratch.take(limit * rows * 2 * this.#width);
  }

  get #direct(): boolean {
    return this.#geometry.direct && this.#tail.rows === 0;
  }

  /** Writes the tables of the gather, once for all threads. */
  write({ int32 }: Workspace): void {
    // A float32 is gathered as two neighbouring int16: the same bits under twice as many rows.
    const width = this.#width;
    int32.set(
      this.#geometry.lowering.positionBase.map((base) => base * width),
      this.#positionBase / 4,
    );
    unitRowOffsets(this.#geometry).forEach((offset, row) => {
      for (let half = 0; half < width; half++) {
        int32[this.#rowOffset / 4 + row * width + half] = offset * width + half;
      }
    });
  }

  /** Fills the frames with the float32 activations [images][elements] at `input`. */
  load(work: Workspace, input: number, images: number): void {
    const { lowering, inputElements, frameElements } = this.#geometry;
    const { padding } = lowering;
    const frames = work.scratch + this.#frames;
    const frameBytes = frameElements * 2 * this.#width;
    if (padding !== undefined) work.bytes.fill(0, frames, frames + images * frameBytes);
    for (let image = 0; image < (padding === undefined ? 1 : images); image++) {
      const inputs = input + image * inputElements * 4;
      const frame = frames + image * frameBytes;
      const map = padding ?? flat(images * inputElements);
      if (this.#grid === undefined) copyMap(work.float32, inputs / 4, frame / 4, map);
      else {
        const { scale, low, high } = this.#grid;
        work.kernels.quantizeFrame({
          inputs,
          frame,
          ...map,
          inverseScale: Math.fround(1 / scale),
          low,
          high,
        });
      }
    }
  }

  /**
   * Address of vectors first … first + count − 1 of a unit, dense [count][rows of the unit and the tail]; vector v is
   * position v mod positions of image ⌊v / positions⌋.
   */
  gather(work: Workspace, unit: number, first: number, count: number): number {
    const { lowering, frameElements, groupsPerUnit } = this.#geometry;
    const { positions, groupStride } = lowering;
    const width = this.#width;
    const rows = groupsOfUnit(this.#geometry, unit) * lowering.rows * width;
    const vectors = work.scratch + this.#vectors;
    if (this.#direct) return vectors + first * rows * 2;
    const stride = rows + this.#tail.rows;
    for (let done = 0; done < count;) {
      const image = Math.floor((first + done) / positions);
      const position = first + done - image * positions;
      const taken = Math.min(positions - position, count - done);
      const start = image * frameElements + unit * groupsPerUnit * groupStride;
      work.kernels.gather({
        frame: work.scratch + this.#frames + start * 2 * width,
        positionBase: this.#positionBase + position * 4,
        rowOffset: this.#rowOffset,
        outputs: vectors + done * stride * 2,
        outputStride: stride,
        positions: taken,
        rows,
      });
      done += taken;
    }
    if (this.#tail.rows > 0) this.#appendTail(work, vectors, stride, rows, count);
    return vectors;
  }

  #appendTail(work: Workspace, vectors: number, stride: number, rows: number, count: number): void {
    const codes = new Int16Array(work.bytes.buffer, vectors, count * stride);
    for (let vector = 0; vector < count; vector++) {
      codes.fill(this.#tail.code, vector * stride + rows, (vector + 1) * stride);
    }
  }
}

/** Rows behind those of a unit that always carry the same code. */
export interface ConstantRows {
  readonly rows: number;
  readonly code: number;
}

/** A map without a border, whatever its shape. */
function flat(elements: number) {
  return { channels: 1, height: 1, width: elements, frameHeight: 1, frameWidth: elements, top: 0, left: 0 };
}

function copyMap(memory: Float32Array, from: number, frame: number, map: ReturnType<typeof flat>): void {
  const { channels, height, width, frameHeight, frameWidth, top, left } = map;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      const to = frame + (channel * frameHeight + top + y) * frameWidth + left;
      const start = from + (channel * height + y) * width;
      memory.copyWithin(to, start, start + width);
    }
  }
}
