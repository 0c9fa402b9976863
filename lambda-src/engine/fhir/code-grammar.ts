/**
 * What a code, a unit and a code system may look like. A code list is not part of the engine, so shape is all that
 * stands between a coding and a name that somebody wrote into it.
 */

const MAX_CODE = 64;
const MAX_STRANGE_CODE = 32;
/** A number of seven digits or more may be of a person: a phone, a record, a date. */
const MAX_STRANGE_DIGITS = 6;
const MAX_UNIT = 16;
const MAX_SYSTEM = 200;

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isLetter(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a);
}

function isOneOf(c: number, characters: string): boolean {
  for (let i = 0; i < characters.length; i++) if (characters.charCodeAt(i) === c) return true;
  return false;
}

/**
 * A code of a published terminology: visible ASCII. No space, since only free text has one, and no `|`, since
 * post-coordinated SNOMED CT writes terms between them.
 */
export function isKnownCode(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_CODE) return false;
  for (let i = from; i < to; i++) {
    const c = bytes[i];
    if (!isDigit(c) && !isLetter(c) && (c <= 0x20 || c >= 0x7f || isOneOf(c, '"\\|@^~&'))) return false;
  }
  return true;
}

/** A code of a system that the policy does not know. */
export function isStrangeCode(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_STRANGE_CODE) return false;
  let digits = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i];
    if (isDigit(c)) digits++;
    else if (!isLetter(c) && !isOneOf(c, '-._:/+')) return false;
  }
  return digits <= MAX_STRANGE_DIGITS;
}

/** A UCUM unit that is not in the list of common ones: without the annotations `{...}`, which may say anything. */
export function isPlainUnit(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_UNIT) return false;
  for (let i = from; i < to; i++) {
    const c = bytes[i];
    if (!isDigit(c) && !isLetter(c) && !isOneOf(c, "[]_*^/.()%'+-")) return false;
  }
  return true;
}

/** An absolute URI of visible ASCII, without the parts that carry data: no query, no user. */
export function isSystem(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MAX_SYSTEM) return false;
  if (
    !startsWith(bytes, from, to, 'http://') &&
    !startsWith(bytes, from, to, 'https://') &&
    !startsWith(bytes, from, to, 'urn:')
  ) {
    return false;
  }
  for (let i = from; i < to; i++) {
    const c = bytes[i];
    if (c <= 0x20 || c >= 0x7f || isOneOf(c, '"\\?@<>|')) return false;
  }
  return true;
}

export function startsWith(bytes: Uint8Array, from: number, to: number, prefix: string): boolean {
  if (to - from < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix.charCodeAt(i)) return false;
  return true;
}
