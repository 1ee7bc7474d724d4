import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { ComponentName } from '../hardware/component.ts';
import { adcFigures, dacFigures } from '../hardware/converter-banks.ts';
import {
  bitLinesPerColumn,
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
  inputSliceBits,
  weightSliceBits,
} from '../hardware/encoding.ts';
import { loadedSliceTimes, mvmTiming, sliceTimes } from '../hardware/mvm-timing.ts';
import { columnsHeld, rowsHeld } from './blocks.ts';

/** One MVM on one crossbar that is full of weights, with unsigned inputs: what the peak figures of a chip stand on. */
export interface CrossbarMvm {
  /** Inputs and outputs. */
  readonly rows: number;
  readonly columns: number;
  /** 2 a MAC. */
  readonly operations: number;
  readonly conversions: number;
  /** s from the first drive to the last addition, alone on its core. */
  readonly latency: number;
  /** s between two of them when every crossbar of the core is busy. */
  readonly interval: number;
  /** J by component, leakage not included. */
  readonly energy: readonly { readonly component: ComponentName; readonly energy: number }[];
}

/** What an MVM on a full crossbar of the chip takes; undefined on a chip without analog cores. */
export function crossbarMvm(spec: ArchitectureSpec): CrossbarMvm | undefined {
  const { analogCore: core, encoding } = spec;
  if (core === undefined) return undefined;
  const [rows, outputs] = [rowsHeld(spec), columnsHeld(spec)];
  const columns = outputs + extraColumns(encoding);
  const interleaved = core.crossbar.wires?.pairs === 'interleaved';
  const slices = inputSliceBits(encoding, false).length;
  const rounds = conversionRounds(encoding, slices);
  const conversionsARound = columns * conversionsPerColumn(encoding);
  const conversions = conversionsARound * rounds;
  const wordLines = rows + encoding.biasRows;
  const polarities = encoding.scheme === 'differential' ? 2 : 1;
  const cells = wordLines * columns * weightSliceBits(encoding).length * polarities;
  const samples = columns * bitLinesPerColumn(encoding, interleaved);
  const bytes = rows * Math.ceil(encoding.inputBits / 8) + columns * PARTIAL_SUM_BYTES;
  const { register } = core;
  return {
    rows,
    columns: outputs,
    operations: 2 * rows * outputs,
    conversions,
    latency: mvmTiming(sliceTimes(spec, conversionsARound, slices / rounds), rounds).latency,
    interval: mvmTiming(loadedSliceTimes(spec, conversionsARound, slices / rounds), rounds).occupancy,
    energy: [
      { component: 'crossbar', energy: cells * slices * core.crossbar.readEnergy },
      {
        component: 'dacBank',
        energy:
          wordLines * (interleaved ? 2 : 1) * slices * dacFigures(core.dacBank, spec.technology).driveEnergy,
      },
      { component: 'sampleAndHold', energy: samples * slices * core.sampleAndHold.energy },
      {
        component: 'adcBank',
        energy: conversions * adcFigures(core.adcBank, spec.technology).conversionEnergy,
      },
      { component: 'shiftAndAdd', energy: (conversions + columns - outputs) * core.shiftAndAdd.energy },
      // What goes in and comes out is written once and read once.
      { component: 'coreRegister', energy: bytes * (register.readEnergy + register.writeEnergy) },
    ],
  };
}

/** Bytes of a partial sum between cores, as the machine moves it. */
const PARTIAL_SUM_BYTES = 4;
