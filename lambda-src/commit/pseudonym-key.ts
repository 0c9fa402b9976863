import { randomBytes } from 'node:crypto';
import { CommitError } from './errors';
import { isStoreError, PRECONDITION_FAILED, type ObjectStore } from './object-store';
import { putWithRetry } from './staged-upload';

const KEY_BYTES = 32;

/**
 * The pipeline's pseudonym key, made by its first run. A conditional put looks at the current version only: with the
 * key deleted it would succeed, and every join with what was written before would break in silence. So a key is made
 * only where there was never one.
 */
export async function loadPseudonymKey(store: ObjectStore, key: string): Promise<Uint8Array> {
  const present = await readKey(store, key);
  if (present) return present;
  // Either it was deleted, or a rival has made it since we looked.
  if (await store.hasHistory(key)) return standingKey(store, key);

  const made = randomBytes(KEY_BYTES);
  try {
    await putWithRetry(store, key, made, 'application/octet-stream');
    return made;
  } catch (error) {
    if (!isStoreError(error, PRECONDITION_FAILED)) throw error;
  }
  // A rival made it first, or this put went through and its answer was lost: either way the object decides.
  return standingKey(store, key);
}

async function standingKey(store: ObjectStore, key: string): Promise<Uint8Array> {
  const standing = await readKey(store, key);
  if (!standing) throw new CommitError('KEY_DELETED');
  return standing;
}

async function readKey(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  const object = await store.get(key);
  if (!object) return undefined;
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
