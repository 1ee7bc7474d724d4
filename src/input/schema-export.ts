import { architectureSchema } from '../hardware/architecture.ts';
import { anyMacroSchema } from '../hardware/macros/index.ts';
import { layerShapesSchema } from './layer-shapes/schema.ts';
import { scenarioSchema } from './scenario.ts';
import { workloadSchema } from './workload.ts';
import { jsonSchemaOf, type SchemaNode } from './yaml/schema-map.ts';

/** JSON Schemas (draft 7) of the YAML files, for completion and checks in editors; from the same source as the reader. */
export function inputSchemas(): Readonly<
  Record<'architecture' | 'macro' | 'workload' | 'layers' | 'scenario', SchemaNode>
> {
  return {
    architecture: published(jsonSchemaOf(architectureSchema), 'Kirchhoff architecture'),
    macro: published(jsonSchemaOf(anyMacroSchema), 'Kirchhoff macro'),
    workload: published(jsonSchemaOf(workloadSchema), 'Kirchhoff workload'),
    layers: published(jsonSchemaOf(layerShapesSchema), 'Kirchhoff layer shapes'),
    scenario: published(jsonSchemaOf(scenarioSchema), 'Kirchhoff serving scenario'),
  };
}

/** The schema as editors meet it: titled, and with the `parameters:` that the reader takes out first. */
function published({ $schema, ...schema }: SchemaNode, title: string): SchemaNode {
  const parameters = {
    description: 'names for quantities: a number, a quantity with its unit, or arithmetic over the others',
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
    additionalProperties: { type: ['number', 'string'], examples: ['8', '2 pJ', 'tileArea / 2'] },
  };
  const open = (node: SchemaNode) => ({ ...node, properties: { ...node.properties, parameters } });
  if (schema.oneOf !== undefined) return { $schema, title, ...schema, oneOf: schema.oneOf.map(open) };
  return { $schema, title, ...open(schema) };
}
