import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Study } from '../report/study.ts';
import { Interrupted } from './interrupted.ts';
import { collect, type JsonOption, jsonOption, printDocument, wholeNumber } from './option-values.ts';
import type { ReproOptions } from './repro.ts';

/** `kirchhoff repro`: a command for each paper. */
export function reproCommand(signal: AbortSignal): Command {
  return new Command('repro')
    .description('ask again what a paper asked, on the networks that come along')
    .addCommand(analogAccuracyCommand(signal));
}

function analogAccuracyCommand(signal: AbortSignal): Command {
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
        import('./repro.ts'),
        import('./progress.ts'),
        import('../report/study-text.ts'),
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
