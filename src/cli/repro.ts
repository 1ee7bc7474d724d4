import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../base/fault.ts';
import { CalibrationCache, calibrationFolder } from '../calibration-cache.ts';
import type { Study } from '../report/study.ts';
import { studyHtml } from '../report/study-html.ts';
import { checkWritable, writeTogether } from '../report/write-atomically.ts';
import { analogAccuracy } from '../repro/analog-accuracy/index.ts';
import { VERDICT_RULE } from '../repro/question.ts';
import { runStudy } from '../repro/run-study.ts';

export interface ReproOptions {
  readonly network: readonly string[];
  readonly architecture?: string;
  readonly only: readonly string[];
  readonly images?: number;
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  readonly out: string;
}

/** Networks that are asked when none is named. */
const NETWORKS = ['lenet5', 'vgg8', 'resnet14'].map((name) => `workloads/${name}.yaml`);
const ARCHITECTURE = 'arch/crossbar-study.yaml';

/** Re-runs the paper's questions and writes `result.json` and `report.html`; finished points stay in `points/`. */
export async function reproduceAnalogAccuracy(
  options: ReproOptions,
  signal: AbortSignal,
  onProgress: (phase: string, done: number, total: number) => void,
): Promise<{ readonly document: Study; readonly report: string }> {
  const { chips, seed, workers, out } = options;
  if (out.trim() === '') throw new Fault('--out names no folder', { cure: 'such as --out results/mine' });
  await checkWritable(out);
  const { document, plots } = await runStudy(analogAccuracy, {
    networks: options.network.length > 0 ? options.network : NETWORKS.map(packaged),
    architecture: options.architecture ?? packaged(ARCHITECTURE),
    only: options.only,
    images: options.images,
    ...{ chips, seed, workers, signal, onProgress },
    calibrations: new CalibrationCache(calibrationFolder()),
    folder: join(out, 'points'),
  });
  const report = join(out, 'report.html');
  await writeTogether([
    [join(out, 'result.json'), `${JSON.stringify(document, null, 2)}\n`],
    [report, await studyHtml(document, plots, VERDICT_RULE)],
  ]);
  return { document, report };
}

/** Where a file that comes with the program lies, from the working directory. */
function packaged(file: string): string {
  return relative(process.cwd(), fileURLToPath(new URL(`../../${file}`, import.meta.url)));
}
