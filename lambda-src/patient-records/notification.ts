import { MessageError, type Message } from '../phi-processor/message';

interface ObjectRecord {
  readonly Event?: unknown;
  readonly eventName?: unknown;
  readonly s3?: {
    readonly bucket?: { readonly name?: unknown };
    readonly object?: { readonly key?: unknown; readonly size?: unknown; readonly versionId?: unknown };
  };
}

/** The records of a direct S3 notification; the test event, which S3 sends when one is set up, is its own record. */
export function recordsOf(event: unknown): readonly ObjectRecord[] {
  const { Event: name, Records: records } = objectOf(event) as { readonly Event?: unknown; readonly Records?: unknown };
  if (name === 's3:TestEvent') return [{ Event: name }];
  // Nothing in it would mean nothing done, and a success that nobody looks at.
  if (!Array.isArray(records) || records.length === 0) throw new MessageError();
  return records;
}

/**
 * Reads one record. Only what lies under the incoming prefix is work, whatever the notification's own filter says: the
 * function's own writes can never start it again.
 */
export function parseRecord(record: unknown, bucket: string, incomingPrefix: string): Message {
  const { Event: test, eventName, s3 } = objectOf(record) as ObjectRecord;
  if (test === 's3:TestEvent') return { kind: 'ignored', reason: 'TEST_EVENT' };
  const object = s3?.object;
  const name = s3?.bucket?.name;
  if (typeof eventName !== 'string' || typeof name !== 'string') throw new MessageError();
  if (!eventName.startsWith('ObjectCreated:')) return { kind: 'ignored', reason: 'OTHER_EVENT' };
  if (name !== bucket) return { kind: 'ignored', reason: 'OTHER_BUCKET' };
  const key = decodeKey(object?.key);
  if (!key.startsWith(incomingPrefix)) return { kind: 'ignored', reason: 'OTHER_PREFIX' };
  // Consoles and sync tools put an empty object where a folder is to be seen.
  if (key.endsWith('/') && object?.size === 0) return { kind: 'ignored', reason: 'FOLDER' };

  const version = object?.versionId;
  const named = typeof version === 'string' && version !== '' && version !== 'null';
  return { kind: 'object', source: { key, ...(named && { versionId: version }) } };
}

/** S3 encodes keys as forms do: a space is a plus, and a plus is `%2B`. */
function decodeKey(encoded: unknown): string {
  if (typeof encoded !== 'string' || encoded === '') throw new MessageError();
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    // The decoder's message is dropped: it is about the key.
    throw new MessageError();
  }
}

function objectOf(value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new MessageError();
  return value;
}
