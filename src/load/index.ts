import { Registry } from '../base/registry.ts';
import { batchPoisson } from './batch-poisson.ts';
import { closed } from './closed.ts';
import { counts } from './counts.ts';
import { gamma } from './gamma.ts';
import type { LoadModel } from './load.ts';
import { mmpp } from './mmpp.ts';
import { multiStream, offline, server, singleStream } from './mlperf.ts';
import { poisson } from './poisson.ts';
import { sine } from './sine.ts';
import { spikes } from './spikes.ts';
import { steps } from './steps.ts';
import { trace } from './trace.ts';
import { uniform } from './uniform.ts';

/** Every law by which queries may arrive. */
export const loadModels = new Registry<LoadModel>('load', [
  poisson,
  gamma,
  uniform,
  batchPoisson,
  mmpp,
  sine,
  steps,
  spikes,
  closed,
  trace,
  counts,
  singleStream,
  multiStream,
  server,
  offline,
]);
