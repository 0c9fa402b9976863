import { LineKind } from './line-kind';

/** Length of a segment's id. */
const ID = 3;

/** What a file says of itself in its envelopes, and what it has. */
export class BatchCounts {
  private messages = 0;
  private batches = 0;
  private inBatch = false;

  public message(): void {
    this.messages++;
  }

  /** Takes an envelope's segment `bytes[from, to)`; false where it is a trailer whose count is not what was read. */
  public accepts(kind: LineKind, bytes: Uint8Array, from: number, to: number): boolean {
    switch (kind) {
      case LineKind.FILE_HEADER:
        this.messages = this.batches = 0;
        this.inBatch = false;
        return true;
      case LineKind.BATCH_HEADER:
        this.messages = 0;
        this.batches++;
        this.inBatch = true;
        return true;
      case LineKind.BATCH_TRAILER:
        return this.batchEnds(bytes, from, to);
      default: {
        const right = says(bytes, from, to, this.batches);
        this.messages = this.batches = 0;
        return right;
      }
    }
  }

  private batchEnds(bytes: Uint8Array, from: number, to: number): boolean {
    // A trailer without its header ends a batch all the same.
    if (!this.inBatch) this.batches++;
    this.inBatch = false;
    const right = says(bytes, from, to, this.messages);
    this.messages = 0;
    return right;
  }
}

/** Whether the first field of a trailer is this count. It may be left out. */
function says(bytes: Uint8Array, from: number, to: number, count: number): boolean {
  const separator = bytes[from + ID];
  let stated = 0;
  let digits = 0;
  for (let at = from + ID + 1; at < to && bytes[at] !== separator; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9 || ++digits > 9) return false;
    stated = stated * 10 + digit;
  }
  return digits === 0 || stated === count;
}
