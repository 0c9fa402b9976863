import type { RecordHandler, RecordReader } from '../readers/record-reader';

/** Placeholder of the seam. */
export class Hl7Reader implements RecordReader {
  constructor(_handler: RecordHandler, _maxRecordBytes: number, _offset: number) {}

  public push(_chunk: Uint8Array): void {}

  public end(): void {}
}
