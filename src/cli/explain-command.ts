import { Command } from 'commander';
import type { ExplainOptions } from './explain.ts';
import { collect, type JsonOption, jsonOption, printDocument, wholeNumber } from './option-values.ts';

/** `kirchhoff explain`. */
export function explainCommand(signal: AbortSignal): Command {
  return new Command('explain')
    .description('why a schedule takes its time and energy, and what would change if a part were better')
    .argument('<architecture>', 'YAML file of the chip')
    .argument('<workload>', 'YAML file of the network')
    .option('--schedule <partition>', 'digital, analog, prefix:K, suffix:K, layers:A,B', 'analog')
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .option('--task-policy <name>', 'which ready task a digital core takes', 'oldest-inference')
    .option(
      '--inferences <n>',
      'inferences of every play; default: 32, more where many are in flight at once',
      wholeNumber(1, 1e6),
    )
    .option('--no-what-if', 'one play, none with parts faster and slower')
    .option('--flamegraph <file>', 'energy by layer and component as folded stacks, for speedscope')
    .addOption(jsonOption())
    .action(async (architecture: string, workload: string, options: ExplainOptions & JsonOption) => {
      const [{ explainCommandLine }, { explanationText }] = await Promise.all([
        import('./explain.ts'),
        import('../report/explanation-text.ts'),
      ]);
      const document = await explainCommandLine(architecture, workload, options, signal);
      printDocument(document, options, explanationText);
    });
}
