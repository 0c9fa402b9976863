import { gzipSync } from 'node:zlib';
import { csvTables, runCsv } from './run-csv';
import { looksLikeTable } from '../../../../lambda-src/engine/csv/detect-csv';
import { expectFailure } from '../../../support/expect-failure';

const { csv } = csvTables();

function detect(text: string | Uint8Array, complete = true): boolean | undefined {
  return looksLikeTable(Buffer.from(text), complete, csv);
}

describe('a table is told by a column that is known', () => {
  test.each([
    ['among others', 'x,GENDER,y\n1,2,3\n'],
    ['as the only one', 'ssn\n999-12-3456\n'],
    ['in quotes', '"x","Birth Date"\n'],
    ['in quotes with a line end beside it', '"x\ny",zip\n'],
    ['without rows', 'mrn,zip'],
    ['below blank lines', '\n \t\n\r\nmrn,zip\n'],
    ['between bars', 'BENE_ID|CLM_ID|CLM_FROM_DT\n'],
    ['between tabs, the first of them without a name', '\tzip\tage\n'],
    ['between semicolons', 'x;zip;y\n'],
  ])('%s', (_, text) => {
    expect(detect(text)).toBe(true);
  });

  test.each([
    ['a row without header', '3edac2e3,2014-10-06,white,M\n'],
    ['a table that nobody knows', 'colour,shape\nred,round\n'],
    ['a JSON array', '["zip","age"]\n'],
    ['a sentence', 'Dear Dr. Ashwood, the state of the patient\n'],
    ['HL7', 'MSH|^~\\&|A|B\rPID|1\r'],
    ['XML', '<zip>02139</zip>\n'],
    ['an open quote', '"zip,age\n1,2\n'],
  ])('%s is none', (_, text) => {
    expect(detect(text)).toBe(false);
  });

  test('which may take more bytes to be seen', () => {
    expect(detect('x,GEN', false)).toBeUndefined();
    expect(detect('"zip\n', false)).toBeUndefined();
    expect(detect('x,GENDER\n', false)).toBe(true);
    expect(detect('x,y\n', false)).toBe(false);
  });

  test('but not more than any header has', () => {
    expect(detect('x,'.repeat(200_000), false)).toBe(false);
  });
});

describe('the delimiter is the one that makes most columns known', () => {
  test.each([
    ['zip,age;x\n02139,5;1\n', 'zip\n021\n'],
    ['zip|age|x\n02139|5|1,2\n', 'zip|age\n021|5\n'],
    ['"zip";"a,ge";state,x;age\n"02139";1;2;3\n', '"zip";age\n"021";3\n'],
    ['zip\tage\n"02139"\t\n', 'zip\tage\n"021"\t\n'],
  ])('%j', async (source, output) => {
    expect((await runCsv(source)).text).toBe(output);
  });
});

describe('the engine', () => {
  test.each<[string, string | Uint8Array]>([
    ['plain', 'zip,age\n02139,42\n'],
    ['with a byte order mark', '\ufeffzip,age\r\n02139,42\r\n'],
    ['compressed', gzipSync('zip,age\n02139,42')],
  ])('reads a table %s', async (_, source) => {
    const run = await runCsv(source);
    expect([run.format, run.text, run.counts.written]).toEqual(['csv', 'zip,age\n021,42\n', 1]);
  });

  test('writes nothing for a header without rows', async () => {
    const run = await runCsv('zip,age\n');
    expect([run.failure, run.format, run.text]).toEqual([undefined, 'csv', '']);
    expect(run.counts).toMatchObject({ read: 0, written: 0 });
    expect(run.output).toMatchObject({ count: 0, bytes: 0 });
  });

  test.each(['', '\n\n', 'colour,shape\nred,round\n'])('takes %j for no source', async (source) => {
    expectFailure(await runCsv(source), 'SRC_UNKNOWN_FORMAT');
  });

  test.each<[string, Uint8Array]>([
    ['UTF-16, little endian', Buffer.from('PATIENT,zip\n', 'utf16le')],
    ['UTF-16, little endian, with a mark', Buffer.from('\ufeffzip,age\n', 'utf16le')],
    ['UTF-16, big endian', Buffer.from('PATIENT,zip\n', 'utf16le').swap16()],
    ['UTF-16 that begins with a quote', Buffer.from('"zip",age\n', 'utf16le')],
    ['UTF-32, big endian', Buffer.from([...'zip,age\n'].flatMap((c) => [0, 0, 0, c.charCodeAt(0)]))],
  ])('refuses %s', async (_, source) => {
    expectFailure(await runCsv(source), 'SRC_ENCODING');
  });
});
