import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { bundle, resources } from '../../support/arbitrary-resources';
import { cut, runEngine, type Run } from '../../support/run-engine';

const places = fc.array(fc.nat(5000), { maxLength: 12 });

/** All of a run that must be the same however the source comes. */
function outcome({ failure, format, counts, lines, rejectLines, bytesRead, output, rejects }: Run): object {
  // How far ahead of a failure was read is no part of it.
  return { failure, format, counts, lines, rejectLines, bytesRead: failure ? undefined : bytesRead, output, rejects };
}

describe('the outcome depends on the bytes alone', () => {
  const anySource = fc.oneof(
    resources.map((all) => Buffer.from(all.map((one) => JSON.stringify(one)).join('\n'))),
    resources.map((all) => Buffer.from(all.map((one) => JSON.stringify(one, null, 2)).join('\n'))),
    resources.map((all) => Buffer.from(JSON.stringify(bundle(all)))),
    resources.map((all) => Buffer.from(JSON.stringify({ entry: bundle(all).entry, resourceType: 'Bundle' }, null, 1))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(fc.constantFrom(...'{}[]",:\\\n \r1'), { maxLength: 60 })
      .map((chars) => Buffer.from(`{${chars.join('')}`)),
  );
  const damaged = fc
    .tuple(anySource, fc.option(fc.nat()), fc.option(fc.tuple(fc.nat(), fc.nat(255))))
    .map(([bytes, length, change]) => {
      const copy = Buffer.from(bytes.subarray(0, length === null ? undefined : length % (bytes.length + 1)));
      if (change && copy.length > 0) copy[change[0] % copy.length] = change[1];
      return copy;
    });
  const limits = fc.constantFrom({}, { maxRecordBytes: 60 });

  test('not on the chunks it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, places, limits, async (bytes, where, caps) => {
        const whole = await runEngine(bytes, { limits: caps });
        expect(outcome(await runEngine(cut(bytes, where), { limits: caps }))).toEqual(outcome(whole));
        const single = await runEngine(cut(bytes, [...bytes.keys()]), { limits: caps });
        expect(outcome(single)).toEqual(outcome(whole));
      }),
      { numRuns: 150 },
    );
  });

  test('not on being compressed', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, places, async (bytes, where) => {
        fc.pre(!(bytes[0] === 0x1f && bytes[1] === 0x8b));
        const plain = await runEngine(bytes);
        const members = cut(bytes, where).map((part) => gzipSync(part));
        const run = await runEngine(members);
        expect(outcome(run)).toEqual(outcome(plain));
        expect(run.encoding).toBe('gzip');
      }),
      { numRuns: 60 },
    );
  });

  test('and every record read is written, dropped or rejected', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, limits, async (bytes, caps) => {
        const { counts, lines, rejectLines, output, rejects, failure } = await runEngine(bytes, { limits: caps });
        expect(counts.written + counts.dropped + counts.rejected).toBe(counts.read);
        expect(Object.values(counts.byError).reduce((a, b) => a + b, 0)).toBe(counts.rejected);
        expect([output.count, lines.length]).toEqual([counts.written, counts.written]);
        if (failure === undefined) {
          expect([rejects.count, rejectLines.length]).toEqual([counts.rejected, counts.rejected]);
        }
        for (const { raw, byteOffset, length } of rejectLines) {
          if (raw !== undefined) expect(bytes.subarray(byteOffset, byteOffset + length).toString()).toBe(raw);
        }
      }),
      { numRuns: 300 },
    );
  });
});
