import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Json, JsonObject } from '../lambda-src/engine/fhir/reference-walk';
import { run, TABLES } from '../lambda-src/engine/fhir/run-transform';

const folder = path.join(process.env.PHI_TEST_DATA ?? '/nowhere', 'fhir-r4');
const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

/** Names under which a source holds what must not come out; `value` and `reference` are looked at with their owners. */
const SECRET =
  /^(family|given|prefix|suffix|line|city|postalCode|id|display|div|text|name|title|data|valueString|fullUrl)$/;
const FULL_DATE = /\b\d{4}-\d{2}(-\d{2})?/;

function collect(value: Json, name: string, secrets: Set<string>): void {
  if (Array.isArray(value)) {
    value.forEach((item) => collect(item, name, secrets));
  } else if (typeof value === 'object' && value !== null) {
    const owner = ['identifier', 'telecom'].includes(name);
    for (const [key, child] of Object.entries(value)) {
      if (owner && key === 'value' && typeof child === 'string') secrets.add(child);
      else collect(child, key, secrets);
    }
  } else if (typeof value === 'string' && (SECRET.test(name) || FULL_DATE.test(value)) && value.length > 3) {
    secrets.add(value);
  }
}

function strings(value: Json, all: Set<string>): Set<string> {
  if (typeof value === 'string') {
    all.add(value);
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach((child) => strings(child as Json, all));
  }
  return all;
}

describe('real bundles', () => {
  test.each(files.map((_, index) => index))(
    'nothing that identifies anybody in bundle %d comes out, and decimals keep their text',
    (index) => {
      const source = fs.readFileSync(path.join(folder, files[index]), 'utf8');
      const bundle = JSON.parse(source) as { entry: { fullUrl?: string; resource: JsonObject }[] };
      const secrets = new Set<string>();
      collect(bundle as unknown as Json, '', secrets);
      const outcomes = bundle.entry.map(({ resource }) => run(resource));
      const leaks = new Set<number>();
      const written = new Set<string>();
      outcomes.forEach(({ json }) => strings(json, written));
      const output = outcomes.map(({ text }) => text).join('\n');
      // A display may be the word of a code or the name of a type: those come from the profile's closed lists.
      const listed = (word: string): boolean => /^[a-z][a-z-]*$/.test(word) || word in TABLES.fhir.resources;
      [...secrets].forEach((secret, number) => {
        if (listed(secret)) return;
        // A short text may be part of a code; a longer one must not even be part of anything.
        if (secret.length < 8 ? written.has(secret) : output.includes(JSON.stringify(secret).slice(1, -1))) {
          leaks.add(number);
        }
      });
      for (const text of written) {
        if (FULL_DATE.test(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '').replace(/^http.*/, ''))) {
          leaks.add(-1);
        }
      }
      // Numbers of the leaks only: a failing test must not print a record.
      expect([...leaks]).toEqual([]);
      expect(outcomes.filter(({ code }) => code !== undefined)).toHaveLength(0);
      expect(secrets.size).toBeGreaterThan(50);
    },
  );

  test('a value in bytes is the value in the output', () => {
    for (const file of files) {
      const source = fs.readFileSync(path.join(folder, file), 'utf8');
      const decimals = (source.match(/"value": ?-?\d+\.\d+/g) ?? []).map((match) => match.replace(/.*: ?/, ''));
      for (const decimal of new Set(decimals)) {
        const { text } = run(`{"resourceType":"Observation","valueQuantity":{"value":${decimal}}}`);
        expect(text).toBe(`{"resourceType":"Observation","valueQuantity":{"value":${decimal}}}`);
      }
    }
  });
});
