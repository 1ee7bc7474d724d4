import type { AnalogFormat } from './analog-format.ts';
import { digitalOffset } from './analog-format.ts';
import type { AnalogLayer, CrossbarMvm } from './analog-mvm.ts';
import { AnalogWeights, type Chips, linesOfUnit } from './analog-weights.ts';
import type { Arena } from './arena.ts';
import { randomStream } from './chance.ts';
import { wholeRound } from './input-rounds.ts';
import { InputVectors } from './input-vectors.ts';
import { groupsOfUnit } from './mvm-geometry.ts';
import { Outputs } from './outputs.ts';
import { RoundTables } from './slice-conversions.ts';
import { vectorLimit } from './vector-limit.ts';
import type { Batch, Workspace } from './workspace.ts';

/**
 * An MVM layer on crossbars whose converters are ideal: everything between word lines and outputs is linear, so that
 * slices, planes and row blocks, offset, drivers and wires are one float32 matrix, made when the chip is programmed.
 * Read noise is one normal number for each output, of the variance that all its cells and input slices give it.
 */
export class LinearMvm implements CrossbarMvm {
  readonly format: AnalogFormat;
  readonly #layer: AnalogLayer;
  readonly #seed: number;
  readonly #weights: AnalogWeights;
  readonly #inputs: InputVectors;
  readonly #outputs: Outputs;
  readonly #gained: boolean;
  readonly #tables: RoundTables;
  readonly #exactInputs: boolean;
  /** Inputs are codes, so that their squares are those of the round. */
  readonly #digits: boolean;
  readonly #bits: number;
  readonly #offset: number;
  readonly #values: number;
  readonly #sums: number;
  readonly #variances: number;

