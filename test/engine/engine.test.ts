import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { ReferenceQueue } from '../../src/engine/reference-queue.ts';

describe('the engine', () => {
  test('plays each event at its tick by its kind, those scheduled meanwhile included', () => {
    const engine = new Engine();
    const seen: string[] = [];
    engine.at(7, 1, 70);
    engine.at(5, 0, 50);
    engine.at(7, 0, 71);
    expect(engine.pending).toBe(3);
    const end = engine.run([
      (a, b) => {
        seen.push(`${engine.now}: ${a} ${b}`);
        if (a === 50) engine.after(2, 0, 72, 9);
      },
      (a) => seen.push(`${engine.now}! ${a}`),
    ]);
    expect(seen).toEqual(['5: 50 0', '7! 70', '7: 71 0', '7: 72 9']);
    expect([end, engine.processed, engine.pending, engine.now]).toEqual(['drained', 4, 0, 7]);
  });

  test('plays the same on the reference calendar', () => {
    const traces = [new Engine(), new Engine(new ReferenceQueue())].map((engine) => {
      const trace: number[] = [];
      for (let item = 0; item < 20; item++) engine.at(item * 13, 0, item);
      engine.run([
        (a, b) => {
          trace.push(engine.now, a, b);
          if (b < 200) engine.after((a * 7919 + b * 104729) % 5000, 0, a, b + 1);
        },
      ]);
      return trace;
    });
    expect(traces[0]!.length).toBe(3 * 20 * 201);
    expect(traces[0]).toEqual(traces[1]);
  });

  test('plays events up to and at a bound, then stands there and goes on later', () => {
    const engine = new Engine();
    const seen: number[] = [];
    for (const tick of [3, 10, 11]) engine.at(tick, 0, tick);
    const handlers = [(a: number) => seen.push(a)];
    expect(engine.run(handlers, { until: 10 })).toBe('until');
    expect([seen, engine.now]).toEqual([[3, 10], 10]);
    expect(engine.run(handlers, { until: 10 })).toBe('until');
    expect(() => engine.at(9, 0)).toThrow(/in the past/);
    expect(engine.run(handlers, { until: 1000 })).toBe('drained');
    expect([seen, engine.now]).toEqual([[3, 10, 11], 11]);
  });

  test('ends after so many events, or when a handler says so', () => {
    const engine = new Engine();
    const ticking = [() => engine.after(1, 0)];
    engine.at(0, 0);
    expect(engine.run(ticking, { maxEvents: 5 })).toBe('maxEvents');
    expect([engine.processed, engine.now]).toEqual([5, 4]);
    expect(engine.run(ticking, { maxEvents: 0 })).toBe('maxEvents');
    const stopping = () => {
      engine.after(1, 0);
      if (engine.now === 7) engine.stop();
    };
    expect(engine.run([stopping])).toBe('stopped');
    expect([engine.processed, engine.now, engine.pending]).toEqual([8, 7, 1]);
    // A stop outside a run does not end the next one.
    engine.stop();
    expect(engine.run([() => {}], { maxEvents: 1 })).toBe('drained');
  });

  test('checks every so many events, and a check that throws ends the run between two events', () => {
    const engine = new Engine();
    let checks = 0;
    engine.at(0, 0);
    const ticking = [() => engine.after(1, 0)];
    engine.run(ticking, { maxEvents: 1000, checkEvery: 100, onCheck: () => checks++ });
    expect(checks).toBe(10);
    const enough = () => {
      throw new Error('enough');
    };
    expect(() => engine.run(ticking, { onCheck: enough })).toThrow('enough');
    expect([engine.processed, engine.pending]).toEqual([1000 + 65536, 1]);
    expect(engine.run(ticking, { maxEvents: 3 })).toBe('maxEvents');
  });

  test('a handler that throws ends the run; a further run goes on with the next event', () => {
    const engine = new Engine();
    const seen: number[] = [];
    for (const tick of [1, 2, 3]) engine.at(tick, 0, tick);
    const failing = (a: number) => {
      if (a === 2) throw new Error('broken');
      seen.push(a);
    };
    expect(() => engine.run([failing])).toThrow('broken');
    expect(engine.run([failing])).toBe('drained');
    expect(seen).toEqual([1, 3]);
  });

  test('refuses what makes no sense', () => {
    const engine = new Engine();
    engine.at(4, 3);
    expect(() => engine.run([() => {}])).toThrow('no handler for events of kind 3');
    expect(engine.now).toBe(4);
    expect(() => engine.after(-1, 0)).toThrow(
      'cannot schedule at 3 ticks, in the past: the clock stands at 4',
    );
    expect(() => engine.after(0.5, 0)).toThrow(/whole number/);
    expect(() => engine.run([], { until: 1.5 })).toThrow(/cannot run until 1.5 ticks/);
    expect(() => engine.run([], { maxEvents: Number.NaN })).toThrow(/NaN events/);
    expect(() => engine.run([], { checkEvery: 0 })).toThrow(/every 0 events/);
    engine.at(4, 0);
    expect(() => engine.run([() => engine.run([])])).toThrow(/running already/);
  });
});
