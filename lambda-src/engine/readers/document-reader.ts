import { JsonScanner, Treatment } from './json-scanner';
import type { RecordHandler, RecordReader } from './record-reader';
import { RecordSpan } from './record-span';

/** One record per JSON object, however many lines it takes: a resource that was written for human eyes. */
export class DocumentReader implements RecordReader {
  private readonly scanner: JsonScanner;
  private readonly span: RecordSpan;
  private chunk: Uint8Array = new Uint8Array(0);

  constructor(
    handler: RecordHandler,
    maxRecordBytes: number,
    private offset: number,
  ) {
    this.span = new RecordSpan(maxRecordBytes);
    this.scanner = new JsonScanner({
      begin: (_depth, _key, _first, at) => {
        this.span.open(at, this.offset + at);
        return Treatment.SKIP;
      },
      end: (_depth, _key, end) => {
        this.span.close(this.chunk, end);
        handler.record(this.span);
        this.span.clear();
      },
    });
  }

  public push(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.scanner.push(chunk);
    this.span.suspend(chunk);
    this.offset += chunk.length;
  }

  public end(): void {
    this.scanner.end();
  }
}
