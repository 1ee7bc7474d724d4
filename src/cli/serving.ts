import { join } from 'node:path';
import { CalibrationCache, calibrationFolder } from '../calibration-cache.ts';
import { Fault } from '../base/fault.ts';
import { servingHtml } from '../report/serving-html.ts';
import { servingText } from '../report/serving-text.ts';
import { checkWritable, writeAtomically } from '../report/write-atomically.ts';
import { comparePolicies } from '../experiment/serving/comparison.ts';
import { type JsonOption, print } from './option-values.ts';
import { openProgress } from './progress.ts';

/** Options that `serve` and `compare` share. */
export interface ServingOptions {
  readonly set: readonly string[];
  readonly replications?: number;
  readonly sweep?: readonly number[];
  readonly seed: number;
  readonly workers: number;
  readonly out?: string;
}

/** What is asked: `first` stands for the first policy of the scenario. */
interface Asked {
  readonly architecture: string;
  readonly scenarios: readonly string[];
  readonly policies: readonly string[] | 'first';
}

/** Serves scenarios, prints the leaderboard and writes the report. */
export async function serveCommandLine(
  asked: Asked,
  options: ServingOptions & JsonOption,
  signal: AbortSignal,
): Promise<void> {
  if (options.out?.trim() === '')
    throw new Fault('--out names no folder', { cure: 'such as --out results/mine' });
  const writes = !options.json || options.out !== undefined;
  if (writes) await checkWritable(options.out ?? 'results');
  const progress = await openProgress();
  let report: Awaited<ReturnType<typeof comparePolicies>>;
  try {
    report = await comparePolicies({
      ...asked,
      overrides: options.set,
      ...{ replications: options.replications, sweep: options.sweep },
      ...{ seed: options.seed, workers: options.workers, signal },
      memory: new CalibrationCache(calibrationFolder()),
      onProgress: progress.show,
    });
  } finally {
    progress.close();
  }
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (writes) {
    const name = report.scenarios.map((scenario) => scenario.name.replace(/[^\w.-]+/g, '-')).join('-');
    const folder = options.out ?? join('results', `serving-${name}`.slice(0, 100));
    const file = join(folder, 'serving.json');
    // Drawn before anything is written: if that fails, nothing is there.
    const html = await servingHtml(report);
    await writeAtomically(file, text);
    await writeAtomically(join(folder, 'serving.html'), html);
    const size = `${Math.ceil(Buffer.byteLength(html) / 1000)} kB`;
    if (!options.json) print(`${servingText(report)}\n\nReport: ${file}; to look at: serving.html (${size})`);
  }
  if (options.json) process.stdout.write(text);
}
