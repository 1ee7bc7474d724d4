import { Command } from 'commander';
import { print } from './option-values.ts';
import { schemaNames } from './schema-names.ts';

/** `kirchhoff schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      `print a JSON Schema: ${listed(schemaNames.editors, 'and')} for editors, ${listed(schemaNames.scripts, 'and')} for scripts`,
    )
    .argument('<name>', listed([...schemaNames.editors, ...schemaNames.scripts], 'or'))
    .action(async (name: string) => {
      const { schemaNamed } = await import('./schemas.ts');
      print(JSON.stringify(schemaNamed(name), null, 2));
    });
}

/** `a, b and c`. */
function listed(names: readonly string[], word: 'and' | 'or'): string {
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
