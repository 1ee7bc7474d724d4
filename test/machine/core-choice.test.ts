import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreAgenda } from '../../src/machine/core-agenda.ts';
import { CoreChoice } from '../../src/machine/core-choice.ts';
import { createResources } from '../../src/machine/resources.ts';
import { WaitLedger } from '../../src/machine/waits.ts';
import type { DigitalStage, Stage } from '../../src/mapping/schedule.ts';
import { loadStage, oneByOne, tickChip } from './hand-schedule.ts';

/** Inputs of one position each, by home and bytes; a digital task that reads all of them, at home where the first lies. */
function join(inputs: readonly (readonly [home: number, bytes: number])[], output: number) {
  const loads: Stage[] = inputs.map(([home], index) => loadStage(index, { tasks: 1, capacity: 1, home }));
  const stage: DigitalStage = {
    ...loads[0]!,
    ...{ kind: 'digital', index: inputs.length, product: undefined },
    ...{ operationsPerPosition: 1, chargedPerPosition: 1, outputBytesPerPosition: output },
    sources: inputs.map(([, bytes], index) => oneByOne(index, 1, bytes)),
  };
  return { stages: [...loads, stage], stage };
}

// On links that nobody uses a message takes its ticks on one of them and a hop for each; a port passes a byte a tick.
test('on idle links: the core of all that has the result home first, by the closed form of every way; or the task waits', () => {
  const [away, waits, tile] = [{ times: 0 }, { times: 0 }, fc.nat(8)];
  const core = fc.record({
    ...{ busy: fc.nat(400), fetches: fc.nat(3).map((of) => of > 0) },
    ...{ there: fc.nat(40), work: fc.nat(40) },
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(tile, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 9 }),
      fc.nat(60),
      fc.array(core, { minLength: 18, maxLength: 18 }),
      (inputs, output, hop, hold, cores) => {
        fc.pre(cores.some(({ fetches }) => !fetches));
        const base = tickChip(9, {}, hop);
        const spec = { ...base, tile: { ...base.tile, digitalCores: 2 } };
        const { stages, stage } = join(inputs, output);
        const resources = createResources(spec, new WaitLedger(stages.length));
        const agenda = new CoreAgenda(resources.digitalCores);
        cores.forEach(({ busy, fetches, there, work }, core) => {
          resources.digitalCores.reserve(core, busy, 0, 0);
          if (fetches) agenda.give(core, there, work);
        });
        const home = inputs[0]![0];
        const hops = (a: number, b: number) =>
          Math.abs((a % 3) - (b % 3)) + Math.abs(Math.floor(a / 3) - Math.floor(b / 3));
        const message = (a: number, b: number, bytes: number) => (a === b ? 0 : bytes + hops(a, b) * hop);
        const fetched = Math.max(
          ...inputs.map(([at]) => inputs.reduce((sum, [other, b]) => sum + (other === at ? b : 0), 0)),
        );
        const ends = cores.map(({ busy, fetches, there: itsInputs, work }, core) => {
          const here = Math.floor(core / 2);
          // What it fetches begins once it is there and the core is free; then it can fetch another.
          const begins = fetches ? Math.max(busy, itsInputs) : 0;
          const free = fetches ? begins + work : busy;
          const there = begins + Math.max(...inputs.map(([at, bytes]) => fetched + message(at, here, bytes)));
          const end = Math.max(there, free) + message(here, home, output);
          const idle = Math.max(fetched, free);
          return { core, fetches, tile: here, end, hops: hops(home, here), idle, inLine: free > there };
        });
        // Of a tile, the one that is idle first.
        const [first] = ends
          .filter(({ fetches }) => !fetches)
          .sort(
            (a, b) =>
              a.end - b.end || a.hops - b.hops || a.tile - b.tile || a.idle - b.idle || a.core - b.core,
          );
        const sooner = ends.some(({ fetches, end }) => fetches && end + hold < first!.end);
        const best = new CoreChoice(stages, resources, 2, agenda).best(stage, 0, 0, hold);
        if (first!.inLine && sooner) {
          expect(best).toBe(-1);
          waits.times += 1;
          return;
        }
        expect(ends.find(({ core }) => core === best)).toEqual(first);
        if (inputs.some(([at]) => at !== home && at === Math.floor(best / 2))) away.times += 1;
      },
    ),
    { numRuns: 1000 },
  );
  // Some go where another input lies; some wait.
  expect(away.times).toBeGreaterThan(20);
  expect(waits.times).toBeGreaterThan(20);
});
