import { serverOf } from '../src/serving/run-job.ts';
import type { Asked, Measured } from './serving.ts';

// A process of its own for one run: what it is asked comes as a message, and so goes what it took.
process.once('message', ({ system, job }: Asked) => {
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  const server = serverOf(system, job);
  while (!server.advance(1e6));
  const { events, models } = server.result();
  const { user, system: kernel } = process.cpuUsage(start);
  const peak = process.resourceUsage().maxRSS * 1024;
  const measured: Measured = {
    ...{ events, offered: models.reduce((sum, { offered }) => sum + offered, 0) },
    ...{ cpu: (user + kernel) / 1e6, peak, growth: peak - before },
  };
  process.send!(measured, () => process.disconnect());
});
