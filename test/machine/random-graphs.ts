import fc from 'fast-check';
import type { DigitalStage, Source, Stage } from '../../src/mapping/schedule.ts';
import { loadStage, mvmStage } from './hand-schedule.ts';

const node = fc.record({
  tasks: fc.integer({ min: 1, max: 6 }),
  perTask: fc.integer({ min: 1, max: 3 }),
  short: fc.nat(),
  time: fc.integer({ min: 1, max: 9 }),
  copies: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
  home: fc.nat({ max: 3 }),
  fetched: fc.integer({ min: 0, max: 4 }),
  written: fc.integer({ min: 0, max: 3 }),
  digital: fc.boolean(),
  more: fc.array(fc.nat(), { maxLength: 2 }),
  needs: fc.array(fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 })), { minLength: 18, maxLength: 18 }),
});

/**
 * Hand-made stages, each with an edge from the one before and, with `joins`, from others: tasks of several positions,
 * needs that grow, times and bytes of a few ticks, so that much happens at once. Bare: a tile for each stage, no digital
 * cores, no copies, nothing written.
 */
export function graphs(options: { joins: boolean; bare: boolean }): fc.Arbitrary<readonly Stage[]> {
  return fc.array(node, { minLength: 2, maxLength: 6 }).map((drawn) => {
    const stages: Stage[] = [];
    drawn.forEach((shape, index) => {
      const { tasks, perTask, short, time } = shape;
      const from =
        index === 0 ? [] : [index - 1, ...(options.joins ? shape.more : []).map((back) => back % index)];
      const sources = [...new Set(from)].map((producer, edge) =>
        drawSource(
          stages[producer]!,
          shape.needs.slice(edge * 6, edge * 6 + tasks),
          options.bare ? 1 : shape.fetched,
        ),
      );
      const home = options.bare ? index : shape.home;
      const common = { tasks, capacity: 0, home, sources, outputBytes: options.bare ? 0 : shape.written };
      const sizes = { positions: tasks * perTask - (short % perTask), positionsPerTask: perTask };
      if (index === 0) stages.push({ ...loadStage(0, common), ...sizes });
      else if (options.bare || !shape.digital) {
        const crossbars = options.bare ? [index] : shape.copies;
        stages.push({ ...mvmStage(index, { ...common, time, crossbars }), ...sizes });
      } else {
        const digital: DigitalStage = {
          ...{ ...loadStage(index, common), ...sizes },
          ...{ kind: 'digital', product: undefined, operationsPerPosition: time, chargedPerPosition: time },
        };
        stages.push(digital);
      }
    });
    return stages;
  });
}

function drawSource(producer: Stage, needs: readonly (readonly [number, number])[], bytes: number): Source {
  const { positions } = producer;
  const required = needs.map(([share]) => Math.ceil((share * positions) / 100)).sort((a, b) => a - b);
  // Everything is needed by somebody.
  required[required.length - 1] = positions;
  const shares = needs.map(([, share]) => share).sort((a, b) => a - b);
  const released = required.map((need, task) =>
    task === required.length - 1 ? positions : Math.floor((shares[task]! * need) / 100),
  );
  return {
    stage: producer.index,
    required: Int32Array.from(required),
    released: Int32Array.from(released),
    bytes: new Float64Array(required.length).fill(bytes),
  };
}
