import { Command } from 'commander';
import { type JsonOption, jsonOption, printDocument } from './option-values.ts';

/** `kirchhoff list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('the parts that specs and flags may name')
    .argument(
      '[list]',
      'adc, dac, device, iv, macro, programming, sample-and-hold, shift-and-add, storage, memory, router, link, mac-array, vector-unit, function-unit, operator, layer, partition, load, window-policy, request-policy, task-policy or preprocessing',
    )
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: JsonOption) => {
      const { listDocument, listText } = await import('./list.ts');
      printDocument(listDocument(name), options, listText);
    });
}
