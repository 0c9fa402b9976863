import { numberOf } from '../word-number';
import type { AskedFields } from './segment-fields';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type {
  CompiledForm,
  CompiledHl7v2,
  CompiledPart,
  FormGuard,
  PartAction,
} from '../../../src/deidentification/private/hl7v2/tables';
import { ByteDictionary } from '../values/byte-dictionary';

const ACTIONS = [
  'drop',
  'keep',
  'number',
  'count',
  'word',
  'code',
  'unit',
  'system',
  'one',
  'comparator',
  'separator',
  'year',
  'birth',
  'date',
  'state',
  'zip3',
  'zip',
  'city',
  'id',
  'idType',
  'rule',
  'form',
] as const satisfies readonly PartAction[];

/** Actions as numbers. */
export const enum Action {
  DROP,
  KEEP,
  NUMBER,
  COUNT,
  WORD,
  CODE,
  UNIT,
  SYSTEM,
  ONE,
  COMPARATOR,
  SEPARATOR,
  YEAR,
  BIRTH,
  DATE,
  STATE,
  ZIP3,
  ZIP,
  CITY,
  ID,
  ID_TYPE,
  RULE,
  FORM,
}

/** Actions whose output follows from the value and what stands beside it in its field, and counts nothing but what is redacted. */
const REPEATING: readonly PartAction[] = ['code', 'unit', 'system', 'word', 'one', 'count'];

/** A form with its parts in columns. */
export class LoadedForm {
  public readonly guard: FormGuard;
  /** Action and argument of each part by its number, up to the last that is named. */
  public readonly actions: Uint8Array;
  public readonly args: Int32Array;
  public readonly restAction: Action;
  public readonly restArg: number;
  /** Everything is kept as it stands. */
  public readonly keepsAll: boolean;
  /** What is written depends on the type that the message names for the value. */
  public readonly isValue: boolean;
  /** An id, and of what stands behind it at most its type: that comes out the same behind any id. */
  public readonly isId: boolean;
  /** Whether the same field always comes out the same, and is likely to come again. */
  public readonly repeats: boolean;

  constructor(
    public readonly number: number,
    { guard, parts, rest }: CompiledForm,
  ) {
    const last = Math.max(1, ...Object.keys(parts).map(Number));
    const all = Array.from({ length: last + 1 }, (_, part) => parts[part] ?? rest);
    this.guard = guard;
    this.actions = Uint8Array.from(all, actionOf);
    this.args = Int32Array.from(all, argumentOf);
    this.restAction = actionOf(rest);
    this.restArg = argumentOf(rest);
    const repeating = Object.values(parts).every(([action]) => REPEATING.includes(action));
    this.repeats = ['coding', 'unit', 'person', 'plain'].includes(guard) && !rest && repeating;
    this.isValue = guard === 'value';
    const { 1: first, ...others } = parts;
    const isAlone = !rest && Object.values(others).every(([action]) => action === 'idType');
    this.isId = (guard === 'plain' || guard === 'patient') && first?.[0] === 'id' && isAlone;
    this.keepsAll = guard === 'plain' && rest?.[0] === 'keep' && Object.keys(parts).length === 0;
  }
}

/** Segments whose fields decide over each other. */
export const enum SegmentRole {
  PLAIN,
  MESSAGE,
  PATIENT,
  OBSERVATION,
}

const ROLES: Readonly<Record<string, SegmentRole>> = {
  MSH: SegmentRole.MESSAGE,
  PID: SegmentRole.PATIENT,
  OBX: SegmentRole.OBSERVATION,
};

/** A header is read as far as its type, whatever is kept of it. */
const MESSAGE_TYPE = 9;

/** What is kept of a segment. */
export interface LoadedSegment extends AskedFields {
  /** Its name as a number. */
  readonly key: number;
  readonly role: SegmentRole;
}

/** An observation's value, and what decides over it. */
export const enum Obx {
  VALUE_TYPE = 2,
  CODE,
  VALUE = 5,
  UNITS,
}

/** Date of death of a patient. */
export const DEATH = 29;

/** Nothing of the segment is kept but its id. */
const EMPTIED = -1;
/** A name that no standard and no site has given: a text may look so, behind a line end. */
export const STRANGE = -2;

const LETTERS = 36;
const NO_LIMIT = 0x7fffffff;

