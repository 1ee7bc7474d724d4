import type { ArchitectureSpec } from './architecture.ts';
import { adcFigures } from './converter-banks.ts';

/** How long the stages between two conversions take inside an analog core, in s: of one input slice, or of all. */
export interface SliceTimes {
  /** The crossbar settles and integrates, slice by slice where charges are accumulated. */
  readonly read: number;
  /** The converters work through the held samples of a crossbar. */
  readonly convert: number;
  /** The adders work through the codes. */
  readonly add: number;
}

/**
 * Times of one round of an MVM, `reads` input slices long, on a crossbar whose samples need `conversions` conversions.
 * Shift-and-add units are shared in fixed turns by the crossbars of a core.
 */
export function sliceTimes(spec: ArchitectureSpec, conversions: number, reads = 1): SliceTimes {
  const core = spec.analogCore!;
  const adc = adcFigures(core.adcBank, spec.technology);
  const perUnit = Math.ceil((conversions * core.crossbars) / core.shiftAndAdd.count);
  return {
    read: reads * core.crossbar.readTime,
    convert: Math.ceil(conversions / core.adcBank.count) * adc.conversionTime,
    add: core.shiftAndAdd.rate === undefined ? 0 : perUnit / core.shiftAndAdd.rate,
  };
}

/** The same when all crossbars of a core are busy: a converter bank of the core serves them in turns. */
export function loadedSliceTimes(spec: ArchitectureSpec, conversions: number, reads = 1): SliceTimes {
  const core = spec.analogCore!;
  const times = sliceTimes(spec, conversions, reads);
  return core.adcBank.sharedBy === 'core' ? { ...times, convert: times.convert * core.crossbars } : times;
}

/** One MVM on a crossbar with converters of its own. */
export interface MvmTiming {
  /** From the first drive to the last addition. */
  readonly latency: number;
  /** Before the next MVM may start on the same crossbar. */
  readonly occupancy: number;
}

/**
 * Closed form of the slice pipeline read → convert → add with one sample-and-hold per bit line: slice s + 1 is
 * read while slice s is converted, and is sampled when both are done. The slowest stage sets the pace:
 * latency = read + convert + add + (slices − 1) · pace, occupancy = slices · pace (any unit of time). Where charges are
 * accumulated the whole MVM is one such slice.
 */
export function mvmTiming(times: SliceTimes, slices: number): MvmTiming {
  const pace = Math.max(times.read, times.convert, times.add);
  return {
    latency: times.read + times.convert + times.add + (slices - 1) * pace,
    occupancy: slices * pace,
  };
}
