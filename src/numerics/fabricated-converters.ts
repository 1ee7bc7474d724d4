import { fillNormals, type RandomSequence } from '../base/philox.ts';
import type { AnalogFormat } from './analog-format.ts';
import type { Chips } from './analog-weights.ts';
import type { Arena } from './arena.ts';
import { randomStream } from './chance.ts';
import { stepBytes, type UnequalSteps } from './kernel-calls.ts';
import { writeSteps } from './unequal-steps.ts';
import type { Workspace } from './workspace.ts';

/** The converters of a layer's crossbars. */
export interface ConverterBanks {
  readonly crossbars: number;
  /** Converters of a crossbar, and the lines that they share; each serves neighbouring ones. */
  readonly each: number;
  readonly lines: number;
}

/** Converters whose steps are not equal: each is fabricated with errors of its own, drawn anew for every chip. */
export class FabricatedConverters {
  readonly #adc: AnalogFormat['adc'];
  readonly #layer: number;
  readonly #banks: ConverterBanks;
  readonly #seed: number;
  /** Bytes of the tables of a chip. */
  readonly #chipBytes: number;
  /** Tables by slot, crossbar and converter; none where all steps are equal. */
  readonly #tables: number | undefined;

  constructor(adc: AnalogFormat['adc'], layer: number, banks: ConverterBanks, chips: Chips, shared: Arena) {
    this.#adc = adc;
    this.#layer = layer;
    this.#banks = banks;
    this.#seed = chips.seed;
    this.#chipBytes = banks.crossbars * banks.each * stepBytes(adc.levels);
    this.#tables = adc.fabricate === undefined ? undefined : shared.take(this.#chipBytes * chips.slots);
  }

  /** Draws the converters of a chip into a slot. */
  fabricate(work: Workspace, slot: number, chip: number): void {
    const { fabricate, levels } = this.#adc;
    if (fabricate === undefined || this.#tables === undefined) return;
    const { crossbars, each } = this.#banks;
    const stream = randomStream(chip, this.#layer, 'fabricate');
    const source = (row: number, block: number) =>
      normalsOf({ seed: this.#seed, stream, row, block, read: CONVERTERS });
    for (let converter = 0; converter < crossbars * each; converter++) {
      const crossbar = Math.floor(converter / each);
      const steps = fabricate(source(converter, 0), source(crossbar, 1));
      writeSteps(work, this.#tables + slot * this.#chipBytes + converter * stepBytes(levels), levels, steps);
    }
  }

  /** The tables of a crossbar's converters. */
  steps(slot: number, crossbar: number): UnequalSteps | undefined {
    if (this.#tables === undefined) return undefined;
    const { levels } = this.#adc;
    const { each, lines } = this.#banks;
    const at = this.#tables + slot * this.#chipBytes + crossbar * each * stepBytes(levels);
    return { at, columns: Math.ceil(lines / each), levels };
  }
}

const NORMALS_AT_ONCE = 64;
/** The converters' share of the stream `fabricate`: cells have 0, drivers 1. */
const CONVERTERS = 2;

/** Standard normals of a place, one after the other. */
function normalsOf(sequence: RandomSequence): () => number {
  const normals = new Float32Array(NORMALS_AT_ONCE);
  let next = 0;
  return () => {
    if (next % NORMALS_AT_ONCE === 0) fillNormals(normals, sequence, next);
    return normals[next++ % NORMALS_AT_ONCE]!;
  };
}
