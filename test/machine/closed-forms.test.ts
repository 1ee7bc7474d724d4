import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { handNetwork } from '../networks.ts';
import { denseLowering, sarAdc, testSpec } from '../specs.ts';
import { handSchedule, loadStage, mvmStage, oneByOne, playInFull } from './hand-schedule.ts';

const cores = fc.record({
  read: fc.integer({ min: 1, max: 400 }),
  conversion: fc.integer({ min: 1, max: 20 }),
  converters: fc.integer({ min: 1, max: 8 }),
  adders: fc.integer({ min: 1, max: 8 }),
  addition: fc.integer({ min: 1, max: 20 }),
  columns: fc.integer({ min: 1, max: 60 }),
  inputSliceBits: fc.integer({ min: 1, max: 8 }),
  sharedBy: fc.constantFrom('core' as const, 'crossbar' as const),
  accumulation: fc.constantFrom('digital' as const, 'analog' as const),
});

describe('one layer on one crossbar', () => {
  // Slice after slice, whichever MVM it belongs to: sampled when it is read and the samples before are converted; handed to
  // the adders when converted and they are free.
  test('takes what a plain list of slices takes: a single MVM, and a pipeline filled with them', () => {
    fc.assert(
      fc.property(
        cores,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        (core, tasks, inferences) => {
          const base = testSpec();
          const spec = testSpec({
            chip: { tiles: 1, memory: { ...base.chip.memory, latency: 0 } },
            crossbars: 1,
            crossbar: { readTime: core.read * 1e-12 },
            adcBank: {
              count: core.converters,
              sharedBy: core.sharedBy,
              adc: sarAdc(8, { sampleRate: 1e12 / core.conversion }) as never,
            },
            shiftAndAdd: { count: core.adders, rate: 1e12 / core.addition },
            encoding: { inputSliceBits: core.inputSliceBits, accumulation: core.accumulation },
          });
          const slices = Math.ceil(8 / core.inputSliceBits);
          const [rounds, reads] = core.accumulation === 'analog' ? [1, slices] : [slices, 1];
          const read = reads * core.read;
          const convert = Math.ceil(core.columns / core.converters) * core.conversion;
          const add = Math.ceil(core.columns / core.adders) * core.addition;
          // Room for all: no task waits for an answer to leave.
          const capacity = inferences * tasks;
          const load = loadStage(0, { tasks, capacity });
          const shape = { tasks, capacity, sources: [oneByOne(0, tasks)] };
          const mvm = mvmStage(1, { ...shape, time: core.columns, crossbars: [0], slices });
          const { run } = playInFull(handSchedule([load, mvm], 1), spec, inferences);

          const expected: number[] = [];
          let [started, sampled, handed, added] = [0, 0, 0, 0];
          for (let task = 0; task < tasks * inferences; task++) {
            // Its input is there when the MVM before begins; then it waits for the crossbar.
            started = Math.max(sampled, handed - read);
            for (let round = 0; round < rounds; round++) {
              sampled = Math.max(sampled + read, handed);
              handed = Math.max(sampled + convert, added);
              added = handed + add;
            }
            if ((task + 1) % tasks === 0) expected.push(added);
          }
          expect([...run.completions]).toEqual(expected);
          const waited = run.waits.filter(({ resource }) => resource === 'crossbar');
          const occupied = (tasks * inferences - 1) * rounds * Math.max(read, convert, add);
          // With converters of its own a crossbar is held for the slices of its MVMs, at their pace from the first one on.
          expect(waited.reduce((sum, { ticks }) => sum + ticks, 0)).toBe(
            core.sharedBy === 'core' ? started : occupied,
          );
          // The same in a closed form: the first one, then one after the other at the pace of the slowest part.
          const pace = Math.max(read, convert, add);
          expect(run.elapsed).toBe(read + convert + add + (tasks * inferences * rounds - 1) * pace);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a balanced network', () => {
  test('of dense layers, from memory to memory: makespan = Σ + (N − 1) · max', () => {
    for (const [layers, columns, inferences] of [
      [1, 64, 30],
      [2, 64, 30],
      [3, 48, 20],
      [4, 96, 40],
      [6, 32, 12],
    ] as const) {
      const base = testSpec();
      // A tick for any transfer, 97 to and from memory, so that no two meet at a port.
      const spec = testSpec({
        chip: { tiles: 1, memory: { ...base.chip.memory, bandwidth: columns / 97e-12 } },
        tile: { analogCores: 1, digitalCores: layers, buffer: { ...base.tile.buffer, bandwidth: 1e15 } },
        crossbars: layers,
        shiftAndAdd: { rate: undefined },
      });
      const lowered = handNetwork(
        [1, columns],
        Array.from({ length: layers }, (_, index) => ({
          name: `fc${index}`,
          lowering: denseLowering({ rows: columns, columns }),
          from: [index - 1],
          outputShape: [1, columns],
        })),
      );
      const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
      const { run } = playInFull(schedule, spec, inferences, { fastForward: false });
      // Eight slices: 10 ns to read, four converters at 1 ns each; then two operations a column on 16 lanes of 1 ns.
      const convert = Math.ceil(columns / 4) * 1000;
      const pace = Math.max(10_000, convert);
      const mvm = 10_000 + convert + 7 * pace;
      const scale = Math.ceil((2 * columns) / 16) * 1000;
      const input = 97 + 50_000 + 1;
      const answer = 1 + 97;
      const latency = input + layers * (1 + mvm + 1 + 1 + scale + 1) + answer;
      run.completions.forEach((at, index) => expect(at).toBe(latency + index * 8 * pace));
    }
  });
});
