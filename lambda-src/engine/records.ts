import { COMMA, OPEN_OBJECT } from './ascii';
import {
  NOTHING_CHANGED,
  type DeidCounts,
  type RecordCounts,
  type RecordErrorCode,
  type SourceErrorCode,
  type SourceFormat,
} from './contract';
import type { GzipWriter } from './gzip/gzip-writer';
import type { RecordHandler } from './readers/record-reader';
import type { RecordSpan } from './readers/record-span';
import type { RecordTransform } from './record-transform';
import { writeReject } from './reject-record';

/** Takes every record to the output or to the rejects, and the account of them: read = written + dropped + rejected. */
export class Records implements RecordHandler {
  public format: SourceFormat = 'unknown';
  public read = 0;
  public rejected = 0;
  private written = 0;
  private droppedCount = 0;
  private readonly byType = new Map<string, number>();
  private readonly byError = new Map<RecordErrorCode, number>();

  private transform!: RecordTransform;
  /** Records of JSON are objects; what else a line holds is no record. */
  private json = false;

  /** @param writes whether anything is to be written at all: a run that only validates counts its records as dropped */
  constructor(
    private readonly output: GzipWriter,
    private readonly rejects: GzipWriter,
    private readonly writes = true,
  ) {}

  /** What was found out about the source, before its first record. */
  public begin(format: SourceFormat, transform: RecordTransform): void {
    this.format = format;
    this.transform = transform;
    this.json = format === 'fhir-ndjson' || format === 'fhir-bundle';
  }

  public header(span: RecordSpan): number {
    return this.transform.header?.(span.bytes, span.start, span.end) ?? COMMA;
  }

  public rows(chunk: Uint8Array, from: number, offset: number): number {
    const { output, transform } = this;
    let at = from;
    for (;;) {
      const before = output.line.length;
      const taken = transform.rows?.(chunk, at, offset + at - from, output.room, output.line);
      if (taken === undefined) return at;
      at += taken.bytes;
      this.read += taken.count;
      if (this.writes) {
        this.written += taken.count;
        output.linesWritten(taken.count);
      } else {
        this.droppedCount += taken.count;
        output.line.truncate(before);
      }
    }
  }

  public record(span: RecordSpan, entryId?: string): void {
    if (span.tooLarge) return this.reject('REC_TOO_LARGE', span);
    if (this.json && span.bytes[span.start] !== OPEN_OBJECT) return this.reject('REC_SYNTAX', span);
    const { line } = this.output;
    const before = line.length;
    const code = this.tryTransform(span, entryId);
    if (code !== undefined) {
      line.truncate(before);
      return this.reject(code, span, this.transform.lastPath);
    }
    if (!this.writes) line.truncate(before);
    if (line.length === before) return this.dropped();
    this.read++;
    this.written++;
    const type = this.transform.lastType;
    if (type !== undefined) this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
    this.output.lineWritten(this.transform.recordEnd);
  }

  public reject(code: RecordErrorCode, span: RecordSpan, path?: string): void {
    const index = this.read++;
    this.rejected++;
    this.byError.set(code, (this.byError.get(code) ?? 0) + 1);
    if (!this.writes) return;
    writeReject(this.rejects.line, { code, format: this.format, index, path }, span);
    this.rejects.lineWritten();
  }

  public dropped(): void {
    this.read++;
    this.droppedCount++;
  }

  public counts(): RecordCounts {
    const { read, written, droppedCount: dropped, rejected } = this;
    return {
      read,
      written,
      dropped,
      rejected,
      byType: Object.fromEntries(this.byType),
      byError: Object.fromEntries(this.byError),
    };
  }

  /** A source that fails as a whole has written nothing: all of its records count as rejected, most of them by `code`. */
  public countsOfFailure(code: SourceErrorCode): RecordCounts {
    const { read, rejected } = this;
    return {
      read,
      written: 0,
      dropped: 0,
      rejected: read,
      byType: {},
      byError: { ...Object.fromEntries(this.byError), [code]: read - rejected },
    };
  }

  public deid(): DeidCounts {
    // A source that is empty has never begun.
    return this.transform?.counts() ?? NOTHING_CHANGED;
  }

  private tryTransform(span: RecordSpan, entryId: string | undefined): RecordErrorCode | undefined {
    try {
      return this.transform.transform(span.bytes, span.start, span.end, this.output.line, entryId);
    } catch {
      // Whatever it was, its text may quote the record.
      return 'DEID_FAILED';
    }
  }
}
