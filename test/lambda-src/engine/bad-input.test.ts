import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { NOTHING_CHANGED } from '../../../lambda-src/engine/contract';
import { expectFailure } from '../../support/expect-failure';
import { runEngine } from '../../support/run-engine';

const PATIENT = '{"resourceType":"Patient","id":"p1"}';

describe('a source that is no source', () => {
  test.each<[string, Uint8Array | string]>([
    ['an empty file', ''],
    ['a file of blank lines', ' \n\r\n\t\n'],
    ['a byte order mark alone', '\ufeff'],
    ['a single byte', 'x'],
    ['a gzip member of nothing', gzipSync('')],
    ['a zip file', Buffer.from('504b0304140000000800', 'hex')],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['a JSON array', `[${PATIENT}]`],
    ['a text', 'name,birth\nx,y\n'],
    ['a gzip file inside a gzip file', gzipSync(gzipSync(PATIENT))],
  ])('%s is of an unknown format', async (_, source) => {
    expectFailure(await runEngine(source), 'SRC_UNKNOWN_FORMAT');
  });

  test.each<[string, string, number[]]>([
    ['UTF-16, little endian, with a mark', 'utf16le', [0xff, 0xfe]],
    ['UTF-16, little endian, without a mark', 'utf16le', []],
  ])('%s is an encoding that is refused', async (_, encoding, mark) => {
    const source = Buffer.concat([Buffer.from(mark), Buffer.from(PATIENT, encoding as BufferEncoding)]);
    expectFailure(await runEngine(source), 'SRC_ENCODING');
  });

  test.each<[string, number, number[]]>([
    ['UTF-16, big endian, with a mark', 2, [0xfe, 0xff]],
    ['UTF-16, big endian, without a mark', 2, []],
    ['UTF-32, big endian, with a mark', 4, [0, 0, 0xfe, 0xff]],
    ['UTF-32, big endian, without a mark', 4, []],
  ])('%s is an encoding that is refused', async (_, width, mark) => {
    const wide = [...PATIENT].flatMap((char) => [...Array<number>(width - 1).fill(0), char.charCodeAt(0)]);
    expectFailure(await runEngine(Buffer.from([...mark, ...wide])), 'SRC_ENCODING');
  });
});

describe('a record that is broken', () => {
  test('is rejected with its place and its bytes, and the rest goes on', async () => {
    const run = await runEngine(`${PATIENT}\n{"resourceType":"Pat\n${PATIENT}\n`);
    expect(run.failure).toBeUndefined();
    expect(run.counts).toEqual({
      read: 3,
      written: 2,
      dropped: 0,
      rejected: 1,
      byType: { Patient: 2 },
      byError: { REC_SYNTAX: 1 },
    });
    const raw = '{"resourceType":"Pat';
    expect(run.rejectLines).toEqual([
      {
        code: 'REC_SYNTAX',
        format: 'fhir-ndjson',
        index: 1,
        byteOffset: 37,
        length: 20,
        sha256: createHash('sha256').update(raw).digest('hex'),
        raw,
      },
    ]);
  });

  test.each(['{"resourceType":"Patient","id":"p', '{"resourceType":"Patient",', '{"id":"x"', '{'])(
    'as the first line (%s) does not take the rest with it',
    async (broken) => {
      const run = await runEngine(`${broken}\n${PATIENT}\n${PATIENT}\n`);
      expect(run.counts).toMatchObject({ read: 3, written: 2, byError: { REC_SYNTAX: 1 } });
    },
  );

  test('as a last line that is cut off is rejected alone', async () => {
    const run = await runEngine(`${PATIENT}\n${PATIENT.slice(0, -5)}`);
    expect(run.counts).toMatchObject({ read: 2, written: 1, byError: { REC_SYNTAX: 1 } });
  });

  test('as a line that is no object is rejected', async () => {
    const run = await runEngine(`${PATIENT}\nnull\n[1]\n"text"\n`);
    expect(run.counts).toMatchObject({ read: 4, written: 1, byError: { REC_SYNTAX: 3 } });
  });

  test('keeps bytes that are no text as base64', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x00]);
    const run = await runEngine([`${PATIENT}\n`, bytes, '\n']);
    expect(run.rejectLines[0].raw).toBeUndefined();
    expect(Buffer.from(run.rejectLines[0].rawBase64!, 'base64')).toEqual(bytes);
  });

  test('keeps quotes, control characters and all else of a text', async () => {
    const raw = '{"a":"\\u0041 \u0001 \u001f \u007f é 😀 \\';
    const run = await runEngine(`${PATIENT}\n${raw}\n`);
    expect(run.rejectLines[0].raw).toBe(raw);
  });

  test('whose transform throws is rejected as such, without a byte of output or a word of the error', async () => {
    const run = await runEngine(`${PATIENT}\n`, {
      createTransform: () => ({
        recordEnd: 0x0a,
        lastType: undefined,
        lastPath: undefined,
        counts: () => NOTHING_CHANGED,
        transform: (bytes, start, end, out) => {
          out.copy(bytes, start, end);
          throw new Error('CANARY');
        },
      }),
    });
    expect(run.text).toBe('');
    expect(run.counts.byError).toEqual({ DEID_FAILED: 1 });
    expect(
      JSON.stringify({ ...run, rejectLines: run.rejectLines.map((line) => ({ ...line, raw: '' })) }),
    ).not.toContain('CANARY');
  });
});

describe('a record above the cap', () => {
  const limits = { maxRecordBytes: 100 };
  const large = `{"resourceType":"Patient","id":"${'x'.repeat(100)}"}`;

  test.each<[string, string]>([
    ['first', `${large}\n${PATIENT}\n`],
    ['last', `${PATIENT}\n${large}`],
    ['between others', `${PATIENT}\n${large}\n${PATIENT}\n`],
  ])('is rejected without its bytes when it comes %s', async (_, source) => {
    const run = await runEngine(source, { limits });
    expect(run.counts).toMatchObject({ rejected: 1, byError: { REC_TOO_LARGE: 1 } });
    expect(run.counts.written).toBeGreaterThan(0);
    expect(run.rejectLines[0]).toMatchObject({
      code: 'REC_TOO_LARGE',
      length: large.length,
      sha256: createHash('sha256').update(large).digest('hex'),
    });
    expect(run.rejectLines[0]).not.toHaveProperty('raw');
  });

  test('of 50 MB takes no more memory than the cap', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const source = [`${PATIENT}\n{"id":"`, ...Array<Uint8Array>(50).fill(piece), `"}\n${PATIENT}\n`];
    const before = process.memoryUsage().arrayBuffers;
    const run = await runEngine(source, { limits: { maxRecordBytes: 1024 * 1024 } });
    expect(run.counts).toMatchObject({ read: 3, written: 2, byError: { REC_TOO_LARGE: 1 } });
    expect(run.rejectLines[0].length).toBe(50 * 1024 * 1024 + 9);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 1024 * 1024);
  });

  test('of exactly the cap is read', async () => {
    const exact = PATIENT.padEnd(100).replace(/( +)$/, '').slice(0, -1) + ' '.repeat(100 - PATIENT.length) + '}';
    expect(exact).toHaveLength(100);
    expect((await runEngine(`${exact}\n`, { limits })).counts.written).toBe(1);
    expect((await runEngine(`${exact.replace(':', ': ')}\n`, { limits })).counts.rejected).toBe(1);
  });
});
