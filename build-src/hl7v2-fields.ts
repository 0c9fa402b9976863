/**
 * Writes the HL7 v2 field table that the policy compiler reads: every segment of versions 2.1 to 2.8 with the data types
 * of its fields, so that a policy path is resolved against the standard and not against somebody's memory.
 *
 *     tsx build-src/hl7v2-fields.ts OUT
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Hl7FieldTable } from '../src/deidentification/private/hl7v2/field-table';

type Fields = Readonly<Record<string, { readonly type: string }>>;
type Definitions = Readonly<Record<string, { readonly fields?: Fields }>>;
/** A version of the standard, as the dictionary holds it. */
interface Dictionary {
  readonly segments: Definitions;
  readonly types: Definitions;
  readonly messages: Readonly<Record<string, unknown>>;
}

const SEGMENTS = 181;

/** Types of each field in the order of the versions; a type that ends with one version may come back in another. */
function typesByField(definitions: readonly (Fields | undefined)[]): string[] {
  const types: string[][] = [];
  for (const fields of definitions) {
    for (const [number, { type }] of Object.entries(fields ?? {})) {
      const known = (types[Number(number) - 1] ??= []);
      if (!known.includes(type)) known.push(type);
    }
  }
  return Array.from(types, (known) => (known ?? []).join(' '));
}

/** By name, what the versions say of it. */
function collect(definitions: readonly Definitions[]): Record<string, string[]> {
  const names = [...new Set(definitions.flatMap((each) => Object.keys(each)))].sort();
  return Object.fromEntries(names.map((name) => [name, typesByField(definitions.map((each) => each[name]?.fields))]));
}

function buildTable(dictionaries: Readonly<Record<string, Dictionary>>): Hl7FieldTable {
  const all = Object.values(dictionaries);
  // The dictionary has one of two letters, which no message can have.
  const named = Object.entries(collect(all.map((dictionary) => dictionary.segments)));
  const segments = Object.fromEntries(named.filter(([id]) => id.length === 3));
  if (Object.keys(segments).length !== SEGMENTS) {
    const got = Object.keys(segments).length;
    throw new Error(`hl7v2-dictionary must hold ${SEGMENTS} segments, got ${got}; install version 1.8.0`);
  }
  const types = Object.entries(collect(all.map((dictionary) => dictionary.types)));
  const messages = all.flatMap((dictionary) => Object.keys(dictionary.messages));
  return {
    versions: Object.keys(dictionaries),
    segments,
    types: Object.fromEntries(types.filter(([, components]) => components.length > 0)),
    messageTypes: [...new Set(messages.map((name) => name.slice(0, 3)))].sort(),
  };
}

async function main(): Promise<void> {
  const [out] = process.argv.slice(2);
  if (!out) throw new Error('the file to write must be given, got nothing; call hl7v2-fields.ts OUT');
  // A module of the new kind: what is compiled to `require` cannot import it by a statement.
  const { dictionaries } = await import('hl7v2-dictionary');
  fs.mkdirSync(path.dirname(out), { recursive: true });
  fs.writeFileSync(out, JSON.stringify(buildTable(dictionaries)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
