import { Command } from 'commander';
import { type JsonOption, jsonOption, printDocument } from './option-values.ts';

/** `kirchhoff check`; the exit code is 2 where something is wrong. */
export function checkCommand(exit: { code: number }): Command {
  return new Command('check')
    .description('read architectures, workloads and models, and say what is wrong with them')
    .argument('<file...>')
    .addOption(jsonOption())
    .action(async (files: string[], options: JsonOption) => {
      const { checkDocument, checkText } = await import('./check.ts');
      const document = await checkDocument(files);
      const ok = document.files.every((file) => file.ok);
      if (options.json || ok) printDocument(document, options, checkText);
      else process.stderr.write(`${checkText(document)}\n`);
      exit.code = ok ? 0 : 2;
    });
}
