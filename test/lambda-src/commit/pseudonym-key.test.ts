import { MemoryStore } from './memory-store';
import { loadPseudonymKey } from '../../../lambda-src/commit';

const KEY = 'keys/pseudonym-key';

test('A21 the first run makes a key of 32 bytes, and every later one reads it', async () => {
  const store = new MemoryStore('data');
  const made = await loadPseudonymKey(store, KEY);
  expect(made).toHaveLength(32);
  expect(await loadPseudonymKey(store, KEY)).toEqual(made);
  expect(store.versionsOf(KEY)).toBe(1);
});

test('first runs at the same time end with one key', async () => {
  const store = new MemoryStore('data');
  store.before = async () => new Promise<void>(setImmediate);
  const keys = await Promise.all([1, 2, 3].map(async () => loadPseudonymKey(store, KEY)));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(store.versionsOf(KEY)).toBe(1);
});

test('B5 a key that a rival makes between two looks is that key, not a deleted one', async () => {
  const store = new MemoryStore('data');
  const rival = Buffer.alloc(32, 9);
  store.after = (call) => {
    if (call === 'get' && store.versionsOf(KEY) === 0) store.seed(KEY, rival);
  };
  expect(Buffer.from(await loadPseudonymKey(store, KEY)).equals(rival)).toBe(true);
  expect(store.versionsOf(KEY)).toBe(1);
});

test('a deleted key is not made anew: every join with what was written before would break', async () => {
  const store = new MemoryStore('data');
  await loadPseudonymKey(store, KEY);
  store.delete(KEY);
  await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({
    code: 'KEY_DELETED',
    message: expect.stringContaining('delete marker'),
  });
  expect(store.keys()).toEqual([]);
});

test.each([0, 31, 33, 64])('a key object of %d bytes is refused and left as it is', async (length) => {
  const store = new MemoryStore('data');
  store.seed(KEY, Buffer.alloc(length));
  await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  expect(store.versionsOf(KEY)).toBe(1);
});

test('a key that cannot be written fails, and is not used', async () => {
  const store = new MemoryStore('data');
  store.before = (call) => {
    if (call === 'putIfAbsent') throw new Error('denied');
  };
  await expect(loadPseudonymKey(store, KEY)).rejects.toThrow('denied');
});
