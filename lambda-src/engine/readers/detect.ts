import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import { LINE_FEED, OPEN_OBJECT } from '../ascii';
import { ByteWriter } from '../byte-writer';
import { JsonScanner, Treatment } from './json-scanner';
import { looksLikeTable } from '../csv/detect-csv';
import { looksLikeHl7 } from '../hl7v2/detect-hl7';
import { SourceError, unknownFormat } from '../source-error';

/** How the records of a source are laid out. */
export type Layout = 'ndjson' | 'documents' | 'bundle' | 'csv' | 'hl7v2';

const LONG_LINE = 64 * 1024;

/**
 * Tells the layout by content, never by name. It keeps what it has seen until it is sure: mostly one chunk, since most
 * writers begin with `resourceType`. It looks no further than one record may reach, so that the answer depends on the
 * content alone and not on how it was cut into chunks.
 */
export class LayoutDetector {
  /** Length of the byte order mark, which is no part of the content. */
  public skip = 0;
  private readonly kept = new ByteWriter();
  private scanned = 0;
  private started = false;
  /** Blanks before the content: a file of nothing else is gone through once. */
  private blanks = 0;
  private readonly first = new FirstObject();
  /** Length of the window whose first line was looked at last. */
  private looked = 0;

  private readonly maxRecordBytes: number;

  constructor(private readonly tables: CompiledTables) {
    this.maxRecordBytes = tables.limits.maxRecordBytes;
  }

  /** All bytes pushed so far, less the byte order mark. */
  public get content(): Uint8Array {
    return this.kept.bytes.subarray(this.skip, this.kept.length);
  }

  /**
   * @param last no more bytes will come
   * @returns the layout once it is certain
   * @throws SourceError for what is none of the layouts
   */
  public push(chunk: Uint8Array, last: boolean): Layout | undefined {
    // A copy: the chunk may be used again by whoever gave it.
    this.kept.copy(chunk, 0, chunk.length);
    if (this.kept.length < 4 && !last) return undefined;
    if (!this.started) this.skip = byteOrderMark(this.kept.bytes.subarray(0, this.kept.length));
    const window = this.content.subarray(0, this.maxRecordBytes + 1);
    const complete = last || window.length > this.maxRecordBytes;
    if (!this.started) {
      while (isBlank(window[this.blanks])) this.blanks++;
      const content = window.at(this.blanks);
      if (content === undefined && !complete) return undefined;
      if (content !== OPEN_OBJECT) return this.lines(window, complete);
      this.started = true;
    }
    this.first.push(window.subarray(this.scanned));
    this.scanned = window.length;
    return this.decide(window, complete);
  }

  /** What is no JSON is told by its first line. */
  private lines(window: Uint8Array, complete: boolean): Layout | undefined {
    // A long line without end must not be gone through with every chunk of it.
    if (!complete && this.looked > LONG_LINE && window.length < 2 * this.looked) return undefined;
    this.looked = window.length;
    if (window.length > this.blanks) {
      const hl7 = looksLikeHl7(window, this.blanks, complete);
      if (hl7 === undefined) return undefined;
      if (hl7) return 'hl7v2';
      const table = looksLikeTable(window, complete, this.tables.csv);
      if (table === undefined) return undefined;
      if (table) return 'csv';
    }
    throw unknownFormat();
  }

  private decide(window: Uint8Array, complete: boolean): Layout | undefined {
    const { first } = this;
    if (first.type === 'Bundle') return 'bundle';
    if (first.broken) return 'ndjson';
    if (first.length === undefined && !complete) return undefined;
    const start = window.indexOf(OPEN_OBJECT);
    const newline = window.indexOf(LINE_FEED, start);
    if (first.length !== undefined) {
      const onOneLine = newline < 0 || newline >= first.length;
      return onOneLine || newlineInString(window, start, first.length) ? 'ndjson' : 'documents';
    }
    // Longer than any record, and its type comes later: only a Bundle may be that long.
    if (first.type === undefined && first.hasEntries) return 'bundle';
    if (newline < 0) return 'ndjson';
    // A broken first line of NDJSON is followed by another record, a resource on several lines is not.
    const next = window.subarray(newline).find((byte) => !isBlank(byte));
    return next === undefined || next === OPEN_OBJECT ? 'ndjson' : 'documents';
  }
}

/** What can be said of the first JSON object of a source. */
class FirstObject {
  public type: string | undefined;
  public hasEntries = false;
  /** Bytes up to its end. */
  public length: number | undefined;
  public broken = false;
  private pushed = 0;
  private readonly scanner = new JsonScanner({
    begin: (depth, key, first) => this.begin(depth, key, first),
    end: (depth, key, end, text) => {
      if (depth === 0) this.length ??= this.pushed + end;
      else if (key === 'resourceType') this.type ??= text;
    },
  });

  public push(bytes: Uint8Array): void {
    if (this.broken || this.length !== undefined) return;
    try {
      this.scanner.push(bytes);
    } catch {
      // What follows a whole object is not its fault.
      this.broken = this.length === undefined;
    }
    this.pushed += bytes.length;
  }

  private begin(depth: number, key: string, first: number): Treatment {
    if (this.length !== undefined) return Treatment.SKIP;
    if (depth === 0) return Treatment.ENTER;
    if (key === 'entry' && first === 0x5b) this.hasEntries = true;
    return key === 'resourceType' ? Treatment.TEXT : Treatment.SKIP;
  }
}

/** JSON has no raw newline in a string: one there ends a broken line. */
function newlineInString(bytes: Uint8Array, start: number, end: number): boolean {
  let inString = false;
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x22) inString = !inString;
    else if (inString && bytes[at] === LINE_FEED) return true;
  }
  return false;
}

/**
 * Length of a UTF-8 mark. UTF-16 and UTF-32 are refused with a mark or without: JSON and tables begin with two ASCII
 * characters, whose wide forms show zeros.
 */
function byteOrderMark(head: Uint8Array): number {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 3;
  const marked =
    startsWith(head, [0xfe, 0xff]) || startsWith(head, [0xff, 0xfe]) || startsWith(head, [0, 0, 0xfe, 0xff]);
  const littleEndian = isAscii(head[0]) && head[1] === 0;
  const bigEndian = head[0] === 0 && (isAscii(head[1]) || (startsWith(head, [0, 0, 0]) && isAscii(head[3])));
  if (marked || littleEndian || bigEndian) throw new SourceError('SRC_ENCODING');
  return 0;
}

function isAscii(byte: number | undefined): boolean {
  return byte !== undefined && (isBlank(byte) || (byte > 0x20 && byte < 0x7f));
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === LINE_FEED || byte === 0x0d;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
