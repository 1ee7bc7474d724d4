import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { testSpec } from '../specs.ts';

/**
 * The naive reference: every conversion of every slice of a run of MVMs on one crossbar, one after the other.
 * Reads, converters and adders are told nothing of any pipeline: each only waits for what it needs. A slice is
 * sampled once it is read and the sample before has left the sample-and-hold; conversions go to whichever
 * converter is free; the adders take the codes of a slice when all are there and the slice before is added.
 */
function naive(
  mvms: number,
  slices: number,
  read: number,
  conversion: number,
  conversions: number,
  converters: number,
  add: number,
) {
  const converterFree = new Array<number>(converters).fill(0);
  let readStart = 0;
  let heldUntil = 0;
  let codesHeldUntil = 0;
  let addersFree = 0;
  const starts: number[] = [];
  const ends: number[] = [];
  for (let mvm = 0; mvm < mvms; mvm++) {
    for (let slice = 0; slice < slices; slice++) {
      if (slice === 0) starts.push(readStart);
      const sampled = Math.max(readStart + read, heldUntil);
      let converted = 0;
      for (let index = 0; index < conversions; index++) {
        const free = converterFree.indexOf(Math.min(...converterFree));
        converterFree[free] = Math.max(converterFree[free]!, sampled) + conversion;
        converted = Math.max(converted, converterFree[free]!);
      }
      // The codes stay in the converters until the adders take them: a blocking pipeline.
      const handed = Math.max(converted, codesHeldUntil);
      heldUntil = handed;
      for (let index = 0; index < converters; index++) converterFree[index] = handed;
      const addStart = Math.max(handed, addersFree);
      codesHeldUntil = addStart + add;
      addersFree = addStart + add;
      readStart = sampled;
      if (slice === slices - 1) ends.push(addersFree);
    }
  }
  return { starts, ends };
}

const pipelines = fc.record({
  mvms: fc.integer({ min: 1, max: 6 }),
  slices: fc.integer({ min: 1, max: 16 }),
  read: fc.integer({ min: 1, max: 200 }),
  conversion: fc.integer({ min: 1, max: 20 }),
  conversions: fc.integer({ min: 1, max: 60 }),
  converters: fc.integer({ min: 1, max: 9 }),
  add: fc.integer({ min: 1, max: 200 }),
});

describe('the closed form of an MVM', () => {
  test('equals the naive slice-by-slice, conversion-by-conversion reference, cycle for cycle', () => {
    fc.assert(
      fc.property(pipelines, ({ mvms, slices, read, conversion, conversions, converters, add }) => {
        const convert = Math.ceil(conversions / converters) * conversion;
        const { latency, occupancy } = mvmTiming({ read, convert, add }, slices);
        const { ends } = naive(mvms, slices, read, conversion, conversions, converters, add);
        ends.forEach((end, mvm) => {
          expect(end).toBe(mvm * occupancy + latency);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('takes its stage times from the spec', () => {
    const spec = testSpec({ crossbars: 4, adcBank: { count: 4 }, shiftAndAdd: { count: 8, rate: 4e9 } });
    const times = sliceTimes(spec, 128);
    expect(times.read).toBe(10e-9);
    expect(times.convert).toBeCloseTo((128 / 4) * 1e-9, 20);
    expect(times.add).toBeCloseTo((128 * 4) / 8 / 4e9, 20);
  });

  // Xiao et al. 2022, design A: 8 input bits of 10 ns, then one 8-bit ramp of 256 ns. With the analog
  // accumulation of that design there is one conversion: reads and conversion follow each other.
  test('one slice is the sum of its stages', () => {
    expect(mvmTiming({ read: 80, convert: 256, add: 0 }, 1).latency).toBe(336);
  });
});

test('charges that are accumulated are converted once: all slices are read first', () => {
  const spec = testSpec();
  const once = sliceTimes(spec, 128, 8);
  const each = sliceTimes(spec, 128);
  expect(once.read).toBeCloseTo(8 * each.read, 20);
  expect(once.convert).toBe(each.convert);
  // 8 · 10 ns of reads, 32 conversions of 1 ns, additions; conversion by conversion as the naive reference has it.
  const { latency, occupancy } = mvmTiming({ read: 80, convert: 32, add: 128 }, 1);
  const { ends } = naive(4, 1, 80, 1, 128, 4, 128);
  ends.forEach((end, mvm) => expect(end).toBe(mvm * occupancy + latency));
});

// Xiao et al. 2022, design A: 8 input bits of 10 ns each, accumulated, then one ramp of 2^8 steps at 1 GHz for all.
test('the MVM of a 1152-row analog core takes 336 ns', () => {
  const adc = { type: 'ramp', bits: 8, clock: 1e9, energy: 1e-12, area: 0, leakage: 0 };
  const spec = testSpec({
    crossbars: 1,
    crossbar: { rows: 1152, columns: 512 },
    adcBank: { adc, count: 256 },
    shiftAndAdd: { count: 256, rate: 1e15 },
  });
  const times = sliceTimes(spec, 256, 8);
  expect(mvmTiming(times, 1).latency * 1e9).toBeCloseTo(336, 5);
});
