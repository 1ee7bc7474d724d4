import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { inputSchemas } from '../input/schema-export.ts';
import { documentSchemas } from '../report/documents.ts';

/** Every JSON Schema the product publishes, with the file of the repository that holds it. */
export function publishedSchemas(): Readonly<Record<string, { file: string; schema: unknown }>> {
  const { architecture, macro, workload, layers, scenario } = inputSchemas();
  const documents = Object.entries(documentSchemas).map(([name, schema]) => [
    name,
    { file: `src/report/schemas/${name}.schema.json`, schema: z.toJSONSchema(schema) },
  ]);
  return {
    architecture: { file: 'arch/architecture.schema.json', schema: architecture },
    macro: { file: 'arch/macros/macro.schema.json', schema: macro },
    workload: { file: 'workloads/workload.schema.json', schema: workload },
    layers: { file: 'workloads/layers.schema.json', schema: layers },
    scenario: { file: 'workloads/serving/scenario.schema.json', schema: scenario },
    ...Object.fromEntries(documents),
  };
}

/** One of them by name. */
export function schemaNamed(name: string): unknown {
  const schemas = publishedSchemas();
  const found = schemas[name];
  if (found !== undefined) return found.schema;
  throw new Fault(`no schema ${JSON.stringify(name)}`, { cure: `known: ${Object.keys(schemas).join(', ')}` });
}
