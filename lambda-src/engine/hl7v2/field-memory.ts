import { ByteWriter } from '../byte-writer';
import type { Delimiters } from './delimiters';
import type { FieldWriter } from './field-writer';
import type { LoadedForm } from './loaded-hl7';
import type { Observation } from './observation';
import type { ValueWriter } from './value-writer';
import type { SegmentKernel } from '../kernel/segment-kernel';

/** What a field says of an observation's value, where nobody has looked at that. */
const UNKNOWN = -1;

/** An id of which nothing is special, and how long its code is. */
const ANY_ID = Buffer.from('A');
const CODE = 36;

/** Has the kernel remember fields: what came of them, and what they say of an observation's value. */
export class FieldMemory {
  constructor(
    private readonly kernel: SegmentKernel,
    private readonly delimiters: Delimiters,
    private readonly values: ValueWriter,
    private readonly fieldWriter: FieldWriter,
    private readonly observation: Observation,
  ) {}

  /** Writes a field; when it comes again, nobody will be asked for it. */
  public write(form: LoadedForm, from: number, to: number): void {
    this.writeWith(form, from, to, UNKNOWN);
  }

  /** Writes a field of an observation; when its like come again, nobody will be asked for the value beside them. */
  public writeNoted(form: LoadedForm, from: number, to: number): void {
    this.writeWith(form, from, to, form.repeats ? this.observation.noteOn(form, from, to) : UNKNOWN);
  }

  private writeWith(form: LoadedForm, from: number, to: number, note: number): void {
    const { values, kernel } = this;
    const { out, redacted } = values;
    const before = out.length;
    this.fieldWriter.write(form, from, to);
    if (form.isId) this.rememberBehindIds(form, from, to);
    // Codes of ids may be still to come; none are in such a field, but nothing here depends on that.
    if (!form.repeats || !kernel.canRemember(to - from) || out.isOpen(before)) return;
    const field = values.bytes.subarray(from, to);
    const output = out.bytes.subarray(before, out.length);
    kernel.remember(form.number, field, output, values.redacted - redacted, note);
  }

  /** Has the kernel remember what stands behind each id of a field. */
  private rememberBehindIds(form: LoadedForm, from: number, to: number): void {
    const { component, repetition } = this.delimiters;
    const ids = this.values.bytes.subarray(from, to);
    for (let at = 0; at <= ids.length;) {
      const found = repetition < 0 ? -1 : ids.indexOf(repetition, at);
      const end = found < 0 ? ids.length : found;
      const behind = ids.subarray(at, end).indexOf(component);
      if (behind !== 0 && end > at) this.rememberBehindId(form, ids.subarray(behind < 0 ? end : at + behind, end));
      at = end + 1;
    }
  }

  /** It is judged behind another id: whose it was, decides over nothing. */
  private rememberBehindId(form: LoadedForm, text: Uint8Array): void {
    const { values, kernel } = this;
    if (!kernel.canRemember(text.length)) return;
    const { bytes, out, redacted, hashed } = values;
    values.out = new ByteWriter(CODE + text.length);
    values.bytes = Buffer.concat([ANY_ID, text]);
    this.fieldWriter.write(form, 0, values.bytes.length);
    const written = values.out.written();
    const redactedHere = values.redacted - redacted;
    const isShown = values.hashed > hashed;
    Object.assign(values, { bytes, out, redacted, hashed });
    if (isShown) kernel.remember(form.number, text, written.subarray(CODE), redactedHere, 1);
    // A null stays even behind an id that does not.
    else if (written.length === 0) kernel.remember(form.number, text, written, redactedHere, 0);
  }
}
