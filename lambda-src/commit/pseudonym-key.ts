import { randomBytes } from 'node:crypto';
import { CommitError } from './errors';
import { isStoreError, PRECONDITION_FAILED, type VersionedStore } from './object-store';
import { putWithRetry } from './staged-upload';

export const KEY_BYTES = 32;

/**
 * The pipeline's pseudonym key, made by its first run. Whoever makes it, the object decides: it is read back, so that
 * rivals end with one key.
 */
export async function loadPseudonymKey(store: VersionedStore, key: string): Promise<Uint8Array> {
  const present = await readKey(store, key);
  if (present) return present;
  try {
    await putWithRetry(store, key, randomBytes(KEY_BYTES), 'application/octet-stream');
  } catch (error) {
    // A rival made it first, or this put went through and its answer was lost.
    if (!isStoreError(error, PRECONDITION_FAILED)) throw error;
  }
  const made = await readKey(store, key);
  if (!made) throw new CommitError('KEY_DELETED');
  return made;
}

/**
 * A key has one version, for ever. A conditional put looks at the current version only: over a delete marker it would
 * succeed, and every join with what was written before would break in silence. The same goes for a key that was
 * overwritten.
 */
async function readKey(store: VersionedStore, key: string): Promise<Uint8Array | undefined> {
  const versions = await store.history(key);
  if (versions.length === 0) return undefined;
  if (versions.some(({ eTag }) => eTag === undefined)) throw new CommitError('KEY_DELETED');
  if (versions.length > 1) throw new CommitError('KEY_REPLACED');
  return readBytes(store, key, versions[0].eTag);
}

async function readBytes(store: VersionedStore, key: string, eTag: string | undefined): Promise<Uint8Array> {
  const object = await store.get(key, { ifMatch: eTag }).catch((error: unknown) => {
    throw isStoreError(error, PRECONDITION_FAILED) ? new CommitError('KEY_REPLACED') : error;
  });
  if (!object) throw new CommitError('KEY_DELETED');
  try {
    if (object.size !== KEY_BYTES) throw new CommitError('KEY_INVALID');
    const chunks: Uint8Array[] = [];
    for await (const chunk of object.body) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length !== KEY_BYTES) throw new CommitError('SOURCE_SHORT_READ');
    return bytes;
  } finally {
    object.close();
  }
}
