import { ZERO } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import { type Day, dayNumber, dayOf } from './calendar';
import { hmacOf } from './hmac';
import { isCapitalUuid, smallUuid } from './pseudonyms';
import { put } from './put';
import { DateStyle, MONTHS, type WrittenDate } from './written-date';
import { isDigit } from './year';

/** Days to either side; never none, which would show a patient's dates as they are. */
const REACH = 50;

/**
 * Moves dates by a number of days that a patient's id and the key decide: all dates of a patient move alike, in every
 * file, so that the time between two events stays what it was.
 */
export class DateShift {
  private patient: Uint8Array = new Uint8Array(64);
  private length = 0;
  private days = 0;

  constructor(private readonly subKey: Uint8Array) {}

  /** Days by which the dates of this patient move; 0 where there is none. */
  public get offset(): number {
    if (this.days === 0 && this.length > 0) {
      const draw = hmacOf(this.subKey, this.patient, 0, this.length).readUInt32BE() % (2 * REACH);
      this.days = draw < REACH ? draw - REACH : draw - REACH + 1;
    }
    return this.days;
  }

  public get patientBytes(): Uint8Array {
    return this.patient.subarray(0, this.length);
  }

  /** Most records come after one of the same patient, whose number of days is known. */
  public setPatient(bytes: Uint8Array, from: number, to: number): void {
    if (isCapitalUuid(bytes, from, to)) {
      this.setPatient(smallUuid(bytes, from), 0, to - from);
      return;
    }
    const length = to - from;
    const { patient } = this;
    if (length === this.length) {
      let i = 0;
      while (i < length && patient[i] === bytes[from + i]) i++;
      if (i === length) return;
    }
    if (length > patient.length) this.patient = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.patient[i] = bytes[from + i];
    this.length = length;
    this.days = 0;
  }

  /**
   * Appends a date with a day, moved, in the form in which it was read from `bytes`, which ends at `to`: the time of day
   * is zeroed, the zone stays as written. False where the year would lie before `firstYear`.
   */
  public write(date: WrittenDate, bytes: Uint8Array, to: number, firstYear: number, out: ByteWriter): boolean {
    const moved = dayOf(dayNumber(date) + this.offset);
    if (moved.year < firstYear) return false;
    writeDay(date, moved, out);
    let at = date.rest;
    for (; at < to && !isZone(bytes[at]); at++) out.byte(isDigit(bytes[at]) ? ZERO : bytes[at]);
    put(out, bytes, at, to);
    return true;
  }
}

function writeDay({ style, padded, small }: WrittenDate, { year, month, day }: Day, out: ByteWriter): void {
  const width = padded ? 2 : 1;
  switch (style) {
    case DateStyle.ISO:
      out.ascii(`${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`);
      return;
    case DateStyle.BASIC:
      out.ascii(digits(year, 4) + digits(month, 2) + digits(day, 2));
      return;
    case DateStyle.SLASHED:
      out.ascii(`${digits(month, width)}/${digits(day, width)}/${digits(year, 4)}`);
      return;
    case DateStyle.NAMED: {
      const name = MONTHS[month - 1];
      out.ascii(`${digits(day, width)}-${small ? name[0] + name.slice(1).toLowerCase() : name}-${digits(year, 4)}`);
    }
  }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `Z`, `+` or `-`: in what follows a day, each begins a zone. */
function isZone(c: number): boolean {
  return c === 0x5a || c === 0x2b || c === 0x2d;
}
