import type { SourceRef } from '../commit';

/** What a message of the queue asks for. */
export type Message =
  | { readonly kind: 'object'; readonly source: SourceRef }
  /** Nothing to do, and nothing will be: the message is done. */
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason };

export type IgnoredReason = 'TEST_EVENT' | 'OTHER_EVENT' | 'OTHER_BUCKET' | 'OTHER_PREFIX' | 'FOLDER';

/** A body that says nothing: it ends in the dead-letter queue, and is quoted nowhere. */
export class MessageError extends Error {
  public readonly code = 'EVENT_INVALID';

  constructor() {
    super('EVENT_INVALID');
    this.name = 'MessageError';
  }
}

interface ObjectCreated {
  readonly 'detail-type'?: unknown;
  readonly Event?: unknown;
  readonly detail?: {
    readonly bucket?: { readonly name?: unknown };
    readonly object?: { readonly key?: unknown; readonly size?: unknown; readonly 'version-id'?: unknown };
  };
}

/**
 * Reads an EventBridge event "Object Created". Its key is taken as it is (a direct S3 notification's would be
 * URL-encoded). Only what lies under the incoming prefix is work: the function's own writes can never start it again.
 */
export function parseMessage(body: string, dataBucket: string, incomingPrefix: string): Message {
  const event = parseEvent(body);
  if (event.Event === 's3:TestEvent') return ignored('TEST_EVENT');
  const type = event['detail-type'];
  const bucket = event.detail?.bucket?.name;
  const object = event.detail?.object;
  const key = object?.key;
  if (typeof type !== 'string' || typeof bucket !== 'string' || typeof key !== 'string') throw new MessageError();
  if (type !== 'Object Created') return ignored('OTHER_EVENT');
  if (bucket !== dataBucket) return ignored('OTHER_BUCKET');
  if (!key.startsWith(incomingPrefix)) return ignored('OTHER_PREFIX');
  // Consoles and sync tools put an empty object where a folder is to be seen.
  if (key.endsWith('/') && object?.size === 0) return ignored('FOLDER');

  const version = object?.['version-id'];
  const named = typeof version === 'string' && version !== '' && version !== 'null';
  return { kind: 'object', source: { key, ...(named && { versionId: version }) } };
}

/** What is no event has none of its members. */
function parseEvent(body: string): ObjectCreated {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    // The parser's message quotes the body.
    throw new MessageError();
  }
}

function ignored(reason: IgnoredReason): Message {
  return { kind: 'ignored', reason };
}
