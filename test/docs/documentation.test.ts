import * as fs from 'fs';
import * as path from 'path';
import { identifierPage } from '../../build-src/identifier-table/page';
import { DeidPolicy, HipaaPipeline } from '../../src';
import { evidenceOf, list, testStack, text } from '../support/synth';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const safeguards = read('docs/safeguards.md');

/** What `document` leaves out of `words`. */
const missing = (document: string, words: Iterable<string>) => [...words].filter((word) => !document.includes(word));

const openItems = () => {
  const { stack } = testStack();
  new HipaaPipeline(stack, 'Claims');
  return list(list(evidenceOf(stack).stacks)[0].openItems);
};

test('A30 the page on safeguards tells what closes every item that is open by default', () => {
  const ids = new Set(openItems().map(({ id }) => text(id)));
  expect(ids.size).toBeGreaterThan(2);
  expect(missing(safeguards, ids)).toEqual([]);
  expect(missing(safeguards, ['an-item-that-nobody-declares'])).toHaveLength(1);
});

test('A30 every paragraph of 45 CFR 164 that the sources name is on the page', () => {
  const sources = fs
    .readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(path.join('src', file)));
  const cited = sources.flatMap((source) => source.match(/164\.\d{3}\([a-z]\)(\(\d+\))?(\([ivx]+\))?/g) ?? []);
  expect(new Set(cited).size).toBeGreaterThan(8);
  expect(missing(safeguards, new Set(cited))).toEqual([]);
});

test('A30 every code of a run that is not committed is explained', () => {
  const files = ['commit/errors', 'phi-processor/message', 'phi-processor/settings'];
  const sources = files.map((file) => read(`lambda-src/${file}.ts`)).join('\n');
  const codes = new Set(sources.match(/'(SOURCE|OUTPUT|MANIFEST|KEY)_[A-Z_]+'|'[A-Z]+_(DISAGREE|CONTENDED|INVALID)'/g));
  expect(codes.size).toBe(14);
  const named = [...codes, "'SOURCE_GONE'"].map((code) => code.replaceAll("'", '`'));
  expect(missing(read('docs/deidentification.md'), named)).toEqual([]);
});

test('A30 every code that a manifest or a reject can hold is explained', () => {
  const contract = read('lambda-src/engine/contract.ts');
  const codes = new Set(contract.match(/'(SRC|REC|FHIR|HL7|CSV|DEID)_[A-Z0-9_]+'|'REJECT_RATIO_EXCEEDED'|'DEADLINE'/g));
  expect(codes.size).toBeGreaterThan(19);
  const named = [...codes].map((code) => code.replaceAll("'", '`'));
  expect(missing(read('docs/deidentification.md'), named)).toEqual([]);
});

test('A30 every id that a test names is in the list of requirements, and every listed one is named', () => {
  const listed = new Set([...read('docs/requirements.md').matchAll(/^\| ([ABX]\d+) \|/gm)].map(([, id]) => id));
  const tests = fs
    .readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => read(path.join('test', file)).split('\n'))
    // Titles only: messages of HL7 v2 have types like these ids.
    .filter((line) => /^\s*(test|describe)\b|^\s*\]\)\(/.test(line));
  const named = new Set(tests.flatMap((title) => title.match(/(?<=['"`, ])[ABX]\d{1,2}(?=[ ,:])/g) ?? []));
  expect([...named].filter((id) => !listed.has(id))).toEqual([]);
  // The programs in four languages are compared outside Jest.
  expect([...listed].filter((id) => !named.has(id) && id !== 'X1')).toEqual([]);
});

test('A30 the page of the eighteen identifiers says what the compiled policy does', () => {
  // Else: npx projen identifier-table
  expect(read('docs/identifiers.md')).toBe(identifierPage(DeidPolicy.safeHarbor()._compile()));
});

test('A30 links of the README lead to files of the project', () => {
  const links = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(8);
  expect(links.filter((target) => !fs.existsSync(path.join(ROOT, target)))).toEqual([]);
});
