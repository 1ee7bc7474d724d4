import { Command } from 'commander';
import { collect, type JsonOption, jsonOption, printDocument } from './option-values.ts';

/** `kirchhoff show`. */
export function showCommand(): Command {
  return new Command('show')
    .description(
      'area, peak power and throughput of a chip by level and component; where each layer of a network went; a macro',
    )
    .argument('<architecture>', 'YAML file of a chip, or of a macro such as arch/macros/wang.yaml')
    .argument('[workload]')
    .option('--schedule <partition>', 'which placement to show', 'analog')
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .addOption(jsonOption())
    .action(async (file: string, workloadFile: string | undefined, options: ShowOptions) => {
      const { macroDocument, macroText } = await import('./show-macro.ts');
      const macro = await macroDocument(file, workloadFile, options.set);
      if (macro !== undefined) {
        printDocument(macro, options, macroText);
        return;
      }
      const { showDocument, showText } = await import('./show.ts');
      const { readArchitecture } = await import('../input/architecture.ts');
      const { value: spec } = await readArchitecture(file, options.set);
      const { technologyWarnings } = await import('../experiment/technology-override.ts');
      const notes = await technologyWarnings(file, options.set, spec);
      if (workloadFile === undefined) {
        printDocument(showDocument(spec, undefined, notes), options, showText);
        return;
      }
      const { planWorkload } = await import('../experiment/experiment.ts');
      const placed = await planWorkload(workloadFile, spec, options.schedule);
      printDocument(showDocument(spec, placed, notes), options, showText);
    });
}

interface ShowOptions extends JsonOption {
  readonly schedule: string;
  readonly set: string[];
}
