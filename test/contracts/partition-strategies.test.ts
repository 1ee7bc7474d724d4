import { describe, expect, test } from 'vitest';
import { everyCut, partitionFrom, partitionStrategies } from '../../src/mapping/partition/index.ts';
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
  });
});
