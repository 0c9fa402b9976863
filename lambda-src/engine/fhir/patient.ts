import type { RecordView } from './record';
import type { ReferenceParts } from './reference';
import { NEXT, TOKEN } from './token';
import { ByteDictionary, sameBytes } from '../values/byte-dictionary';
import { startsWith } from '../values/code-grammar';
import { encoded } from '../values/encoded';
import { MAX_ID } from '../values/pseudonyms';

/**
 * Elements at the top of a resource that say whose it is, the first one first: nearly all ways into the patient
 * compartment of R4. The last two are those of appointments, where people of all kinds are named.
 */
export const WAYS = [
  'subject',
  'patient',
  'beneficiary',
  'individual',
  'candidate',
  'for',
  'actor',
  'participant',
] as const;

const ANYBODY = WAYS.indexOf('actor');
const PARTICIPANT = WAYS.indexOf('participant');
const PATIENT = 'Patient/';
const URN = 'urn:';

/** Finds the id of the patient whose resource one is, wherever its key stands: before any of its dates is written. */
export class PatientFinder {
  /** The id: `bytes[from, to)`; `from === to` where there is none. */
  public bytes: Uint8Array = new Uint8Array(0);
  public from = 0;
  public to = 0;
  private readonly names = new ByteDictionary(WAYS);
  private readonly found = new Int32Array(WAYS.length);
  private several = false;

  constructor(
    private readonly record: RecordView,
    private readonly reference: ReferenceParts,
  ) {}

  public nobody(): void {
    this.from = this.to = 0;
  }

  /** Of a Patient itself, by the id or else by the one that a Bundle gives to the entry. */
  public ofPatient(resource: number, entryId: string | undefined): void {
    const { record, reference } = this;
    this.nobody();
    const id = record.member(resource, 'id');
    if (id >= 0 && record.isString(id)) {
      record.text(id);
      // Nothing refers to what is longer; and it would be copied for each resource in this one.
      if (record.textTo - record.textFrom <= MAX_ID) this.take(record.textBytes, record.textFrom, record.textTo);
    } else if (entryId !== undefined) {
      const text = encoded(entryId);
      if (reference.parse(text, 0, text.length)) this.take(text, reference.idFrom, reference.idTo);
    }
  }

  /** Of any other resource, by what it refers to. */
  public ofResource(resource: number): void {
    const { record, found } = this;
    const end = record.tokens[resource + NEXT];
    found.fill(-1);
    for (let key = resource + TOKEN; key < end; key = record.next(key + TOKEN)) {
      const way = record.find(key, this.names);
      if (way >= 0) found[way] = key + TOKEN;
    }
    this.nobody();
    for (let way = 0; way < WAYS.length && this.from === this.to; way++) {
      this.several = false;
      if (found[way] >= 0) this.collect(found[way], way);
      // A date of two patients is none of either's.
      if (this.several) this.nobody();
    }
  }

  private collect(value: number, way: number): void {
    const { record } = this;
    if (record.isArray(value)) {
      const end = record.tokens[value + NEXT];
      for (let item = value + TOKEN; item < end; item = record.next(item)) this.collect(item, way);
    } else if (record.isObject(value)) {
      const inner = record.member(value, way === PARTICIPANT ? 'actor' : 'reference');
      if (inner < 0) return;
      if (way === PARTICIPANT) this.collect(inner, ANYBODY);
      else if (record.isString(inner)) this.refer(inner, way);
    }
  }

  private refer(value: number, way: number): void {
    const { record, reference } = this;
    record.text(value);
    const { textBytes, textFrom, textTo } = record;
    if (!reference.parse(textBytes, textFrom, textTo)) return;
    // A URN does not say of what type it is: it is taken at its word where hardly anything but a patient is meant.
    const { headFrom, headTo } = reference;
    const known = headTo - headFrom === PATIENT.length && startsWith(textBytes, headFrom, headTo, PATIENT);
    if (!known && (way >= ANYBODY || !startsWith(textBytes, textFrom, textTo, URN))) return;
    this.take(textBytes, reference.idFrom, reference.idTo);
  }

  private take(bytes: Uint8Array, from: number, to: number): void {
    const before = this.to - this.from;
    const same = before === to - from && sameBytes(this.bytes, this.from, bytes, from, before);
    if (before > 0 && !same) this.several = true;
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }
}
