import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Fault } from '../base/fault.ts';
import type { Report } from '../report/report.ts';
import { collect, type JsonOption, jsonOption, print, wholeNumber } from './option-values.ts';
import type { TraceOptions } from './trace.ts';

/** `kirchhoff run`. */
export function runCommand(signal: AbortSignal): Command {
  return new Command('run')
    .description('energy, latency, throughput and accuracy of a network on a chip, one row a schedule')
    .argument('<architecture>', 'YAML file of the chip, such as arch/hybrid-edge.yaml')
    .argument(
      '<workload>',
      'YAML file of network and data, such as workloads/lenet5.yaml, or of layer shapes; or an ONNX file',
    )
    .option(
      '--schedule <partition>',
      'digital, analog, prefix:K, suffix:K, layers:A,B (repeatable); default: every cut, of long networks a few',
      collect,
      [],
    )
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .option('--samples <n>', 'test images', wholeNumber(1, 1e9), 1000)
    .option('--chips <n>', 'simulated chips, each with its own errors', wholeNumber(1, 1e4), 3)
    .option('--seed <n>', 'seed of all chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--workers <n>', 'worker threads of the numerics', wholeNumber(1, 256), availableParallelism())
    .option('--task-policy <name>', 'which ready task a digital core takes', 'oldest-inference')
    .option(
      '--inferences <n>',
      'inferences played back to back to find the steady state; default: 32, more where many are in flight at once',
      wholeNumber(1, 1e6),
    )
    .option('--out <dir>', 'folder of report.json and report.html; default: results/ARCHITECTURE-WORKLOAD')
    .option('--what-if', 'play every schedule again with parts faster and slower, for the report', false)
    .option('--trace <file>', "one schedule's play for ui.perfetto.dev: .json, or .json.gz")
    .option('--trace-schedule <partition>', 'which one, when several are played')
    .option('--trace-window <from..to>', 'only this part of its time, such as 10 us..20 us')
    .option('--trace-events <n>', 'at most so many events in the trace', wholeNumber(1000, 1e8), 1_000_000)
    .addOption(jsonOption())
    .action(async (architecture: string, workload: string, options: RunOptions) => {
      const [{ runExperiment }, cache, { openProgress }, { reportText }, { checkWritable }, { openTrace }] =
        await Promise.all([
          import('../experiment/experiment.ts'),
          import('../calibration-cache.ts'),
          import('./progress.ts'),
          import('../report/terminal.ts'),
          import('../report/write-atomically.ts'),
          import('./trace.ts'),
        ]);
      if (options.out?.trim() === '')
        throw new Fault('--out names no folder', { cure: 'such as --out results/mine' });
      if (!options.json || options.out !== undefined) await checkWritable(options.out ?? 'results');
      const trace = await openTrace(options);
      const progress = await openProgress();
      let report: Awaited<ReturnType<typeof runExperiment>>;
      try {
        report = await runExperiment({
          ...options,
          trace: trace.request,
          resimulate: options.whatIf,
          architecture,
          workload,
          overrides: options.set,
          schedules: options.schedule,
          calibrations: new cache.CalibrationCache(cache.calibrationFolder()),
          signal,
          onProgress: progress.show,
        });
      } catch (error) {
        await trace.abort();
        throw error;
      } finally {
        progress.close();
      }
      for (const line of await trace.commit()) process.stderr.write(`${line}\n`);
      const text = `${JSON.stringify(report, null, 2)}\n`;
      const folder = options.out ?? join('results', folderName(report));
      if (!options.json || options.out !== undefined) {
        const { writeReport } = await import('./write-report.ts');
        const files = await writeReport(folder, text, report);
        const traced = options.trace === undefined ? '' : `\nTrace: ${options.trace}`;
        if (!options.json) print(`${reportText(report)}\n\nReport: ${files}${traced}`);
      }
      if (options.json) process.stdout.write(text);
    });
}

interface RunOptions extends JsonOption, TraceOptions {
  readonly schedule: string[];
  readonly set: string[];
  readonly samples: number;
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  readonly taskPolicy: string;
  readonly inferences?: number;
  readonly whatIf: boolean;
  readonly out?: string;
}

// Names come from files of strangers: no separators, no dots in front.
function folderName({ architecture, workload }: Report): string {
  return `${architecture.name}-${workload.name}`.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
}
