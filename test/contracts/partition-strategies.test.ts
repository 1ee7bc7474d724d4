import { describe, expect, test } from 'vitest';
import {
  defaultCuts,
  everyCut,
  partitionFrom,
  partitionStrategies,
} from '../../src/mapping/partition/index.ts';
import { candidates, partitionStrategyContract } from './partition-strategies.ts';

describe('every partition strategy', () => {
  test.each(partitionStrategies.parts.map((strategy) => [strategy.name, strategy] as const))(
    '%s chooses among the candidates, ascending, the same twice, and refuses nonsense with a cure',
    (_, strategy) => partitionStrategyContract(strategy),
  );

  test('by text: name, argument, unknown names', () => {
    expect(partitionFrom('digital', candidates).analog).toEqual([]);
    expect(partitionFrom('analog', candidates).analog).toEqual([3, 5, 8, 13]);
    expect(partitionFrom('prefix:2', candidates).analog).toEqual([3, 5]);
    expect(partitionFrom('suffix:1', candidates).analog).toEqual([13]);
    expect(partitionFrom('layers:layer2,1', candidates).analog).toEqual([3, 8]);
    expect(() => partitionFrom('prefx:2', candidates)).toThrow(/did you mean prefix/);
    expect(() => partitionFrom('layers:layer9', candidates)).toThrow(/did you mean layer/);
  });

  test('every cut runs from all-digital to all-analog', () => {
    expect(everyCut(candidates)).toEqual(['digital', 'prefix:1', 'prefix:2', 'prefix:3', 'analog']);
    expect(everyCut([])).toEqual(['digital']);
    expect(defaultCuts(candidates)).toEqual(everyCut(candidates));
  });

  test('a long network is cut where eighths of its MACs are done', () => {
    const equal = Array.from({ length: 80 }, (_, layer) => ({ layer, name: `${layer}`, macs: 10 }));
    const eighths = [10, 20, 30, 40, 50, 60, 70].map((count) => `prefix:${count}`);
    expect(defaultCuts(equal)).toEqual(['digital', ...eighths, 'analog']);
    // 9 of 10 MACs in layer 8: the cuts before and behind it are all that is left.
    const heavy = equal.map((one) => (one.layer === 8 ? { ...one, macs: 9 * 79 * 10 } : one));
    expect(defaultCuts(heavy)).toEqual(['digital', 'prefix:8', 'prefix:9', 'analog']);
  });
});
