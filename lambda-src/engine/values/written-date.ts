import { HYPHEN, PLUS, SLASH, SPACE, UPPER_T } from '../ascii';
import { daysOf } from './calendar';
import { digitsEnd, isDigit, isTimeAndZone, two, yearOf } from './year';
import type { DateForm } from '../../../src/deidentification/private/value-rule';

/** Four digits above it are days counted from 1960 or 1900, as statistics packages and spreadsheets have them. */
const LAST_BARE_YEAR = 2100;
/** But for this one, which says "never". */
const NEVER = 9999;
export const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** How the day of a date is written. */
export const enum DateStyle {
  /** `2020-01-31` */
  ISO,
  /** `20200131` */
  BASIC,
  /** `01/31/2020` */
  SLASHED,
  /** `31-JAN-2020` */
  NAMED,
}

/** The parts of one date, found in bytes; a reader of many dates has one. */
export class WrittenDate {
  public year = 0;
  /** 0 where the date says no more than the year. */
  public month = 0;
  /** 0 where the date says no more than the month. */
  public day = 0;
  public style = DateStyle.ISO;
  /** Whether months and days below ten have a zero before them. */
  public padded = true;
  /** Whether the name of the month has small letters. */
  public small = false;
  /** Where the time of day begins, with its separator, or the zone where there is no time. */
  public rest = 0;

  /** Reads all of `bytes[from, to)`; false where it is no date of the form, or none that a calendar has. */
  public read(bytes: Uint8Array, from: number, to: number, form: DateForm): boolean {
    this.month = this.day = 0;
    this.style = DateStyle.ISO;
    this.padded = true;
    if (form === 'hl7') return this.readBasic(bytes, from, to, true);
    if (form === 'column') return this.readColumn(bytes, from, to);
    return this.readIso(bytes, from, to, form !== 'date');
  }

  /** A date as one table or another has it; the form itself tells which. */
  private readColumn(bytes: Uint8Array, from: number, to: number): boolean {
    if (digitsEnd(bytes, from, to) >= from + 4) {
      const basic = to - from > 4 && isDigit(bytes[from + 4]);
      if (basic) return this.readBasic(bytes, from, to, false);
      if (!this.readIso(bytes, from, to, true)) return false;
      return to - from > 4 || this.year <= LAST_BARE_YEAR || this.year === NEVER;
    }
    const first = digitsEnd(bytes, from, Math.min(to, from + 2));
    if (first === from || first === to) return false;
    return bytes[first] === SLASH ? this.readSlashed(bytes, from, first, to) : this.readNamed(bytes, from, first, to);
  }

  private readIso(bytes: Uint8Array, from: number, to: number, withTime: boolean): boolean {
    // A table often has a space where ISO 8601 has a T.
    const spaced = withTime && to - from > 10 && bytes[from + 10] === SPACE;
    this.year = yearOf(bytes, from, spaced ? from + 10 : to, withTime);
    if (this.year < 0) return false;
    if (spaced && !isTimeAndZone(bytes, from + 11, to)) return false;
    if (to - from >= 7) this.month = two(bytes, from + 5, to);
    if (to - from >= 10) this.day = two(bytes, from + 8, to);
    this.rest = Math.min(to, from + 10);
    return this.isInCalendar();
  }

  /** `YYYY[MM[DD[HH[MM[SS[.S+]]]]]][+ZZZZ]`; in a table whole days only. */
  private readBasic(bytes: Uint8Array, from: number, to: number, hl7: boolean): boolean {
    this.style = DateStyle.BASIC;
    const end = digitsEnd(bytes, from, to);
    const length = end - from;
    if (hl7 ? length < 4 || length > 14 || length % 2 !== 0 : length !== 8 || end !== to) return false;
    this.year = two(bytes, from, end) * 100 + two(bytes, from + 2, end);
    if (length >= 6) this.month = two(bytes, from + 4, end) || -1;
    if (length >= 8) this.day = two(bytes, from + 6, end) || -1;
    this.rest = Math.min(end, from + 8);
    if (length >= 10 && two(bytes, from + 8, end) > 24) return false;
    if (length >= 12 && two(bytes, from + 10, end) > 59) return false;
    if (length >= 14 && two(bytes, from + 12, end) > 60) return false;
    return this.isInCalendar() && isFractionAndZone(bytes, end, to, length === 14);
  }

  private readSlashed(bytes: Uint8Array, from: number, first: number, to: number): boolean {
    this.style = DateStyle.SLASHED;
    const second = digitsEnd(bytes, first + 1, Math.min(to, first + 3));
    if (second === first + 1 || bytes[second] !== SLASH || second === to) return false;
    this.padded = first - from === 2 && second - first === 3;
    this.month = number(bytes, from, first) || -1;
    this.day = number(bytes, first + 1, second) || -1;
    return this.readYear(bytes, second + 1, to);
  }

  private readNamed(bytes: Uint8Array, from: number, first: number, to: number): boolean {
    this.style = DateStyle.NAMED;
    const name = first + 1;
    if (bytes[first] !== HYPHEN || to - name < 8 || bytes[name + 3] !== HYPHEN) return false;
    const letters = String.fromCharCode(bytes[name], bytes[name + 1], bytes[name + 2]);
    this.small = letters !== letters.toUpperCase();
    this.padded = first - from === 2;
    this.month = MONTHS.indexOf(letters.toUpperCase()) + 1 || -1;
    this.day = number(bytes, from, first) || -1;
    return this.readYear(bytes, name + 4, to);
  }

  /** Four digits, and a time of day after them or nothing. */
  private readYear(bytes: Uint8Array, from: number, to: number): boolean {
    if (digitsEnd(bytes, from, to) !== from + 4) return false;
    this.year = number(bytes, from, from + 4);
    this.rest = from + 4;
    if (!this.isInCalendar()) return false;
    if (this.rest === to) return true;
    const separator = bytes[this.rest];
    return (separator === SPACE || separator === UPPER_T) && isTimeAndZone(bytes, this.rest + 1, to);
  }

  private isInCalendar(): boolean {
    const { year, month, day } = this;
    if (year < 1 || month < 0 || month > 12 || day < 0) return false;
    return day === 0 || day <= daysOf(year, month);
  }
}

function number(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + bytes[i] - 0x30;
  return value;
}

/** What may follow the digits of a time stamp in HL7 v2. */
function isFractionAndZone(bytes: Uint8Array, from: number, to: number, seconds: boolean): boolean {
  let at = from;
  if (seconds && at < to && bytes[at] === 0x2e) {
    at = digitsEnd(bytes, from + 1, to);
    if (at === from + 1) return false;
  }
  if (at === to) return true;
  if (bytes[at] !== PLUS && bytes[at] !== HYPHEN) return false;
  return to === at + 5 && digitsEnd(bytes, at + 1, to) === to && two(bytes, at + 1, to) <= 14;
}