/** The tables in the form in which bytes are matched against them. */
export class LoadedHl7 {
  public readonly hl7: CompiledHl7v2;
  public readonly forms: readonly LoadedForm[];
  public readonly segments: readonly LoadedSegment[];
  /** Number of the form of an observation's value, by the number of its type; -1 where such a value is dropped. */
  public readonly valueForms: readonly number[];
  public readonly valueTypes: ByteDictionary;
  public readonly words: readonly ByteDictionary[];
  public readonly messageTypes: ByteDictionary;
  public readonly knownSystems: ByteDictionary;
  public readonly identifyingSystems: ByteDictionary;
  public readonly idTypes: ByteDictionary;
  public readonly outsideIssuers: ByteDictionary;
  public readonly states: ByteDictionary;
  public readonly countries: ByteDictionary;
  public readonly persons: ByteDictionary;
  public readonly ageCodes: ByteDictionary;
  /** Units of time in capitals, and from how many of each on an age is over the limit. */
  public readonly units: ByteDictionary;
  public readonly unitLimits: readonly number[];
  /** Number of the segment by its id, or why it has none. */
  public readonly segmentNumbers = new Int16Array(LETTERS ** 3).fill(STRANGE);

  constructor(readonly policy: CompiledTables) {
    const { hl7v2 } = policy;
    this.hl7 = hl7v2;
    this.forms = hl7v2.forms.map((form, number) => new LoadedForm(number, form));
    const site = segmentKey(Buffer.from('ZAA'), 0);
    this.segmentNumbers.fill(EMPTIED, site, site + LETTERS ** 2);
    for (const name of hl7v2.standard) this.segmentNumbers[segmentKey(Buffer.from(name), 0)] = EMPTIED;
    this.segments = Object.entries(hl7v2.segments).map(([name, { fields, rest }], number) => {
      const key = segmentKey(Buffer.from(name), 0);
      this.segmentNumbers[key] = number;
      const last = Math.max(name === 'MSH' ? MESSAGE_TYPE : 0, ...Object.keys(fields).map(Number));
      const forms = Int16Array.from({ length: last + 1 }, (_, field) => fields[field] ?? rest ?? -1);
      const kept = Int32Array.from([...forms.keys()].filter((field) => field > 0 && forms[field] >= 0));
      const limit = rest === undefined ? last : NO_LIMIT;
      return { key, role: this.roleOf(name, forms), forms, kept, rest: rest ?? -1, last: limit };
    });
    this.valueTypes = new ByteDictionary(Object.keys(hl7v2.values));
    this.valueForms = Object.values(hl7v2.values);
    this.words = hl7v2.words.map((words) => new ByteDictionary(words));
    this.messageTypes = new ByteDictionary(hl7v2.messageTypes);
    this.knownSystems = new ByteDictionary(hl7v2.codings.known);
    this.identifyingSystems = new ByteDictionary(hl7v2.codings.identifying);
    this.idTypes = new ByteDictionary(hl7v2.identifiers.types);
    this.outsideIssuers = new ByteDictionary(hl7v2.identifiers.outsideIssuers);
    this.states = new ByteDictionary(hl7v2.states);
    this.countries = new ByteDictionary(hl7v2.countries);
    this.persons = new ByteDictionary(hl7v2.persons);
    this.ageCodes = new ByteDictionary(hl7v2.ages.codes);
    this.units = new ByteDictionary(Object.keys(hl7v2.ages.units).map((unit) => unit.toUpperCase()));
    this.unitLimits = Object.values(hl7v2.ages.units);
  }

  private roleOf(name: string, forms: Int16Array): SegmentRole {
    // A rule over the value of an observation decides alone.
    if (name === 'OBX' && !(forms[Obx.VALUE] >= 0 && this.forms[forms[Obx.VALUE]].isValue)) return SegmentRole.PLAIN;
    return ROLES[name] ?? SegmentRole.PLAIN;
  }

  /** Number of the segment whose id stands at `at`, which `isSegmentId` has passed: of `segments`, or below 0. */
  public segmentAt(bytes: Uint8Array, at: number): number {
    return this.segmentNumbers[segmentKey(bytes, at)];
  }
}

/** Three characters as one number: of letters and digits, each has its own. */
export function segmentKey(bytes: Uint8Array, at: number): number {
  return (place(bytes[at]) * LETTERS + place(bytes[at + 1])) * LETTERS + place(bytes[at + 2]);
}

function place(byte: number): number {
  return byte >= 0x41 ? byte - 0x41 : byte - 0x30 + 26;
}

/** Whether a segment's id may stand here: a capital letter, and two more or digits. */
export function isSegmentId(bytes: Uint8Array, at: number): boolean {
  return isCapital(bytes[at]) && isCapitalOrDigit(bytes[at + 1]) && isCapitalOrDigit(bytes[at + 2]);
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isCapitalOrDigit(byte: number): boolean {
  return isCapital(byte) || (byte >= 0x30 && byte <= 0x39);
}

function actionOf(part: CompiledPart | undefined): Action {
  return numberOf(ACTIONS, part?.[0] ?? 'drop');
}

function argumentOf(part: CompiledPart | undefined): number {
  return part?.[1] ?? -1;
}
