import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { Fault } from '../base/fault.ts';
import { type ArchitectureSpec, architectureSchema, checkArchitecture } from '../hardware/architecture.ts';
import { resolveParts } from '../hardware/resolve-parts.ts';
import { readDeviceTable } from './device-table.ts';
import { describesMacro } from './macro.ts';
import { readTextFile } from './text-file.ts';
import { readYaml, type Spec } from './yaml/read-yaml.ts';

/**
 * The architecture that a YAML file describes, with `path=value` overrides: schema, then the contradictions
 * between its parts, then the tables of the user's own cells, which lie beside it. Throws Faults, each at its place in
 * the file or at the `--set` that caused it.
 */
export async function readArchitecture(
  file: string,
  sets: readonly string[] = [],
): Promise<Spec<ArchitectureSpec>> {
  if (describesMacro(await readTextFile(file, 1 << 20))) {
    throw new Fault('describes a macro, which runs no network', {
      cure: `look at it with kirchhoff show ${file}`,
      place: { file },
    });
  }
  const written = await readYaml(file, architectureSchema, {
    sets,
    check: (value) => checkArchitecture(resolveParts(value)),
  });
  const spec = { ...written, value: resolveParts(written.value) };
  const core = spec.value.analogCore;
  if (core === undefined) return spec;
  const hash = createHash('sha256').update(spec.hash);
  let tables = 0;
  const cell = { ...core.cell };
  for (const moment of ['program', 'drift', 'read'] as const) {
    const model = cell[moment];
    if (model.type !== 'table') continue;
    const { file: name, maxConductance, after } = model as unknown as TableKeys;
    const { text, rows } = await readDeviceTable(resolve(dirname(file), name), { maxConductance, after });
    hash.update(text);
    cell[moment] = { ...model, rows };
    tables += 1;
  }
  if (tables === 0) return spec;
  return { ...spec, value: { ...spec.value, analogCore: { ...core, cell } }, hash: hash.digest('hex') };
}

/** The keys of a user's table of cells that say how its file is read. */
interface TableKeys {
  readonly file: string;
  readonly maxConductance?: number;
  readonly after: number;
}
