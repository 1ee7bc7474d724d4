import { type ArchitectureSpec, architectureSchema, checkArchitecture } from '../hardware/architecture.ts';
import { readYaml, type Spec } from './yaml/read-yaml.ts';

/**
 * The architecture that a YAML file describes, with `path=value` overrides: schema, then the contradictions
 * between its parts. Throws Faults, each at its place in the file or at the `--set` that caused it.
 */
export function readArchitecture(
  file: string,
  sets: readonly string[] = [],
): Promise<Spec<ArchitectureSpec>> {
  return readYaml(file, architectureSchema, { sets, check: checkArchitecture });
}
