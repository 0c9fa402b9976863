import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DeadlineError, deidentify } from '../../../lambda-src/engine';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import { PassThrough } from '../../support/pass-through';
import { runEngine, TEST_LIMITS, type Run } from '../../support/run-engine';

const PATIENT = '{"resourceType":"Patient","id":"p1"}';
const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** What holds for every source that fails as a whole. */
function expectFailure(run: Run, code: string): void {
  expect(run.failure).toBe(code);
  expect(run.counts).toMatchObject({ written: 0, dropped: 0, rejected: run.counts.read, byType: {} });
  expect(run.counts.byError).toHaveProperty(code);
  expect(Object.values(run.counts.byError).reduce((a, b) => a + b, 0)).toBe(run.counts.rejected);
  expect(run.output).toEqual({ count: 0, bytes: 0, compressedBytes: 0, sha256: EMPTY_SHA256 });
  expect(run.rejects).toEqual(run.output);
  expect(run.deid).toEqual({ redacted: 0, hashed: 0, generalized: 0, shifted: 0 });
}

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

describe('gzip', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `{"resourceType":"Patient","id":"p${i}"}\n`);
  const whole = gzipSync(lines.join(''));

  test('is read whatever the file is called, and told in the result', async () => {
    const run = await runEngine(whole);
    expect(run).toMatchObject({ encoding: 'gzip', format: 'fhir-ndjson', bytesRead: lines.join('').length });
    expect(run.lines).toHaveLength(200);
  });

  test('plain text that is only named gzip is read as what it is', async () => {
    expect(await runEngine(lines)).toMatchObject({ encoding: 'identity', counts: { written: 200 } });
  });

  test('of several members, cut anywhere, is one text', async () => {
    const members = lines.map((line) => gzipSync(line));
    expect((await runEngine(members)).lines).toHaveLength(200);
    expect((await runEngine(Buffer.concat(members))).lines).toHaveLength(200);
  });

  test('may end in padding of zeros', async () => {
    expect((await runEngine([whole, Buffer.alloc(100)])).lines).toHaveLength(200);
    expect((await runEngine(Buffer.concat([whole, Buffer.alloc(100)]))).lines).toHaveLength(200);
  });

  test.each<[string, Uint8Array[]]>([
    ['nothing but the magic', [whole.subarray(0, 2)]],
    ['half of it', [whole.subarray(0, whole.length / 2)]],
    ['all but the last byte', [whole.subarray(0, -1)]],
    ['a second member that is cut off', [whole, whole.subarray(0, 30)]],
    ['text after its end', [whole, Buffer.from('trailing')]],
    ['a member after padding, which a plain reader would lose', [whole, Buffer.alloc(8), whole]],
    ['text after padding in one chunk', [Buffer.concat([whole, Buffer.alloc(8), Buffer.from('x')])]],
    ['a wrong checksum', [Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)])]],
    ['a damaged byte', [Buffer.concat([whole.subarray(0, 40), Buffer.alloc(8, 0xff), whole.subarray(48)])]],
  ])('with %s is corrupt', async (_, source) => {
    expectFailure(await runEngine(source), 'SRC_CORRUPT_GZIP');
  });

  test('that expands like a bomb is refused, and one just as large that does not is read', async () => {
    const line = `${PATIENT}${' '.repeat(1024 * 1024)}\n`;
    const bomb = gzipSync(line.repeat(80));
    expectFailure(await runEngine(bomb), 'SRC_EXPANSION');
    expect((await runEngine(bomb, { limits: { maxExpansion: 2000 } })).counts.written).toBe(80);
  });

  test('of few bytes may expand as it likes', async () => {
    const run = await runEngine(gzipSync(`${PATIENT}${' '.repeat(1024 * 1024)}\n`.repeat(20)));
    expect(run).toMatchObject({ counts: { written: 20 } });
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
        lastType: undefined,
        lastPath: undefined,
        redacted: 0,
        hashed: 0,
        generalized: 0,
        shifted: 0,
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

describe('the share of rejects', () => {
  const source = (good: number, bad: number): string => `${PATIENT}\n`.repeat(good) + '{bad}\n'.repeat(bad);

  test('fails the source when it exceeds the limit, with every record counted as rejected', async () => {
    const run = await runEngine(source(949, 51));
    expectFailure(run, 'REJECT_RATIO_EXCEEDED');
    expect(run.counts.read).toBe(1000);
    expect(run.counts.byError).toEqual({ REC_SYNTAX: 51, REJECT_RATIO_EXCEEDED: 949 });
  });

  test('at the limit is accepted', async () => {
    expect((await runEngine(source(950, 50))).counts).toMatchObject({ read: 1000, written: 950, rejected: 50 });
  });

  test('says nothing about fewer than a thousand records', async () => {
    expect((await runEngine(source(1, 998))).counts).toMatchObject({ written: 1, rejected: 998 });
  });
});

describe('what is thrown', () => {
  test('the deadline, asked between chunks, completes nothing', async () => {
    let asked = 0;
    const run = runEngine(Array<string>(10).fill(`${PATIENT}\n`), { pastDeadline: () => ++asked > 3 });
    await expect(run).rejects.toBeInstanceOf(DeadlineError);
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE', message: 'DEADLINE' });
    expect(asked).toBe(4);
  });

  test('an error of the source itself comes through as it is, to be tried again', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(`${PATIENT}\n`);
      throw new Error('connection reset');
    };
    const nowhere = { write: () => undefined };
    await expect(
      deidentify(
        {
          source: failing(),
          output: nowhere,
          rejects: nowhere,
          tables: {
            version: 1,
            policy: { profile: 'test', sha256: '' },
            limits: TEST_LIMITS,
          } as CompiledTables,
          key: new Uint8Array(32),
          referenceDate: '2024-06-30',
        },
        () => new PassThrough(),
      ),
    ).rejects.toThrow('connection reset');
  });
});
