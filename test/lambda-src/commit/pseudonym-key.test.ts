import * as fc from 'fast-check';
import { MemoryStore } from './memory-store';
import { loadPseudonymKey, StoreError } from '../../../lambda-src/commit';

const KEY = 'keys/pseudonym-key';

test('A21 the first run makes a key of 32 bytes, and every later one reads it', async () => {
  const store = new MemoryStore('data');
  const made = await loadPseudonymKey(store, KEY);
  expect(made).toHaveLength(32);
  expect(await loadPseudonymKey(store, KEY)).toEqual(made);
  expect(store.versionsOf(KEY)).toBe(1);
});

test('A21 cold starts that race end with one key, in whatever order their calls take effect', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, starts) => {
      const store = new MemoryStore('data');
      store.before = store.after = async () => scheduler.schedule(Promise.resolve());
      const racing = Array.from({ length: starts }, async () => loadPseudonymKey(store, KEY));
      const keys = await scheduler.waitFor(Promise.all(racing));
      expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
      expect(store.bytes(KEY)).toEqual(Buffer.from(keys[0]));
      expect(store.versionsOf(KEY)).toBe(1);
    }),
  );
});

test('A21 a cold start that dies at any call leaves either no key or the one that the next start takes', async () => {
  for (let at = 1; at < 20; at++) {
    const store = new MemoryStore('data');
    let calls = 0;
    store.before = store.after = () => {
      if (++calls >= at) throw new Error('killed');
    };
    const died = await loadPseudonymKey(store, KEY).then(
      () => false,
      () => true,
    );
    const left = store.keys().length > 0 ? store.bytes(KEY) : undefined;
    store.before = store.after = () => undefined;
    const key = Buffer.from(await loadPseudonymKey(store, KEY));
    if (left) expect(key).toEqual(left);
    expect(store.versionsOf(KEY)).toBe(1);
    if (!died) return;
  }
  throw new Error('every start died');
});

test('a put whose answer was lost, and which the client repeated, is the key all the same', async () => {
  const store = new MemoryStore('data');
  const put = store.putIfAbsent.bind(store);
  store.putIfAbsent = async (key, body) => {
    await put(key, body);
    return put(key, body);
  };
  expect(Buffer.from(await loadPseudonymKey(store, KEY))).toEqual(store.bytes(KEY));
});

describe('a key is never made anew: every join with what was written before would break', () => {
  test('nor over a delete marker', async () => {
    const store = new MemoryStore('data');
    await loadPseudonymKey(store, KEY);
    store.delete(KEY);
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({
      code: 'KEY_DELETED',
      message: expect.stringContaining('delete marker'),
    });
    expect(store.keys()).toEqual([]);
  });

  test.each(['history', 'putIfAbsent', 'get'] as const)('nor where it is deleted just before %s', async (moment) => {
    const store = new MemoryStore('data');
    const makeKey = () => store.seed(KEY, Buffer.alloc(32, 1));
    if (moment !== 'putIfAbsent') makeKey();
    store.before = (call) => {
      if (call !== moment) return;
      if (moment === 'putIfAbsent') makeKey();
      store.delete(KEY);
    };
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_DELETED' });
  });

  test('nor where it was deleted and written again', async () => {
    const store = new MemoryStore('data');
    store.seed(KEY, Buffer.alloc(32, 1));
    store.delete(KEY);
    store.seed(KEY, Buffer.alloc(32, 2));
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_DELETED' });
  });
});

describe('a key that was tampered with is refused and left as it is', () => {
  test('with other bytes of the right size written over it', async () => {
    const store = new MemoryStore('data');
    await loadPseudonymKey(store, KEY);
    store.seed(KEY, Buffer.alloc(32, 9));
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_REPLACED' });
    expect(store.versionsOf(KEY)).toBe(2);
  });

  test('with other bytes written over it between looking and reading', async () => {
    const store = new MemoryStore('data');
    store.seed(KEY, Buffer.alloc(32, 1));
    store.before = (call) => {
      if (call === 'get') store.seed(KEY, Buffer.alloc(32, 9));
    };
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_REPLACED' });
  });

  test.each([0, 31, 33, 64])('with %d bytes', async (length) => {
    const store = new MemoryStore('data');
    store.seed(KEY, Buffer.alloc(length));
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    expect(store.versionsOf(KEY)).toBe(1);
  });

  test('and so is one of which the connection gave only a part', async () => {
    const store = new MemoryStore('data');
    store.seed(KEY, Buffer.alloc(32, 1));
    const get = store.get.bind(store);
    store.get = async (key) => {
      const opened = await get(key);
      return opened && { ...opened, body: (async function* () {})() };
    };
    await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'SOURCE_SHORT_READ' });
  });
});

test('a key of another generation is another key, and the older one stays as it was', async () => {
  const store = new MemoryStore('data');
  const first = await loadPseudonymKey(store, KEY);
  const second = await loadPseudonymKey(store, `${KEY}-0002`);
  expect(second).not.toEqual(first);
  expect(await loadPseudonymKey(store, KEY)).toEqual(first);
  store.delete(KEY);
  expect(await loadPseudonymKey(store, `${KEY}-0002`)).toEqual(second);
});

test.each(['history', 'putIfAbsent', 'get'] as const)('a key is not used where %s fails', async (failing) => {
  const store = new MemoryStore('data');
  store.before = (call) => {
    if (call === failing) throw new StoreError('AccessDenied');
  };
  await expect(loadPseudonymKey(store, KEY)).rejects.toMatchObject({ code: 'AccessDenied' });
});
