import { CARRIAGE_RETURN, FILE_SEPARATOR, LINE_FEED } from '../ascii';
import { BatchCounts } from './batch-counts';
import { lineOfFile, LineKind } from './line-kind';
import { isBetweenSegments } from './segment-fields';
import type { RecordHandler, RecordReader } from '../readers/record-reader';
import { RecordSpan } from '../readers/record-span';

/** So many bytes of a line tell what it begins. */
const HEAD = 4;

/**
 * Messages, each from its MSH to the next one or to a batch segment. Segments may end with `\r`, `\n` or both; MLLP's
 * frames are stepped over. The envelopes of batches are no records: only a trailer whose count is wrong is one, a bad one.
 */
export class Hl7Reader implements RecordReader {
  private readonly span: RecordSpan;
  private readonly batches = new BatchCounts();
  /** What the open span holds. */
  private kind = LineKind.OTHER;
  private atLineStart = true;
  /** Whether what stands between two lines ends one: a frame's end alone is none to who splits the message. */
  private lineEnded = false;
  /** The open span goes on behind the end of a frame that is in the middle of a line. */
  private torn = false;
  /** Bytes of a line that are too few to tell what it begins. */
  private head: Uint8Array = new Uint8Array(0);
  private lineEnds!: LineEnds;

  constructor(
    private readonly handler: RecordHandler,
    maxRecordBytes: number,
    private offset: number,
  ) {
    this.span = new RecordSpan(maxRecordBytes);
  }

  public push(chunk: Uint8Array): void {
    const bytes = this.head.length === 0 ? chunk : join(this.head, chunk);
    const used = this.lines(bytes, false);
    this.span.suspend(bytes.subarray(0, used));
    this.head = bytes.slice(used);
    this.offset += used;
  }

  public end(): void {
    const used = this.lines(this.head, true);
    this.span.suspend(this.head.subarray(0, used));
    this.offset += used;
    if (!this.span.isOpen) return;
    this.span.closeAtEnd();
    this.recordEnds();
  }

  /** Goes through the lines of a chunk; returns how many of its bytes were looked at. */
  private lines(bytes: Uint8Array, last: boolean): number {
    const { length } = bytes;
    this.lineEnds = new LineEnds(bytes);
    let at = 0;
    for (;;) {
      if (this.atLineStart) {
        for (; at < length && isBetweenSegments(bytes[at]); at++) {
          if (bytes[at] === CARRIAGE_RETURN || bytes[at] === LINE_FEED) this.lineEnded = true;
        }
        if (at === length || (at + HEAD > length && !last)) return at;
        this.lineBegins(bytes, at);
      }
      at = this.lineEnds.after(at);
      this.atLineStart = at < length;
      if (at === length) return at;
      if (isEnvelope(this.kind)) this.close(bytes, at);
    }
  }

  private lineBegins(bytes: Uint8Array, at: number): void {
    const { span } = this;
    const kind = lineOfFile(bytes, at);
    if (span.isOpen && kind === LineKind.OTHER && !this.lineEnded) this.torn = true;
    this.lineEnded = false;
    if (span.isOpen && kind !== LineKind.OTHER) this.close(bytes, at);
    if (span.isOpen) return;
    this.kind = kind;
    span.open(at, this.offset + at);
  }

  private close(bytes: Uint8Array, at: number): void {
    this.span.close(bytes, at);
    this.recordEnds();
  }

  private recordEnds(): void {
    const { span, handler, kind } = this;
    if (!span.tooLarge) {
      while (span.end > span.start && isBetweenSegments(span.bytes[span.end - 1])) span.end--;
      span.length = span.end - span.start;
    }
    if (kind === LineKind.MESSAGE) {
      this.batches.message();
      if (this.torn && !span.tooLarge) handler.reject('HL7_BAD_SEGMENT', span);
      else handler.record(span);
    } else if (span.tooLarge) {
      handler.reject('REC_TOO_LARGE', span);
    } else if (kind === LineKind.OTHER) {
      handler.reject('HL7_NO_MSH', span);
    } else if (!this.batches.accepts(kind, span.bytes, span.start, span.end)) {
      handler.reject('HL7_BATCH_COUNT', span);
    }
    span.clear();
    this.torn = false;
    this.kind = LineKind.OTHER;
  }
}

/** The ends of lines in one chunk. Each kind is searched only as long as the chunk has one. */
class LineEnds {
  private readonly search: Buffer;
  private nextReturn = -1;
  private nextFeed = -1;
  private nextSeparator = -1;

  constructor(private readonly bytes: Uint8Array) {
    this.search = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Where the line that goes on at `at` ends; with the end of the chunk, if not before. */
  public after(at: number): number {
    if (this.nextReturn < at) this.nextReturn = this.find(CARRIAGE_RETURN, at);
    if (this.nextFeed < at) this.nextFeed = this.find(LINE_FEED, at);
    if (this.nextSeparator < at) this.nextSeparator = this.find(FILE_SEPARATOR, at);
    return Math.min(this.nextReturn, this.nextFeed, this.nextSeparator);
  }

  private find(byte: number, from: number): number {
    const found = this.search.indexOf(byte, from);
    return found < 0 ? this.bytes.length : found;
  }
}

function isEnvelope(kind: LineKind): boolean {
  return kind !== LineKind.MESSAGE && kind !== LineKind.OTHER;
}

function join(head: Uint8Array, rest: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + rest.length);
  joined.set(head);
  joined.set(rest, head.length);
  return joined;
}
