#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import { Fault } from './base/fault.ts';
import { explainCommand } from './cli/explain-command.ts';
import type { SpiceOptions } from './cli/export.ts';
import {
  collect,
  type JsonOption,
  jsonOption,
  positiveNumber,
  print,
  printDocument,
  wholeNumber,
} from './cli/option-values.ts';
import type { ReproOptions } from './cli/repro.ts';
import { schemaNames } from './cli/schema-names.ts';
import { compareCommand, serveCommand } from './cli/serving-commands.ts';
import type { TraceOptions } from './cli/trace.ts';
import type { Report } from './report/report.ts';
import type { Study } from './report/study.ts';
import { version } from './version.ts';

// Commands load what they need when they run: `--help` answers at once.

/** Runs a command line (without node and script); the exit code: 0, 2 for a fault of the input, 130 interrupted. */
export async function main(words: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const onInterrupt = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort(new Interrupted());
    // Whatever hangs by then is not worth waiting for.
    setTimeout(() => process.exit(130), 10_000).unref();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const exit = { code: 0 };
    await commandLine(interrupted.signal, exit).parseAsync(words, { from: 'user' });
    return exit.code;
  } catch (error) {
    return exitCode(error, interrupted.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

class Interrupted extends Error {}

function commandLine(signal: AbortSignal, exit: { code: number }): Command {
  const program = new Command('kirchhoff')
    .description('Cycle-level simulator of hybrid analog-digital DNN accelerators')
    .version(version(), '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

  program
    .command('run')
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
      'inferences played back to back to find the steady state',
      wholeNumber(1, 1e6),
      32,
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
          import('./experiment/experiment.ts'),
          import('./calibration-cache.ts'),
          import('./cli/progress.ts'),
          import('./report/terminal.ts'),
          import('./report/write-atomically.ts'),
          import('./cli/trace.ts'),
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
        const { writeReport } = await import('./cli/write-report.ts');
        const files = await writeReport(folder, text, report);
        const traced = options.trace === undefined ? '' : `\nTrace: ${options.trace}`;
        if (!options.json) print(`${reportText(report)}\n\nReport: ${files}${traced}`);
      }
      if (options.json) process.stdout.write(text);
    });

  program.addCommand(explainCommand(signal));
  program.addCommand(serveCommand(signal));
  program.addCommand(compareCommand(signal));

  program
    .command('check')
    .description('read architectures, workloads and models, and say what is wrong with them')
    .argument('<file...>')
    .addOption(jsonOption())
    .action(async (files: string[], options: JsonOption) => {
      const { checkDocument, checkText } = await import('./cli/check.ts');
      const document = await checkDocument(files);
      const ok = document.files.every((file) => file.ok);
      if (options.json || ok) printDocument(document, options, checkText);
      else process.stderr.write(`${checkText(document)}\n`);
      exit.code = ok ? 0 : 2;
    });

  program
    .command('list')
    .description('the parts that specs and flags may name')
    .argument(
      '[list]',
      'adc, dac, device, iv, macro, programming, sample-and-hold, shift-and-add, storage, memory, router, link, mac-array, vector-unit, function-unit, operator, layer, partition, load, window-policy, request-policy, task-policy or preprocessing',
    )
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: JsonOption) => {
      const { listDocument, listText } = await import('./cli/list.ts');
      printDocument(listDocument(name), options, listText);
    });

  program
    .command('show')
    .description(
      'area, peak power and throughput of a chip by level and component; where each layer of a network went; a macro',
    )
    .argument('<architecture>', 'YAML file of a chip, or of a macro such as arch/macros/wang.yaml')
    .argument('[workload]')
    .option('--schedule <partition>', 'which placement to show', 'analog')
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .addOption(jsonOption())
    .action(async (file: string, workloadFile: string | undefined, options: ShowOptions) => {
      const { macroDocument, macroText } = await import('./cli/show-macro.ts');
      const macro = await macroDocument(file, workloadFile, options.set);
      if (macro !== undefined) {
        printDocument(macro, options, macroText);
        return;
      }
      const { showDocument, showText } = await import('./cli/show.ts');
      const { readArchitecture } = await import('./input/architecture.ts');
      const { value: spec } = await readArchitecture(file, options.set);
      const { technologyWarnings } = await import('./experiment/technology-override.ts');
      const notes = await technologyWarnings(file, options.set, spec);
      if (workloadFile === undefined) {
        printDocument(showDocument(spec, undefined, notes), options, showText);
        return;
      }
      const { planWorkload } = await import('./experiment/experiment.ts');
      const placed = await planWorkload(workloadFile, spec, options.schedule);
      printDocument(showDocument(spec, placed, notes), options, showText);
    });

  program
    .command('schema')
    .description(
      `print a JSON Schema: ${listed(schemaNames.editors, 'and')} for editors, ${listed(schemaNames.scripts, 'and')} for scripts`,
    )
    .argument('<name>', listed([...schemaNames.editors, ...schemaNames.scripts], 'or'))
    .action(async (name: string) => {
      const { schemaNamed } = await import('./cli/schemas.ts');
      print(JSON.stringify(schemaNamed(name), null, 2));
    });

  program
    .command('repro')
    .description('ask again what a paper asked, on the networks that come along')
    .addCommand(reproCommand(signal));

  program
    .command('export')
    .description('write a part of a simulated chip for another tool')
    .addCommand(spiceCommand());

  // Every command inherits how errors end: one line, exit code 2.
  for (const command of program.commands.flatMap((one) => [one, ...one.commands]))
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  return program;
}

