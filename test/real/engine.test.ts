import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DeidPolicy } from '../../src/deidentification/deid-policy';
import { cut, runEngine, type Run } from '../support/run-engine';

interface Bundle {
  readonly entry: readonly { readonly resource: Resource }[];
}

interface Resource {
  readonly resourceType: string;
  readonly [key: string]: unknown;
}

const DIR = join(process.env.PHI_TEST_DATA ?? '', 'fhir-r4');
const FILES = readdirSync(DIR)
  .filter((name) => name.endsWith('.json'))
  .sort();
const tables = DeidPolicy.safeHarbor()._compile();

async function run(source: Uint8Array | Uint8Array[]): Promise<Run> {
  return runEngine(source, { tables });
}

/** Names, addresses, numbers and free text of a patient: what must be found nowhere. Never printed. */
function identifiers({ entry }: Bundle): string[] {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= 5) found.add(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(collect);
  };
  for (const { resource } of entry) {
    for (const key of ['name', 'telecom', 'text', 'photo']) collect(resource[key]);
    for (const address of [resource.address].flat() as Record<string, unknown>[]) {
      for (const key of ['line', 'city', 'postalCode']) collect(address?.[key]);
    }
    for (const { value } of ([resource.identifier].flat() as { value?: unknown }[]).filter(Boolean)) collect(value);
    collect(resource.id);
    collect(resource.birthDate);
  }
  return [...found].filter((text) => !/^(http|urn:)/.test(text));
}

// Numbers instead of names: the files are called after their patients.
describe.each(FILES.map((name, i) => [i + 1, name] as const))('real Bundle %i', (_, name) => {
  const bytes = readFileSync(join(DIR, name));
  const bundle = JSON.parse(bytes.toString('utf8')) as Bundle;
  let result: Run;
  beforeAll(async () => {
    result = await run(bytes);
  });

  test('comes out whole', () => {
    const byType: Record<string, number> = {};
    for (const { resource } of bundle.entry) byType[resource.resourceType] = (byType[resource.resourceType] ?? 0) + 1;
    expect(result.failure).toBeUndefined();
    expect(result.format).toBe('fhir-bundle');
    expect(result.counts).toEqual({
      read: bundle.entry.length,
      written: bundle.entry.length,
      dropped: 0,
      rejected: 0,
      byType,
      byError: {},
    });
  });

  test('tells none of its identifiers', () => {
    const leaked = identifiers(bundle).filter((text) => result.text.includes(JSON.stringify(text).slice(1, -1)));
    expect(leaked.length).toBe(0);
  });

  test('is the same as NDJSON, compressed or cut to pieces', async () => {
    const lines = Buffer.from(bundle.entry.map(({ resource }) => JSON.stringify(resource)).join('\r\n'));
    const places = Array.from({ length: 200 }, (_unused, i) => i * 7919);
    const others = [bytes, gzipSync(bytes)].map(async (source) => run(cut(source, places)));
    for (const other of await Promise.all(others)) expect(other.output).toEqual(result.output);
    // Decimals that JSON.stringify wrote anew differ, so only counts can be compared.
    expect((await run(lines)).counts).toEqual(result.counts);
  });
});
