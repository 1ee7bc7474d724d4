/** Names of the JSON Schemas that `kirchhoff schema` prints; apart from the schemas, so that `--help` loads none of them. */
export const schemaNames = {
  editors: ['architecture', 'macro', 'workload', 'layers', 'scenario'],
  scripts: ['report', 'explanation', 'show', 'show-macro', 'list', 'check', 'serving', 'study', 'trace'],
} as const;
