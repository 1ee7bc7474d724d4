/**
 * What two tasks give that run at the same time. The first that fails, or the caller's signal, aborts the signal of both; the error
 * comes when both are over, so that nothing of either goes on behind it: the signal's reason, else that of the task that failed first.
 */
export async function sideBySide<One, Other>(
  one: (signal: AbortSignal) => Promise<One>,
  other: (signal: AbortSignal) => Promise<Other>,
  signal?: AbortSignal,
): Promise<readonly [One, Other]> {
  const failure = new AbortController();
  const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const begun = async <Result>(task: (signal: AbortSignal) => Promise<Result>) => {
    try {
      return { result: await task(either) };
    } catch (error) {
      failure.abort(error);
      return undefined;
    }
  };
  const [first, second] = await Promise.all([begun(one), begun(other)]);
  signal?.throwIfAborted();
  // The first to abort gives the reason; what fails because of it changes nothing.
  failure.signal.throwIfAborted();
  return [first!.result, second!.result];
}
