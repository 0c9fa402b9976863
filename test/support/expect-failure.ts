import { createHash } from 'node:crypto';
import type { Run } from './run-engine';

const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** What holds for every source that fails as a whole. */
export function expectFailure(run: Run, code: string): void {
  expect(run.failure).toBe(code);
  expect(run.counts).toMatchObject({ written: 0, dropped: 0, rejected: run.counts.read, byType: {} });
  expect(run.counts.byError).toHaveProperty(code);
  expect(Object.values(run.counts.byError).reduce((a, b) => a + b, 0)).toBe(run.counts.rejected);
  expect(run.output).toEqual({ count: 0, bytes: 0, compressedBytes: 0, sha256: EMPTY_SHA256 });
  expect(run.rejects).toEqual(run.output);
  expect(run.deid).toEqual({ redacted: 0, hashed: 0, generalized: 0, shifted: 0 });
}
