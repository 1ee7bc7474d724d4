import { Command, Option } from 'commander';
import type { SpiceOptions } from './export.ts';
import { collect, positiveNumber, print, wholeNumber } from './option-values.ts';

/** `kirchhoff export`: a command for each other tool. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a part of a simulated chip for another tool')
    .addCommand(spiceCommand());
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
      const { exportSpice } = await import('./export.ts');
      const deck = await exportSpice(architecture, workload, options);
      if (options.out === undefined) {
        print(deck);
        return;
      }
      const { writeAtomically } = await import('../report/write-atomically.ts');
      await writeAtomically(options.out, deck);
    });
}
