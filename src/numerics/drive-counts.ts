import type { ActivationGrid } from '../network/quantization.ts';
import type { Arena } from './arena.ts';
import { type InputPart, sumOfDigits } from './input-parts.ts';
import { InputVectors } from './input-vectors.ts';
import { groupsOfUnit, type MvmGeometry } from './mvm-geometry.ts';
import { vectorLimit } from './vector-limit.ts';
import type { Workspace } from './workspace.ts';

/** How the word lines of a layer were driven over some vectors: whole numbers, so that counts of parts add up exactly. */
export interface DriveCounts {
  /** Σ over vectors and input slices of digit (`linear`) or digit² (`square`), by input [groups · rows]. */
  readonly rows: Float64Array;
  /** How often each input code occurred, −high … high, over all inputs. */
  readonly codes: Float64Array;
  /** Vectors: MVMs of the layer. */
  vectors: number;
}

/** What a digit counts in the energy of a read. */
export type ReadLaw = 'square' | 'linear';

export function emptyDriveCounts(rows: number, high: number): DriveCounts {
  return { rows: new Float64Array(rows), codes: new Float64Array(2 * high + 1), vectors: 0 };
}

/** Adds the counts of a part. */
export function addDriveCounts(into: DriveCounts, part: DriveCounts): void {
  part.rows.forEach((sum, row) => (into.rows[row] = into.rows[row]! + sum));
  part.codes.forEach((count, code) => (into.codes[code] = into.codes[code]! + count));
  into.vectors += part.vectors;
}

/** Counts what the word lines of an MVM layer are driven with: input vectors as crossbars take them, code by code. */
export class InputDrives {
  readonly #geometry: MvmGeometry;
  readonly #inputs: InputVectors;
  /** What each code, −high … high, adds to a row. */
  readonly #terms: Float64Array;
  readonly #high: number;

  constructor(
    geometry: MvmGeometry,
    grid: ActivationGrid,
    parts: readonly InputPart[],
    law: ReadLaw,
    images: number,
    shared: Arena,
    scratch: Arena,
  ) {
    this.#geometry = geometry;
    const limit = vectorLimit(geometry, images, 2 * geometry.rows);
    this.#inputs = new InputVectors(geometry, grid, images, limit, shared, scratch);
    const power = law === 'square' ? 2 : 1;
    this.#high = grid.high;
    this.#terms = Float64Array.from({ length: 2 * grid.high + 1 }, (_, index) =>
      sumOfDigits(parts, index - grid.high, (digit) => digit ** power),
    );
  }

  /** Counts of nothing yet. */
  empty(): DriveCounts {
    const { lowering } = this.#geometry;
    return emptyDriveCounts(lowering.groups * lowering.rows, this.#high);
  }

  write(work: Workspace): void {
    this.#inputs.write(work);
  }

  /** Counts the vectors of float32 activations [images][elements] at a byte address. */
  count(work: Workspace, input: number, images: number, into: DriveCounts): void {
    const { lowering, units, groupsPerUnit } = this.#geometry;
    const { rows: sums, codes: seen } = into;
    const vectors = images * lowering.positions;
    this.#inputs.load(work, input, images);
    for (let unit = 0; unit < units; unit++) {
      const rows = groupsOfUnit(this.#geometry, unit) * lowering.rows;
      const top = unit * groupsPerUnit * lowering.rows;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const at = this.#inputs.gather(work, unit, first, count);
        const codes = new Int16Array(work.bytes.buffer, at, count * rows);
        for (let index = 0, vector = 0; vector < count; vector++) {
          for (let row = top; row < top + rows; row++, index++) {
            const code = codes[index]! + this.#high;
            sums[row] = sums[row]! + this.#terms[code]!;
            seen[code] = seen[code]! + 1;
          }
        }
      }
    }
    into.vectors += vectors;
  }
}