  constructor(layer: AnalogLayer, images: number, chips: Chips, shared: Arena, scratch: Arena) {
    const { geometry, format, spec, weights, grid, physics } = layer;
    this.#layer = layer;
    this.format = format;
    this.#seed = chips.seed;
    // Whichever way slices are added up, their sum is the same.
    const round = wholeRound(format.parts, format.dac.inl);
    const offset = digitalOffset(format, spec);
    // Drivers that bend make other sums of what the digital side takes off.
    this.#offset = round.exact ? 0 : offset;
    const folded = offset - this.#offset;
    this.#weights = new AnalogWeights(
      ...[geometry, format, spec.encoding, weights.codes, physics, folded, chips, shared, scratch],
    );
    const rows = geometry.rows + format.biasRows;
    const lines = linesOfUnit(geometry, format, 0);
    const limit = vectorLimit(geometry, images, 6 * rows + (format.noisy ? 8 : 4) * lines);
    const tail = { rows: format.biasRows, code: format.biasInput };
    this.#inputs = new InputVectors(geometry, grid, images, limit, shared, scratch, tail);
    this.#gained = physics.drift.compensated === true;
    this.#outputs = new Outputs(
      geometry,
      weights.scales.map((scale) => scale * grid.scale),
      shared,
      { slots: this.#gained ? chips.slots : 1, withoutBias: format.biasRows > 0 },
    );
    this.#tables = new RoundTables([round], grid.high, format.noisy, shared);
    this.#exactInputs = round.exact;
    this.#digits = round.exact && round.slices.length === 1;
    this.#bits = round.bits;
    this.#values = scratch.take(limit * rows * 4);
    this.#sums = scratch.take(limit * lines * 4);
    this.#variances = format.noisy ? scratch.take(limit * lines * 4) : 0;
  }

  get chipBytes(): number {
    return this.#weights.chipBytes;
  }

  write(work: Workspace): void {
    this.#inputs.write(work);
    this.#outputs.write(work);
    this.#tables.write(work);
  }

  program(work: Workspace, slot: number, chip: number): void {
    const gain = this.#weights.program(work, slot, chip);
    if (this.#gained) this.#outputs.writeSlot(work, slot, gain);
  }

  run(work: Workspace, input: number, output: number, batch: Batch, slot: number, chip: number): void {
    const { geometry, format } = this.#layer;
    const { lowering, units } = geometry;
    const { kernels } = work;
    const vectors = batch.images * lowering.positions;
    const values = work.scratch + this.#values;
    const sums = work.scratch + this.#sums;
    this.#inputs.load(work, input, batch.images);
    for (let unit = 0; unit < units; unit++) {
      const groups = groupsOfUnit(geometry, unit);
      const lines = linesOfUnit(geometry, format, unit);
      const rows = groups * lowering.rows + format.biasRows;
      for (let first = 0; first < vectors; first += this.#inputs.limit) {
        const count = Math.min(this.#inputs.limit, vectors - first);
        const inputs = this.#inputs.gather(work, unit, first, count);
        const call = { inputs, outputs: values, vectors: count, rows };
        if (this.#exactInputs) kernels.sliceF32({ ...call, shift: 0, bits: this.#bits });
        else kernels.lookupF32({ ...call, ...this.#tables.values(0) });
        const panels = this.#weights.means(slot, unit, 0, 0);
        const product = { inputs: values, vectors: count, rows, columns: lines };
        kernels.mvmF32({ ...product, panels, outputs: sums });
        const spread = this.#weights.variances(slot, unit, 0, 0);
        if (spread !== undefined) {
          const variances = work.scratch + this.#variances;
          if (this.#digits) kernels.squaresF32({ inputs: values, outputs: values, count: count * rows });
          else kernels.lookupF32({ ...call, ...this.#tables.squares(0) });
          kernels.mvmF32({ ...product, panels: spread, outputs: variances });
          kernels.addNoiseF32({
            ...{ outputs: sums, vectors: count, columns: lines, sigma: 0 },
            variances: { at: variances, per: 'output' },
            ...{ seed: this.#seed, stream: randomStream(chip, geometry.layer, 'read') },
            ...{ row: batch.first * lowering.positions + first, block: unit, read: 0 },
          });
        }
        if (this.#offset !== 0) this.#removeOffset(work, inputs, sums, groups, count);
        if (format.unitColumns) removeUnitColumns(work, sums, groups, lowering.columns, count);
        const columns = groups * lowering.columns;
        const gained = this.#gained ? slot : 0;
        kernels.dequantizeF32({
          ...this.#outputs.call(sums, output, unit, columns, first, count, gained),
          inputStride: lines,
        });
      }
    }
  }

  /** Takes offset · Σ codes off every column of each group. */
  #removeOffset(
    { bytes, float32 }: Workspace,
    inputs: number,
    sums: number,
    groups: number,
    count: number,
  ): void {
    const { rows, columns } = this.#layer.geometry.lowering;
    const { biasRows, biasInput } = this.format;
    const stride = groups * rows + biasRows;
    const codes = new Int16Array(bytes.buffer, inputs, count * stride);
    for (let vector = 0; vector < count; vector++) {
      for (let group = 0; group < groups; group++) {
        let sum = biasRows * biasInput;
        for (let row = 0; row < rows; row++) sum += codes[vector * stride + group * rows + row]!;
        const at = sums / 4 + (vector * groups + group) * columns;
        for (let column = 0; column < columns; column++) {
          float32[at + column] = float32[at + column]! - this.#offset * sum;
        }
      }
    }
  }
}

/** Takes the unit column of each group, behind all columns, off its columns. */
function removeUnitColumns(
  { float32 }: Workspace,
  sums: number,
  groups: number,
  columns: number,
  vectors: number,
): void {
  const lines = groups * (columns + 1);
  for (let vector = 0; vector < vectors; vector++) {
    const at = sums / 4 + vector * lines;
    for (let group = 0; group < groups; group++) {
      const middle = float32[at + groups * columns + group]!;
      for (let i = at + group * columns; i < at + (group + 1) * columns; i++)
        float32[i] = float32[i]! - middle;
    }
  }
}
