import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArchitecture } from '../../src/input/architecture.ts';
import { readNetworkToRun } from '../../src/input/workload-network.ts';
import {
  contentsOf,
  type LayerWrites,
  missingWrites,
  writesOf,
} from '../../src/mapping/crossbar-contents.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { crossbarCount } from '../../src/mapping/placement.ts';
import { NoRoom, regionsOf } from '../../src/mapping/regions.ts';
import { movedCuts } from '../../src/mapping/resident-cuts.ts';
import { ROOT } from '../cli/command.ts';

describe('what crossbars hold', async () => {
  const { value: spec } = await readArchitecture(join(ROOT, 'arch/hybrid-edge.yaml'), []);
  const { network } = await readNetworkToRun(join(ROOT, 'workloads/lenet5.yaml'));
  const lowered = lowerNetwork(network, false);
  const partitions = ['digital', 'prefix:2', 'analog'].map((cut) => partitionFrom(cut, lowered.candidates));
  const region = { first: 0, count: crossbarCount(spec) };
  const moved = movedCuts(lowered, partitions, spec, region);
  const [digital, prefix, analog] = moved.schedules.map((schedule) => contentsOf(schedule, spec));
  const nothing = () => false;

  test('weights of LeNet-5, in differential pairs of cells, for every copy', () => {
    // Kernels of 1 × 5 × 5 to 6, 6 × 5 × 5 to 16; 400 to 120, 120 to 84, 84 to 10. Biases are added by digital units.
    const weights = [25 * 6, 150 * 16, 400 * 120, 120 * 84, 84 * 10];
    const cells = moved.schedules[2]!.stages.reduce((sum, stage) => {
      if (stage.kind !== 'analog') return sum;
      const layer = partitions[2]!.analog.indexOf(stage.layers[0]!);
      return sum + weights[layer]! * stage.replicas.length;
    }, 0);
    const { weightSlices, scheme } = spec.encoding;
    const perWeight = weightSlices * (scheme === 'differential' ? 2 : 1);
    expect(cellsOf(missingWrites(analog!, nothing))).toBe(cells * perWeight);
    expect(missingWrites(digital!, nothing)).toEqual([]);
    // Read once, however many copies are written: a byte of 8 bits for a weight.
    const bytes = missingWrites(analog!, nothing).map((layer) =>
      layer.reduce((sum, block) => sum + block.bytes, 0),
    );
    expect(bytes).toEqual(weights);
  });

  test('memory keeps a weight in as many bits as it has, the bias of a column once, and no unit columns', () => {
    const block = { group: 0, groups: 3, rowStart: 0, rows: 5, columnStart: 0, columns: 7, biasRows: 2 };
    const six = { ...spec, encoding: { ...spec.encoding, weightBits: 6 } };
    expect(writesOf(block, six).bytes).toBe((3 * (5 + 1) * 7 * 6) / 8);
    const unit = {
      ...six,
      encoding: { ...six.encoding, scheme: 'offset' as const, offsetRemoval: 'unitColumn' as const },
    };
    expect(writesOf({ ...block, biasRows: 0 }, unit).bytes).toBe((3 * 5 * 7 * 6) / 8);
  });

  test('every crossbar is written once, with the rows of its block', () => {
    const written = missingWrites(analog!, nothing)
      .flat()
      .flatMap(({ rows, crossbars }) => crossbars.map((crossbar) => [crossbar, rows] as const));
    expect(new Map(written).size).toBe(written.length);
    expect(new Map(written)).toEqual(new Map([...analog!].map(([crossbar, { rows }]) => [crossbar, rows])));
  });

  test('what is there already is not written again', () => {
    const holds = (crossbar: number, block: string) => prefix!.get(crossbar)?.block === block;
    const left = [...analog!].filter(([crossbar, { block }]) => !holds(crossbar, block));
    const cells = cellsOf(missingWrites(analog!, holds));
    expect(cells).toBe(left.reduce((sum, [, content]) => sum + content.cells, 0));
    expect(cells).toBeGreaterThan(0);
    expect(missingWrites(prefix!, holds)).toEqual([]);
  });
});

function cellsOf(layers: readonly LayerWrites[]): number {
  return layers.flat().reduce((sum, { cells, crossbars }) => sum + cells * crossbars.length, 0);
}

describe('crossbars of networks on devices', () => {
  const demand = fc.record({
    crossbars: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
    devices: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
  });

  test('never overlap on a device, and are as many as asked', () => {
    const tally = { placed: 0, reused: 0 };
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 5 }), (demands) => {
        let regions;
        try {
          regions = regionsOf(demands, 100);
        } catch (error) {
          expect(error).toBeInstanceOf(NoRoom);
          return;
        }
        tally.placed += 1;
        regions.forEach(({ first, count }, index) => {
          const { crossbars, devices } = demands[index]!;
          if (crossbars !== undefined) expect(count).toBe(crossbars);
          expect(first + count).toBeLessThanOrEqual(100);
          regions.slice(0, index).forEach((other, before) => {
            const overlap = first < other.first + other.count && other.first < first + count;
            const together = demands[before]!.devices.some((device) => devices.includes(device));
            if (together) expect(overlap).toBe(false);
            else if (overlap) tally.reused += 1;
          });
        });
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(tally.placed).toBeGreaterThan(250);
    expect(tally.reused).toBeGreaterThan(15);
  });

  test('what is not asked for is shared evenly; too much is refused with who and where', () => {
    const on = (crossbars: number | undefined, ...devices: number[]) => ({ crossbars, devices });
    expect(regionsOf([on(undefined, 0), on(40, 0), on(undefined, 0)], 100)).toEqual([
      { first: 0, count: 30 },
      { first: 30, count: 40 },
      { first: 70, count: 30 },
    ]);
    expect(regionsOf([on(undefined, 0), on(undefined, 1)], 100)).toEqual([
      { first: 0, count: 100 },
      { first: 0, count: 100 },
    ]);
    expect(() => regionsOf([on(60, 0), on(60, 1, 0), on(10, 1)], 100)).toThrow(
      expect.objectContaining({ demand: 1, device: 0, asked: 120 }),
    );
  });
});
