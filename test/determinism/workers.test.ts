import { describe, expect, test } from 'vitest';
import { spawnKirchhoff } from '../cli/command.ts';

const RUN = [
  'run',
  'arch/hybrid-edge.yaml',
  'workloads/lenet5.yaml',
  ...['digital', 'prefix:2', 'analog'].flatMap((name) => ['--schedule', name]),
  ...['--samples', '48', '--chips', '2', '--inferences', '4', '--json'],
];

describe('same inputs and seed, same bytes', () => {
  const reference = spawnKirchhoff([...RUN, '--workers', '1']);

  test('with 1 worker and again', () => {
    expect(reference.code).toBe(0);
    expect(spawnKirchhoff([...RUN, '--workers', '1']).out).toBe(reference.out);
  });

  test.each([2, 4])('with %i workers', (workers) => {
    expect(spawnKirchhoff([...RUN, '--workers', String(workers)]).out).toBe(reference.out);
  });

  test('and other chips with another seed', () => {
    const other = spawnKirchhoff([...RUN, '--seed', '2']);
    expect(other.code).toBe(0);
    const chips = (text: string) =>
      (JSON.parse(text) as { schedules: { accuracy: { perChip: number[] } }[] }).schedules.map(
        (row) => row.accuracy.perChip,
      );
    expect(chips(other.out)).not.toEqual(chips(reference.out));
    expect(chips(other.out)[0]).toEqual(chips(reference.out)[0]);
  });
});
