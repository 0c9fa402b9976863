import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ByteWriter } from './byte-writer';
import type { RecordErrorCode, SourceFormat } from './contract';
import type { RecordSpan } from './readers/record-span';

export interface RejectReason {
  readonly code: RecordErrorCode;
  readonly format: SourceFormat;
  /** Of the record among all that were read, from 0. */
  readonly index: number;
  /** Schema path, never a value. */
  readonly path?: string;
}

/** Bytes turned into base64 at a time: a multiple of 3, so that the parts join. */
const BASE64_PART = 48 * 1024;

/**
 * One line of the rejects: why, where, and the record itself, so that it can be mended and sent again. The record is
 * `raw` where it is text, else `rawBase64`; one above the cap was never held and has neither.
 */
export function writeReject(out: ByteWriter, reason: RejectReason, span: RecordSpan): void {
  const { code, format, index, path } = reason;
  const record = span.tooLarge ? undefined : span.bytes.subarray(span.start, span.end);
  const sha256 = record ? createHash('sha256').update(record).digest('hex') : span.digest();
  const known = { code, format, index, byteOffset: span.offset, length: span.length, path, sha256 };
  out.ascii(JSON.stringify(known).slice(0, -1));
  if (record && isUtf8(record)) {
    out.ascii(',"raw":"');
    writeEscaped(out, record);
    out.byte(0x22);
  } else if (record) {
    out.ascii(',"rawBase64":"');
    for (let at = 0; at < record.length; at += BASE64_PART) {
      out.ascii(Buffer.from(record.subarray(at, at + BASE64_PART)).toString('base64'));
    }
    out.byte(0x22);
  }
  out.byte(0x7d);
}

/** UTF-8 as the inside of a JSON string, without making a string of up to a record's size. */
function writeEscaped(out: ByteWriter, text: Uint8Array): void {
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) continue;
    out.copy(text, from, at);
    if (byte >= 0x20) {
      out.byte(0x5c);
      out.byte(byte);
    } else {
      out.ascii(`\\u${byte.toString(16).padStart(4, '0')}`);
    }
    from = at + 1;
  }
  out.copy(text, from, text.length);
}
