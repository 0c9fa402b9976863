import type { FieldMemory } from './field-memory';
import type { LoadedHl7 } from './loaded-hl7';
import type { Patient } from './patient';
import type { ValueWriter } from './value-writer';
import { Ask, ID, LAST, LIVES, type SegmentKernel } from '../kernel/segment-kernel';
import { putSpan } from '../values/put';

/** Writes segments with what the kernel makes of them: the fields that it has left out are put in their places. */
export class PlainSegments {
  constructor(
    private readonly tables: LoadedHl7,
    private readonly kernel: SegmentKernel,
    private readonly values: ValueWriter,
    private readonly memory: FieldMemory,
    private readonly patient: Patient,
  ) {}

  /**
   * Writes segments of `bytes[from, to)`.
   *
   * @param header whether the first one is the header of a message
   * @returns up to where all is written, or, inverted, where a segment begins that must be looked at as a whole
   */
  public write(bytes: Uint8Array, from: number, to: number, header: boolean): number {
    const { kernel, values } = this;
    const reached = kernel.run(bytes, from, to, header);
    values.redacted += kernel.redacted;
    values.generalized += kernel.generalized;
    this.fill();
    return reached;
  }

  private fill(): void {
    const { kernel, values, memory, tables } = this;
    const { output, asks, base, asksEnd } = kernel;
    const { out } = values;
    let at = 0;
    // Where the last field ends that stays: separators behind it stay only if something follows.
    let kept = out.length;
    for (let ask = 0; ask < asksEnd; ask += Ask.COUNT) {
      const before = asks[ask + Ask.BEFORE];
      const after = asks[ask + Ask.AFTER];
      putSpan(out, output, at, after);
      if (before > at) kept = out.length - after + before;
      at = after;
      const form = asks[ask + Ask.FORM];
      if (form === LIVES) {
        this.patient.lives();
        continue;
      }
      const from = base + asks[ask + Ask.FROM];
      const to = base + asks[ask + Ask.TO];
      const { length } = out;
      if (form === ID) values.writeId(from, to);
      else memory.write(tables.forms[form & ~LAST], from, to);
      if (out.length > length) kept = out.length;
      if (form & LAST) out.truncate(kept);
    }
    putSpan(out, output, at, kernel.outputLength);
  }
}
