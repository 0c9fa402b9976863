import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CommitError } from './errors';
import type { Manifest } from './manifest';
import type { ObjectStore } from './object-store';

/** The manifest under a key, if the run was committed. */
export async function readManifest(store: ObjectStore, key: string): Promise<Manifest | undefined> {
  const object = await store.get(key);
  if (!object) return undefined;
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of object.body) chunks.push(chunk);
    return parseManifest(Buffer.concat(chunks).toString('utf8'));
  } finally {
    object.close();
  }
}

function parseManifest(text: string): Manifest {
  try {
    const manifest: Manifest = JSON.parse(text);
    if (manifest.schemaVersion === 1) return manifest;
  } catch {
    // Falls through: the parser's message would quote the text.
  }
  throw new CommitError('MANIFEST_CONFLICT');
}

/**
 * SHA-256 (hex) of an object's uncompressed text; `undefined` where there is none or it is not gzip.
 *
 * @param requireTime asked between chunks; throws when there is none left
 */
export async function sha256OfGzipped(
  store: ObjectStore,
  key: string,
  requireTime: () => void,
): Promise<string | undefined> {
  const object = await store.get(key);
  if (!object) return undefined;
  const hash = createHash('sha256');
  try {
    await pipeline(Readable.from(checked(object.body, requireTime)), createGunzip(), hash);
    return hash.digest('hex');
  } catch (error) {
    // zlib's own codes say that the object is broken; anything else is the connection.
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_')) return undefined;
    throw error;
  } finally {
    object.close();
  }
}

async function* checked(body: AsyncIterable<Uint8Array>, requireTime: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    requireTime();
    yield chunk;
  }
}