/** `a, b and c`. */
function listed(names: readonly string[], word: 'and' | 'or'): string {
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

function reproCommand(signal: AbortSignal): Command {
  return new Command('analog-accuracy')
    .description(
      'Xiao et al. 2022: cell errors, on/off ratio, converters, block size, IR drop and noise against accuracy',
    )
    .option(
      '--network <workload>',
      'YAML file of network and data (repeatable); default: LeNet-5, VGG-8 and ResNet-14',
      collect,
      [],
    )
    .option('--architecture <file>', 'the chip that every point changes; default: arch/crossbar-study.yaml')
    .option('--only <question>', 'ask only this question (repeatable)', collect, [])
    .option(
      '--images <n>',
      'test images of each point; default: 500, of networks over 2 MMACs 100',
      wholeNumber(1, 1e6),
    )
    .option('--chips <n>', 'simulated chips of each point', wholeNumber(2, 1e4), 10)
    .option('--seed <n>', 'seed of all chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--workers <n>', 'worker threads of the numerics', wholeNumber(1, 256), availableParallelism())
    .option('--out <dir>', 'folder of the results; finished points are kept there', 'results/analog-accuracy')
    .addOption(jsonOption())
    .action(async (options: ReproOptions & JsonOption) => {
      const [{ reproduceAnalogAccuracy }, { openProgress }, { studyText }] = await Promise.all([
        import('./cli/repro.ts'),
        import('./cli/progress.ts'),
        import('./report/study-text.ts'),
      ]);
      const progress = await openProgress();
      let answer: Awaited<ReturnType<typeof reproduceAnalogAccuracy>>;
      try {
        answer = await reproduceAnalogAccuracy(options, signal, progress.show);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new Interrupted(`interrupted: finished points are kept in ${join(options.out, 'points')}`);
      } finally {
        progress.close();
      }
      const text = (document: Study) => `${studyText(document)}\n\nReport: ${answer.report}`;
      printDocument(answer.document, options, text);
    });
}

function spiceCommand(): Command {
  return new Command('spice')
    .description('ngspice deck of one block of one layer: its cells and wires, every input driven')
    .argument('<architecture>', 'YAML file of the chip')
    .argument('<workload>', 'YAML file of network and data')
    .requiredOption('--layer <name>', 'a layer with weights')
    .option('--block <n>', 'which of its blocks', wholeNumber(0, 1e6), 0)
    .option('--slice <n>', 'which weight slice', wholeNumber(0, 15), 0)
    .addOption(
      new Option('--polarity <cells>', 'of separate pairs: the cells of which weights')
        .choices(['positive', 'negative'])
        .default('positive'),
    )
    .option('--chip <n>', 'which simulated chip', wholeNumber(0, 65535), 0)
    .option('--seed <n>', 'seed of all chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--voltage <volt>', 'of every input', positiveNumber, 0.2)
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .option('--out <file>', 'file of the deck; default: standard output')
    .action(async (architecture: string, workload: string, options: SpiceOptions & { out?: string }) => {
      const { exportSpice } = await import('./cli/export.ts');
      const deck = await exportSpice(architecture, workload, options);
      if (options.out === undefined) {
        print(deck);
        return;
      }
      const { writeAtomically } = await import('./report/write-atomically.ts');
      await writeAtomically(options.out, deck);
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
  readonly inferences: number;
  readonly whatIf: boolean;
  readonly out?: string;
}

interface ShowOptions extends JsonOption {
  readonly schedule: string;
  readonly set: string[];
}

// Names come from files of strangers: no separators, no dots in front.
function folderName({ architecture, workload }: Report): string {
  return `${architecture.name}-${workload.name}`.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
}

function exitCode(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    const kept = error instanceof Interrupted && error.message !== '';
    process.stderr.write(`${kept ? error.message : 'interrupted: nothing was written'}\n`);
    return 130;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const hint =
      error.code === 'commander.excessArguments' ? " (quote values with spaces: --set 'path=1 GHz')" : '';
    const text = error.message.replace(/^error: /, '').trim() + hint;
    process.stderr.write(
      `kirchhoff: ${text.startsWith('(outputHelp)') ? 'no command given (try kirchhoff --help)' : text}\n`,
    );
    return 2;
  }
  if (error instanceof Fault) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const detail =
    error instanceof Error ? (process.env.KIRCHHOFF_DEBUG ? error.stack : error.message) : String(error);
  process.stderr.write(
    `kirchhoff failed, and not because of its input: ${detail}\n(KIRCHHOFF_DEBUG=1 shows where; please report it)\n`,
  );
  return 1;
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === realpathSync(fileURLToPath(import.meta.url))) {
  // A reader that has seen enough, such as `head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2));
}
