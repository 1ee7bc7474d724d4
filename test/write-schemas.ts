import { writeFileSync } from 'node:fs';
import { publishedSchemas } from '../src/cli/schemas.ts';

// `npm run schemas`: brings the JSON Schemas of the repository up to date with the code that they come from.
for (const { file, schema } of Object.values(publishedSchemas())) {
  writeFileSync(new URL(`../${file}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
