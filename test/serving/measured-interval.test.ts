import { describe, expect, test } from 'vitest';
import { figuresOfRun } from '../../src/serving/run-figures.ts';
import { arrivalsAt, loadOf, pipelineProfile, serveByHand } from './hand-server.ts';

const US = 1e6;
const SECOND = 1e12;
const line = { capacity: 100, full: 'reject' } as const;

describe('one interval for all rates: from the end of the warm-up to the last answer', () => {
  // Answered at 4, 8, 13, 24 and 28 µs; the second comes in the warm-up and is answered after it.
  const { run } = serveByHand({
    profile: pipelineProfile([4 * US]),
    ...{ most: 1, line, deadline: 5 * US, warmUp: 6 * US },
    load: arrivalsAt([0, 1, 9, 20, 21].map((at) => at * US)),
  });
  const LEAKAGE = 3000;
  const figures = figuresOfRun(run, 1, LEAKAGE);
  const seconds = 22e-6;

  test('queries, answers and answers in time', () => {
    expect(figures.measured).toBeCloseTo(seconds, 15);
    // The last one comes at 21 µs.
    expect(figures.offeredRate * 15e-6).toBeCloseTo(3, 9);
    expect(figures.throughput * seconds).toBeCloseTo(3, 9);
    // The last one takes 7 µs.
    expect(figures.goodput * seconds).toBeCloseTo(2, 9);
  });

  test('power, and energy by all answers that are given in it', () => {
    // 1 J a query when it is answered: four are.
    const joules = 4 + LEAKAGE * seconds;
    expect(figures.power * seconds).toBeCloseTo(joules, 9);
    expect(figures.energyPerAnswer! * 4).toBeCloseTo(joules, 9);
    expect(figures.energyPerRightOnTime!).toBeCloseTo((figures.energyPerAnswer! * 3) / 2, 9);
  });

  test('utilisation', () => {
    // From 6 to 8, then three times 4 µs.
    expect(run.measured.utilisation[0]! * 22).toBeCloseTo(14, 9);
  });
});

describe.each([0, 0.3])('with a warm-up of %f of the time', (share) => {
  const duration = 0.05 * SECOND;
  const { run } = serveByHand({
    profile: pipelineProfile([10 * US]),
    ...{
      most: 1,
      line: { capacity: 8, full: 'reject' },
      deadline: 50 * US,
      duration,
      warmUp: share * duration,
    },
    load: loadOf({ type: 'poisson', rate: '110 kHz' }),
    window: duration / 10,
  });
  const figures = figuresOfRun(run, 1, 2);
  const model = run.models[0]!;

  test('rates times its length are the counts, and what comes is accounted for', () => {
    const count = (rate: number) => rate * figures.measured;
    expect(model.droppedFull).toBeGreaterThan(100);
    expect(model.late).toBeGreaterThan(100);
    const came = (duration / SECOND) * (1 - share);
    expect(figures.offeredRate * came).toBeCloseTo(model.offered, 6);
    expect(count(figures.goodput)).toBeCloseTo(model.onTime, 6);
    expect(count(figures.throughput)).toBeCloseTo(model.onTime + model.late, 6);
    expect(count(figures.throughput)).toBeCloseTo(model.offered - model.droppedFull, 6);
  });

  test('power is the energy of an answer times their rate', () => {
    const rate = run.measured.answers / figures.measured;
    expect(figures.power / (figures.energyPerAnswer! * rate)).toBeCloseTo(1, 12);
    // Of those that came in the warm-up, what was in line is answered after it.
    const carried = run.measured.answers - model.onTime - model.late;
    expect(carried).toBeGreaterThanOrEqual(0);
    expect(carried).toBeLessThanOrEqual(share === 0 ? 0 : 9);
    expect(figures.peakPower).toBeGreaterThanOrEqual(figures.power);
  });

  test('one server is busy as long as its answers take', () => {
    const busy = run.measured.utilisation[0]! * figures.measured;
    expect(busy / (run.measured.answers * 10e-6)).toBeCloseTo(1, 2);
  });
});

test('a run that is over before its warm-up measures nothing', () => {
  const { run } = serveByHand({
    profile: pipelineProfile([US]),
    ...{ most: 1, line, warmUp: 50 * US },
    load: arrivalsAt([0, US]),
  });
  expect(run.measured).toEqual({ length: 0, answers: 0, energy: 0, utilisation: [0] });
  expect(figuresOfRun(run, 1, 1)).toMatchObject({
    offered: 0,
    offeredRate: 0,
    power: 0,
    energyPerAnswer: undefined,
  });
});
