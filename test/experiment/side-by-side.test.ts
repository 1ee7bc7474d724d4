import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { jointProgress } from '../../src/experiment/serving/joint-progress.ts';
import { sideBySide } from '../../src/experiment/serving/side-by-side.ts';

/** A task that goes on until its signal aborts, and then cleans up before it ends. */
function endless() {
  const task = { cleaned: false, run: async (signal: AbortSignal): Promise<never> => wait(signal) };
  async function wait(signal: AbortSignal): Promise<never> {
    try {
      for (;;) {
        await setImmediate();
        signal.throwIfAborted();
      }
    } finally {
      await setImmediate();
      task.cleaned = true;
    }
  }
  return task;
}
const fails = async (): Promise<never> => {
  await setImmediate();
  throw new Error('mine');
};

test('two tasks that need each other’s progress both end: they run at the same time', async () => {
  let turn = 0;
  const alternating = (own: number) => async () => {
    for (let step = 0; step < 3; step++) {
      while (turn % 2 !== own) await setImmediate();
      turn += 1;
    }
    return own;
  };
  expect(await sideBySide(alternating(0), alternating(1))).toEqual([0, 1]);
});

test.each([false, true])(
  'the one that fails ends the other, and its error comes behind both',
  async (swapped) => {
    const other = endless();
    const tasks = swapped ? ([other.run, fails] as const) : ([fails, other.run] as const);
    await expect(sideBySide(tasks[0], tasks[1])).rejects.toThrow('mine');
    expect(other.cleaned).toBe(true);
  },
);

test('an interruption ends both, and is what is told', async () => {
  const [one, other] = [endless(), endless()];
  const interrupted = new AbortController();
  const ended = sideBySide(one.run, other.run, interrupted.signal);
  interrupted.abort(new Error('interrupted'));
  await expect(ended).rejects.toThrow('interrupted');
  expect([one.cleaned, other.cleaned]).toEqual([true, true]);
});

test('joint progress is the mean of its parts, and never goes back', () => {
  const shown: number[] = [];
  const tell = jointProgress(2, (done, total) => shown.push(done / total));
  tell(0, 1, 2);
  tell(1, 300, 1000);
  tell(0, 2, 2);
  tell(1, 1, 1);
  expect(shown).toEqual([0.25, 0.4, 0.65, 1]);
});
