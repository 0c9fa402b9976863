import { LINE_FEED } from '../ascii';
import type { RecordHandler, RecordReader } from './record-reader';
import { RecordSpan } from './record-span';

/** One record per line. Blank lines are no records; a broken line is its own record's fault. */
export class NdjsonReader implements RecordReader {
  private readonly line: RecordSpan;

  constructor(
    private readonly handler: RecordHandler,
    maxRecordBytes: number,
    private offset: number,
  ) {
    this.line = new RecordSpan(maxRecordBytes);
  }

  public push(chunk: Uint8Array): void {
    const search = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    while (at < chunk.length) {
      if (!this.line.isOpen) this.line.open(at, this.offset + at);
      const newline = search.indexOf(LINE_FEED, at);
      if (newline < 0) break;
      this.line.close(chunk, newline);
      this.lineEnds();
      at = newline + 1;
    }
    this.line.suspend(chunk);
    this.offset += chunk.length;
  }

  public end(): void {
    if (!this.line.isOpen) return;
    this.line.closeAtEnd();
    this.lineEnds();
  }

  private lineEnds(): void {
    const { line } = this;
    if (!line.tooLarge) {
      while (line.start < line.end && isBlank(line.bytes[line.start])) {
        line.start++;
        line.offset++;
      }
      while (line.end > line.start && isBlank(line.bytes[line.end - 1])) line.end--;
      line.length = line.end - line.start;
    }
    if (line.tooLarge || line.length > 0) this.handler.record(line);
    line.clear();
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}
