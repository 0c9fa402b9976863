import { CARRIAGE_RETURN, LINE_FEED } from '../ascii';
import { sameBytes } from '../values/byte-dictionary';

/** Length of a segment's id. */
const ID = 3;
const NOTHING = new Uint8Array(0);

/** What a byte does in a message: nothing, or separate, or begin and end an escape sequence. */
export const enum Role {
  OTHER,
  FIELD,
  COMPONENT,
  REPETITION,
  ESCAPE,
  SUBCOMPONENT,
  TRUNCATION,
}

/** The roles of MSH-2's characters, in their order. */
const ROLES = [Role.COMPONENT, Role.REPETITION, Role.ESCAPE, Role.SUBCOMPONENT, Role.TRUNCATION];

/**
 * Characters that may separate: punctuation, but not what numbers, dates and our own codes are written with, and not the
 * quote, of which HL7's null is made. Letters would cut values into others.
 */
const MAY_SEPARATE = new Uint8Array(256);
for (const character of Buffer.from("|^~\\&#!$%'()*,/:;?@[]_`{}")) MAY_SEPARATE[character] = 1;

export function maySeparate(byte: number): boolean {
  return MAY_SEPARATE[byte] === 1;
}

/** The delimiters of one message: its own choice, written in its first segment. */
export class Delimiters {
  /** Role of each byte. */
  public readonly roles = new Uint8Array(256);
  /** 1 for what ends a field: the delimiter of fields, and the ends of lines. */
  public readonly ends = new Uint8Array(256);
  public field = -1;
  /** -1 for each that the message does not have. */
  public component = -1;
  public repetition = -1;
  public escape = -1;
  public subcomponent = -1;
  /** As they were read: with the delimiters of fields around them. */
  private written: Uint8Array = NOTHING;

  /** Whether they are written at `start` as they were last: most feeds have one choice. */
  public areSame(bytes: Uint8Array, start: number, end: number): boolean {
    const { written } = this;
    if (written.length === 0 || start + ID + written.length > end) return false;
    return sameBytes(written, 0, bytes, start + ID, written.length);
  }

  /**
   * Reads them from a segment that begins at `start` like `MSH|^~\&|`.
   *
   * @returns whether they can be told apart, from each other and from what they separate
   */
  public read(bytes: Uint8Array, start: number, end: number): boolean {
    const { roles } = this;
    this.written = NOTHING;
    roles.fill(Role.OTHER);
    this.component = this.repetition = this.escape = this.subcomponent = -1;
    this.field = start + 3 < end ? bytes[start + 3] : -1;
    if (!this.take(this.field, Role.FIELD)) return false;
    this.ends.fill(0);
    this.ends[this.field] = this.ends[CARRIAGE_RETURN] = this.ends[LINE_FEED] = 1;
    let role = 0;
    let at = start + 4;
    for (; at < end && this.ends[bytes[at]] === 0; at++, role++) {
      if (role === ROLES.length || !this.take(bytes[at], ROLES[role])) return false;
    }
    if (role > 0) this.component = bytes[start + 4];
    if (role > 1) this.repetition = bytes[start + 5];
    if (role > 2) this.escape = bytes[start + 6];
    if (role > 3) this.subcomponent = bytes[start + 7];
    if (role === 0) return false;
    // Up to the delimiter behind them: without it, there may be more.
    if (at < end && bytes[at] === this.field) this.written = bytes.slice(start + ID, at + 1);
    return true;
  }

  private take(byte: number, role: number): boolean {
    if (byte < 0 || MAY_SEPARATE[byte] === 0 || this.roles[byte] !== Role.OTHER) return false;
    this.roles[byte] = role;
    return true;
  }
}
