import { bench, MIXED } from './bench';
import { STAND_IN_TABLES, standInEngine } from './stand-in-engine';
import type { Manifest } from '../../../lambda-src/commit';
import { assertAccounted, failedCounts, outputEntry, sameOutcome } from '../../../lambda-src/commit/manifest';
import type { EngineResult } from '../../../lambda-src/engine/contract';

async function manifestOf(lines: string[]): Promise<Manifest> {
  const outcome = await bench(lines).run();
  if (!('manifest' in outcome)) throw new Error(`expected a manifest, got ${outcome.status}`);
  return outcome.manifest;
}

test.each<[string, (manifest: Manifest) => Partial<Manifest>]>([
  ['run', () => ({ runId: 'f'.repeat(32) })],
  ['status', () => ({ status: 'FAILED' })],
  ['output', () => ({ output: [] })],
  ['content of the output', ({ output }) => ({ output: output.map((one) => ({ ...one, sha256: 'f'.repeat(64) })) })],
  ['number of records written', ({ output }) => ({ output: output.map((one) => ({ ...one, count: 9 })) })],
  ['content of the rejects', ({ error }) => ({ error: error.map((one) => ({ ...one, hmac: 'f'.repeat(64) })) })],
  ['number of rejects', ({ error }) => ({ error: error.map((one) => ({ ...one, count: 9 })) })],
  ['count of records read', ({ counts }) => ({ counts: { ...counts, read: 9 } })],
  ['count of records written', ({ counts }) => ({ counts: { ...counts, written: 9 } })],
  ['count of records dropped', ({ counts }) => ({ counts: { ...counts, dropped: 9 } })],
  ['count of records rejected', ({ counts }) => ({ counts: { ...counts, rejected: 9 } })],
])('a manifest of another %s accounts for another outcome', async (_, changed) => {
  const manifest = await manifestOf(MIXED);
  expect(sameOutcome({ ...manifest, ...changed(manifest) }, manifest)).toBe(false);
});

test('the times and the processor of a run are no part of its outcome', async () => {
  const manifest = await manifestOf(MIXED);
  const times = { startedAt: '2030-01-01T00:00:00.000Z', endedAt: '2030-01-01T00:00:01.000Z' };
  const processor = { ...manifest.processor, runtime: 'nodejs99.x' };
  expect(sameOutcome({ ...manifest, ...times, processor }, manifest)).toBe(true);
});

describe('the counts of a failed run', () => {
  const counts = { read: 3, written: 1, dropped: 0, rejected: 2, byType: { Patient: 1 } };
  const byErrorOf = (byError: object) => failedCounts({ ...counts, byError }, 'SRC_TRUNCATED').byError;

  test('name its failure for the records that no error explains, and no error without a record', () => {
    expect(byErrorOf({ REC_SYNTAX: 2, REC_TOO_LARGE: 0 })).toEqual({ REC_SYNTAX: 2, SRC_TRUNCATED: 1 });
  });

  test('do not name it where each record has an error of its own', () => {
    expect(byErrorOf({ REC_SYNTAX: 3 })).toEqual({ REC_SYNTAX: 3 });
  });
});

test('an output of resources of several types has the type of all of them', () => {
  const counts = { read: 2, written: 2, dropped: 0, rejected: 0, byError: {} };
  const digest = { count: 2, bytes: 9, compressedBytes: 9, sha256: 'a'.repeat(64) };
  expect(outputEntry('u', { ...counts, byType: { Patient: 2 } }, digest).type).toBe('Patient');
  expect(outputEntry('u', { ...counts, byType: { Patient: 1, Group: 1 } }, digest).type).toBe('Resource');
});

describe('a result', () => {
  const sink = { write: () => undefined };
  const source = (async function* lines() {
    yield Buffer.from(MIXED.join('\n'));
  })();
  let result: EngineResult;
  beforeAll(async () => {
    const input = { source, output: sink, rejects: sink, tables: STAND_IN_TABLES, key: Buffer.alloc(32) };
    result = await standInEngine().deidentify({ ...input, referenceDate: '2024-03-05' });
  });

  test('whose counts add up may be committed', () => {
    expect(() => assertAccounted(result, true)).not.toThrow();
  });

  test.each<[string, (result: EngineResult) => Partial<EngineResult>]>([
    ['a record that was read and is nowhere', ({ counts }) => ({ counts: { ...counts, read: counts.read + 1 } })],
    ['a rejected record without its error', ({ counts }) => ({ counts: { ...counts, byError: { REC_SYNTAX: 1 } } })],
    ['an error without its rejected record', ({ counts }) => ({ counts: { ...counts, byError: { REC_SYNTAX: 3 } } })],
    ['fewer records in the output', ({ output }) => ({ output: { ...output, count: output.count - 1 } })],
    ['fewer records among the rejects', ({ rejects }) => ({ rejects: { ...rejects, count: rejects.count - 1 } })],
    ['a count below zero', ({ counts }) => ({ counts: { ...counts, read: counts.read - 2, dropped: -1 } })],
    ['half a record', ({ counts }) => ({ counts: { ...counts, read: counts.read + 0.5, dropped: 1.5 } })],
  ])('with %s may not', (_, changed) => {
    expect(() => assertAccounted({ ...result, ...changed(result) }, true)).toThrow('COUNTS_DISAGREE');
  });

  test('of a run that only validates may have nothing written and nothing set aside', () => {
    const { counts, output, rejects } = result;
    const none = { ...rejects, count: 0 };
    const validated = { ...counts, written: 0, dropped: counts.dropped + counts.written };
    const seen = { ...result, counts: validated, output: { ...output, count: 0 }, rejects: none };
    expect(() => assertAccounted(seen, false)).not.toThrow();
    expect(() => assertAccounted({ ...seen, rejects }, false)).toThrow('COUNTS_DISAGREE');
    expect(() => assertAccounted({ ...result, rejects: none }, false)).toThrow('COUNTS_DISAGREE');
  });
});
