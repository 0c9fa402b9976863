import { randomBytes } from 'node:crypto';
import { contendedBy, MemoryStore } from './memory-store';
import { putWithRetry, StagedUpload } from '../../../lambda-src/commit/staged-upload';

const KEY = 'deidentified/a';
const PART = 150_000;

function staged(): { readonly store: MemoryStore; readonly upload: StagedUpload } {
  const store = new MemoryStore('processed');
  return { store, upload: new StagedUpload(store, () => KEY, 'application/gzip', PART) };
}

test.each([
  ['less than a part', 140_000, ['putIfAbsent']],
  ['a part and no more', PART, ['putIfAbsent']],
  ['a byte more than a part', PART + 1, ['createUpload', 'uploadPart', 'uploadPart', 'completeIfAbsent']],
  ['two parts', 2 * PART, ['createUpload', 'uploadPart', 'uploadPart', 'completeIfAbsent']],
])('%s arrives whole, whatever the chunks', async (_, length, calls) => {
  const bytes = randomBytes(length);
  for (const chunk of [7_000, 65_536, 100_000, length]) {
    const { store, upload } = staged();
    for (let at = 0; at < length; at += chunk) await upload.write(bytes.subarray(at, at + chunk));
    await upload.complete();
    expect(store.bytes(KEY).equals(bytes)).toBe(true);
    expect(store.calls.map(({ call }) => call)).toEqual(calls);
  }
});

test('an upload is ended after the part that is on its way: S3 would keep one that comes later', async () => {
  const { store, upload } = staged();
  const order: string[] = [];
  store.after = (call) => void order.push(call);
  await upload.write(randomBytes(PART + 1));
  await upload.abort();
  expect(order).toEqual(['createUpload', 'uploadPart', 'abortUpload']);
});

test('a put that always meets another one is given up after five', async () => {
  const store = new MemoryStore('processed');
  store.before = contendedBy('putIfAbsent', 99);
  const put = putWithRetry(store, KEY, Buffer.from('x'), 'text/plain');
  await expect(put).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(store.calls).toHaveLength(5);
});
