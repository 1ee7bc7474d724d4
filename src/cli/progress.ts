/** A bar on standard error while it is a terminal; silence otherwise. */
export interface Progress {
  show(phase: string, done: number, total: number): void;
  close(): void;
}

/** Opens the progress display; loads its library only when there is somebody to see it. */
export async function openProgress(): Promise<Progress> {
  if (!process.stderr.isTTY) return { show: () => undefined, close: () => undefined };
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const format = '{phase} {bar} {percentage} % | {value}/{total} | {eta_formatted} left';
  const bar = new SingleBar(
    { format, hideCursor: true, clearOnComplete: true, stream: process.stderr },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show(phase, done, total) {
      if (!started) bar.start(total, done, { phase });
      else {
        bar.setTotal(total);
        bar.update(done, { phase });
      }
      started = true;
    },
    close: () => bar.stop(),
  };
}
