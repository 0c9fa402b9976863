import { HL7_SEGMENTS } from './generated/kernels';
import { Kernel, type KernelMemory } from './kernel';

interface Exports extends KernelMemory {
  size(): number;
  text(): number;
  written(): number;
  forms(): number;
  names(): number;
  segments(): number;
  fields(): number;
  asked(): number;
  result(): number;
  remembered(): number;
  rememberedOutput(): number;
  setUp(yearFloor: number, formOfType: number, formOfCode: number, formOfUnits: number): void;
  setDelimiters(field: number, component: number, repetition: number, escape: number, subcomponent: number): void;
  run(length: number, complete: number, header: number): number;
  remember(form: number, length: number, outputLength: number, redacted: number, note: number): void;
}

const KERNEL = new Kernel<Exports>(HL7_SEGMENTS);

/** What the tables of `kernel-src/hl7-segments.ts` have room for. */
export const MAX_FORMS = 1024;
export const MAX_SEGMENTS = 1024;
export const MAX_FIELDS = 8192;
const MAX_ASKED = 512;
/** Longest field that is remembered. */
const MOST = 112;

/** Columns of what is asked. */
export const enum Ask {
  BEFORE,
  AFTER,
  FORM,
  FROM,
  TO,
  COUNT,
}

/** Beside a form: nothing follows in the segment. In place of one: an id, or a patient begins who has no date of death. */
export const LAST = 0x10000;
export const ID = 0xfffe;
export const LIVES = 0xffff;

/** Columns of a segment. */
const SEGMENT = 3;

/** How the kernel writes fields of a form, as far as it can. */
export const enum Written {
  ASKED,
  NUMBER,
  COUNT,
  YEAR,
  REPEATED,
  VALUE,
  IDS,
}

/** What the kernel knows of segments. */
export interface SegmentTables {
  /** By the number of a form. */
  readonly forms: readonly Written[];
  /** Number of the segment by its name's; -1 where only its name is kept, -2 where it is the caller's. */
  readonly names: Int16Array;
  readonly segments: readonly KernelSegment[];
  /** The forms of an observation's type, code and units. */
  readonly observation: readonly [number, number, number];
}

export interface KernelSegment {
  readonly role: number;
  /** The segment is the caller's where this field is not empty. */
  readonly unless: number;
  /** Numbers of the fields that are kept, each followed by that of its form. */
  readonly fields: readonly number[];
}

/** Writes segments as far as tables can tell, and asks for the fields that it leaves out. */
export class SegmentKernel {
  /** What was written; with an empty place for each field that is asked for. */
  public readonly output: DataView;
  /** What is asked, a row each. */
  public readonly asks: Int32Array;
  /** Where the first byte stands of what was gone through last. */
  public base = 0;
  private readonly kernel = KERNEL.instance();
  private readonly size = this.kernel.size();
  private readonly text: Uint8Array;
  private readonly result: Int32Array;
  private readonly field: Uint8Array;
  private readonly fieldOutput: Uint8Array;

  constructor(tables: SegmentTables, yearFloor: number) {
    const { kernel } = this;
    const { buffer } = kernel.memory;
    this.text = new Uint8Array(buffer, kernel.text(), this.size);
    this.output = new DataView(buffer, kernel.written(), this.size);
    this.asks = new Int32Array(buffer, kernel.asked(), MAX_ASKED * Ask.COUNT);
    this.result = new Int32Array(buffer, kernel.result(), 6);
    this.field = new Uint8Array(buffer, kernel.remembered(), MOST);
    this.fieldOutput = new Uint8Array(buffer, kernel.rememberedOutput(), MOST);
    kernel.setUp(yearFloor, ...tables.observation);
    new Uint8Array(buffer, kernel.forms(), MAX_FORMS).set(tables.forms);
    new Int16Array(buffer, kernel.names(), tables.names.length).set(tables.names);
    const segments = new Int32Array(buffer, kernel.segments(), MAX_SEGMENTS * SEGMENT);
    const fields = new Int32Array(buffer, kernel.fields(), MAX_FIELDS * 2);
    let next = 0;
    tables.segments.forEach(({ role, unless, fields: ofSegment }, number) => {
      segments.set([role, next / 2, unless], number * SEGMENT);
      fields.set([...ofSegment, NO_FIELD, 0], next);
      next += ofSegment.length + 2;
    });
  }

  public get outputLength(): number {
    return this.result[0];
  }

  /** Where the rows of what is asked end. */
  public get asksEnd(): number {
    return this.result[1] >> 2;
  }

  public get redacted(): number {
    return this.result[2];
  }

  public get generalized(): number {
    return this.result[3];
  }

  /** Where the type of the message stands that was begun last. */
  public get typeFrom(): number {
    return this.base + this.result[4];
  }

  public get typeTo(): number {
    return this.base + this.result[5];
  }

  /** Forgets all fields: to other delimiters the same bytes are another one. Below 0 are those that a message does not have. */
  public setDelimiters(field: number, ...others: readonly [number, number, number, number]): void {
    const [component, repetition, escape, subcomponent] = others.map((byte) => (byte < 0 ? field : byte));
    this.kernel.setDelimiters(field, component, repetition, escape, subcomponent);
  }

  /**
   * Writes segments of `bytes[from, to)`.
   *
   * @param header whether the first one is the header of a message
   * @returns up to where all is written, or, inverted, where a segment begins that is the caller's
   */
  public run(bytes: Uint8Array, from: number, to: number, header: boolean): number {
    const { size, kernel } = this;
    const complete = to - from <= size;
    const windowEnd = complete ? to : from + size;
    this.text.set(bytes.subarray(from, windowEnd));
    this.base = from;
    const place = kernel.run(windowEnd - from, complete ? 1 : 0, header ? 1 : 0);
    return place < 0 ? ~(~place + from) : place + from;
  }

  /** Whether a field of a length can be remembered. */
  public canRemember(length: number): boolean {
    return length <= MOST;
  }

  /** Takes what was written of a field, and a note on it; what came out longer is not remembered. */
  public remember(form: number, field: Uint8Array, output: Uint8Array, redacted: number, note: number): void {
    if (output.length > field.length) return;
    this.field.set(field);
    this.fieldOutput.set(output);
    this.kernel.remember(form, field.length, output.length, redacted, note);
  }
}

/** Ends the fields of a segment: none has a greater number. */
const NO_FIELD = 0x7fffffff;
