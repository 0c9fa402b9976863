import { gzipSync } from 'node:zlib';
import { expectFailure } from '../../../support/expect-failure';
import { Random } from '../../../support/random';
import { runEngine } from '../../../support/run-engine';

const PATIENT = '{"resourceType":"Patient","id":"p1"}';

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
  ])('with %s is truncated', async (_, source) => {
    expectFailure(await runEngine(source), 'SRC_TRUNCATED');
  });

  test.each<[string, Uint8Array[]]>([
    ['text after its end', [whole, Buffer.from('trailing')]],
    ['a member after padding, which a plain reader would lose', [whole, Buffer.alloc(8), whole]],
    ['text after padding in one chunk', [Buffer.concat([whole, Buffer.alloc(8), Buffer.from('x')])]],
    ['a wrong checksum', [Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)])]],
    ['a damaged byte', [Buffer.concat([whole.subarray(0, 40), Buffer.alloc(8, 0xff), whole.subarray(48)])]],
  ])('with %s is corrupt', async (_, source) => {
    expectFailure(await runEngine(source), 'SRC_CORRUPT_GZIP');
  });

  test('that is damaged fails at the same record however it was cut', async () => {
    const random = new Random(1);
    const records = Array.from({ length: 4000 }, () => `{"resourceType":"Patient","id":"${random.uuid()}"}\n`);
    const damaged = gzipSync(records.join(''));
    damaged.fill(0xff, damaged.length - 4000, damaged.length - 3900);
    const runs = await Promise.all(
      [1000, 5001, 32768, 50000, damaged.length].map((size) => runEngine(cut(damaged, size))),
    );
    expectFailure(runs[0], 'SRC_CORRUPT_GZIP');
    expect(runs[0].counts.read).toBeGreaterThan(1000);
    for (const run of runs) expect(run).toEqual(runs[0]);
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

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}
