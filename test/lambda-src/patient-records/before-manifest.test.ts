import { createHash } from 'node:crypto';
import type { Manifest } from '../../../lambda-src/commit';
import { bench, GOOD, MIXED, SOURCE_KEY, type Bench } from '../commit/bench';

interface Told {
  readonly manifest: Manifest;
  readonly key: string;
  /** Whether the manifest stood by then. */
  readonly stood: boolean;
}

function listening(
  lines: string[],
  hook: () => void = () => undefined,
): { readonly run: Bench; readonly told: Told[] } {
  const told: Told[] = [];
  const run: Bench = bench(lines, {
    beforeManifest: async (manifest, key) => {
      hook();
      told.push({ manifest, key, stood: run.processed.versionsOf(key) > 0 });
    },
  });
  return { run, told };
}

test('B5 whoever keeps a second account is told before the manifest is written, with its content and its key', async () => {
  for (const lines of [MIXED, ['!SRC_CORRUPT_GZIP']]) {
    const { run, told } = listening(lines);
    await run.run();
    expect(told).toMatchObject([{ key: expect.stringMatching(/^manifests\//), stood: false }]);
    expect(told[0].manifest).toEqual(JSON.parse(run.processed.bytes(told[0].key).toString()));
  }
});

test('B5 a duplicate is told of the manifest that stands', async () => {
  const { run, told } = listening(GOOD);
  await run.run();
  expect((await run.run()).status).toBe('DUPLICATE');
  expect(told).toMatchObject([{ stood: false }, { stood: true }]);
  expect(told[1].manifest).toEqual(told[0].manifest);
});

test('B5 of two rivals the last word is the manifest of the one that won', async () => {
  const { run, told } = listening(GOOD);
  const outcomes = await Promise.all([run.run(), run.run()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['COMPLETED', 'DUPLICATE']);
  const standing = JSON.parse(run.processed.bytes(told[0].key).toString());
  expect(told).toHaveLength(3);
  expect(told.at(-1)!.manifest).toEqual(standing);
});

test('B5 where the second account fails nothing is committed, and the next delivery completes', async () => {
  let down = true;
  const { run, told } = listening(MIXED, () => {
    if (down) throw new Error('down');
  });
  await expect(run.run()).rejects.toThrow('down');
  expect(run.processed.keys().filter((key) => key.startsWith('manifests/'))).toEqual([]);
  expect(run.processed.openUploads + run.data.openUploads).toBe(0);
  down = false;
  expect((await run.run()).status).toBe('COMPLETED_WITH_ERRORS');
  expect(told).toHaveLength(1);
});

test('B5 where an eTag is a hash of the content the manifest tells it keyed', async () => {
  const eTagOf = async (telling: boolean): Promise<string> => {
    const { run, told } = listening(GOOD);
    run.data.eTagTellsContent = telling;
    await run.run();
    expect(run.data.bytes(SOURCE_KEY)).toBeDefined();
    return told[0].manifest.source.eTag;
  };
  const plain = createHash('md5')
    .update(GOOD.map((line) => `${line}\n`).join(''))
    .digest('hex');
  expect(await eTagOf(false)).toBe(plain);
  expect(await eTagOf(true)).toMatch(/^[0-9a-f]{64}$/);
  expect(await eTagOf(true)).toBe(await eTagOf(true));
});
