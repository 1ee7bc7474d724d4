import { describe, expect, test } from 'vitest';
import { droppedNote, mlperfOf } from '../../src/experiment/serving/mlperf-metric.ts';
import { waitingLine } from '../../src/experiment/serving/waiting-line.ts';
import { loadModels } from '../../src/load/index.ts';
import { earlyDrop } from '../../src/scheduling/request/early-drop.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import { figuresOfRun } from '../../src/serving/run-figures.ts';
import { type HandServer, loadOf, pipelineProfile, serveByHand } from './hand-server.ts';

/** Ticks to an answer, and between answers, of a pipeline of two stages. */
const STAGES = [3000, 2000];
const LATENCY = 5000;
const PACE = 3000;
const policy = { window: { type: 'static' }, request: [] };
const models = [{ cuts: [{ name: 'one', accuracy: 1, latency: 1, interval: 1, energy: 1, work: [1] }] }];

type Written = Parameters<typeof waitingLine>[0]['load'];

const written = (load: object & { readonly type: string }) =>
  loadModels.get(load.type).schema.parse(load) as Written;

/** A load in the line that it gets, served; what MLPerf asks of it; and how many were answered, as the answers are heard. */
function serve(
  load: { readonly type: string; readonly [key: string]: unknown },
  hand: Partial<HandServer> = {},
) {
  let heard = 0;
  const { run } = serveByHand({
    ...{ profile: pipelineProfile(STAGES), most: 2, load: loadOf(load) },
    line: waitingLine({ line: { full: 'reject' }, load: written(load) }),
    onAnswer: () => (heard += 1),
    ...hand,
  });
  const results = [{ policy, runs: [{ run, figures: figuresOfRun(run, 1, 0) }] }];
  return { run, results, heard, mlperf: mlperfOf(written(load), results, models)! };
}

describe('the line of a scenario that gives no capacity', () => {
  test.each([
    [{ type: 'offline' }, 24_576],
    [{ type: 'offline', samples: 100 }, 10_000],
    [{ type: 'multi-stream', samples: 20_000 }, 20_000],
    [{ type: 'multi-stream' }, 10_000],
    [{ type: 'poisson', rate: '1 kHz' }, 10_000],
  ])('has room for all that come at once: %j', (load, capacity) => {
    const line = { full: 'drop-head' } as const;
    expect(waitingLine({ line, load: written(load) })).toEqual({ ...line, capacity });
    expect(waitingLine({ line: { ...line, capacity: 5 }, load: written(load) }).capacity).toBe(5);
  });

  test('lets Offline answer each of its samples, one a pace', () => {
    const { run, mlperf } = serve({ type: 'offline' });
    expect(run.elapsed).toBeCloseTo((LATENCY + 24_575 * PACE) * 1e-12, 15);
    expect(mlperf).toMatchObject({ dropped: [0], enoughQueries: true });
    expect(serve({ type: 'offline', samples: 24_575 }).mlperf.enoughQueries).toBe(false);
  });
});

test('of MultiStream queries count, not their samples', () => {
  const round = LATENCY + 7 * PACE;
  const play = (rounds: number) => serve({ type: 'multi-stream' }, { duration: rounds * round }).mlperf;
  expect(play(661).enoughQueries).toBe(false);
  expect(play(662).enoughQueries).toBe(true);
});

describe('queries that Server drops', () => {
  // At 0.9 of the rate, with a deadline of four paces beside the latency.
  const load = { type: 'server', rate: `${0.9e12 / PACE} Hz` };
  const short = { duration: 3000 * PACE, deadline: LATENCY + 4 * PACE };

  test('are told, and counted: those that come and are not answered', () => {
    const { run, results, heard, mlperf } = serve(load, { ...short, request: [fifoOrder, earlyDrop] });
    const { offered } = run.models[0]!;
    expect(offered - heard).toBeGreaterThan(10);
    expect(mlperf.dropped).toEqual([offered - heard]);
    const [note, ...more] = droppedNote('server', ['shedding'], results);
    expect(more).toEqual([]);
    expect(note).toContain('LoadGen of MLPerf expects every query to be answered');
    expect(note).toContain(
      `: shedding ${(offered - heard).toLocaleString('en')} of ${offered.toLocaleString('en')},`,
    );
    expect(droppedNote('poisson', ['shedding'], results)).toEqual([]);
  });

  test('where none is, nothing is told', () => {
    const { results, mlperf } = serve(load, short);
    expect(mlperf.dropped).toEqual([0]);
    expect(droppedNote('server', ['patient'], results)).toEqual([]);
  });
});

test('accuracy is that of the answers over that of the most accurate cuts, weighted by answers', () => {
  const { run, figures } = serve({ type: 'single-stream' }, { duration: LATENCY }).results[0]!.runs[0]!;
  const model = { ...run.models[0]!, again: 0 };
  const cuts = (...accuracies: readonly number[]) => ({
    cuts: accuracies.map((accuracy) => ({ ...models[0]!.cuts[0]!, accuracy })),
  });
  const served = (again: number) => {
    const both = [
      { ...model, onTime: 30, late: 10, answersByCut: [40, 0], right: 31, again },
      { ...model, onTime: 60, late: 0, answersByCut: [60], right: 55 },
    ];
    const results = [{ policy, runs: [{ run: { ...run, models: both }, figures }] }];
    return mlperfOf(written({ type: 'single-stream' }), results, [cuts(0.8, 0.9), cuts(0.95)])!.accuracy[0]!;
  };
  expect(served(0)).toBeCloseTo((40 * 0.8 + 60 * 0.95) / (40 * 0.9 + 60 * 0.95), 12);
  // A cut's accuracy does not speak for answers that were looked at.
  expect(served(3)).toBeCloseTo((31 + 55) / (40 * 0.9 + 60 * 0.95), 12);
  const none = [{ policy, runs: [{ run: { ...run, models: [{ ...model, onTime: 0, late: 0 }] }, figures }] }];
  expect(mlperfOf(written({ type: 'single-stream' }), none, [cuts(0.9)])!.accuracy).toEqual([null]);
});
