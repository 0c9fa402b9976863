import type { Random } from '../test/support/random';

/** What may stand between two pieces: fields, components, cells, segments, rows. */
const DELIMITERS = Buffer.from('|||^^~&,,\t;\r\n');
/** What may come in place of a delimiter everywhere: others of them, frames, control characters, and what values have in them. */
const OTHERS = Buffer.from('|^~\\&,\t;\r\n$%*!?#@/:_ "\'.-+=Z0\0\x05\x0b\x1c\x1d\x7f');

/**
 * Pieces that mean something where they come to stand: types, segments, columns, units, ages. None is the name of a
 * published code system, whose codes may be long numbers.
 */
const WORDS = [
  ...'NM SN SI CE CWE IS ID DT TS MO CP DR TX ED XX'.split(' '),
  ...'OBX PID PV1 NK1 MSH FT1 DG1 IN1 RXE SCH SPM EVN ORC BHS BTS FTS ZPD LEE'.split(' '),
  ...'Id PATIENT BIRTHDATE DEATHDATE START STATE COUNTRY AGE VALUE UNITS CODE STATUS NDC RACE AMOUNT NAME SSN'.split(
    ' ',
  ),
  ...'"" 95 1080 19300101 1950 30525-0 a mo kg US CA MA 99LOC SSN MR USSSA ADT^A01 \\H\\ \\X41\\'.split(' '),
].map((word) => Buffer.from(word));

/** The file with its pieces in other places, as a writer with its columns mixed up leaves it. */
export function movePieces(bytes: Buffer, random: Random): Buffer {
  const delimiter = random.pick([...DELIMITERS]);
  const pieces = split(bytes, delimiter);
  const at = random.int(pieces.length);
  const other = random.int(pieces.length);
  const piece = pieces[at];
  switch (random.int(5)) {
    case 0:
      pieces[at] = pieces[other];
      pieces[other] = piece;
      break;
    case 1:
      pieces.splice(other, 0, piece);
      break;
    case 2:
      pieces.splice(at, 1);
      break;
    case 3:
      pieces[at] = pieces[other];
      break;
    default:
      pieces[at] = random.pick(WORDS);
  }
  return joined(pieces, delimiter);
}

/** Another byte in the place of one delimiter, mostly an early one: headers say how the rest is read. */
export function brokenDelimiter(bytes: Buffer, random: Random): Buffer {
  const delimiter = random.pick([...DELIMITERS]);
  const pieces = split(bytes, delimiter);
  if (pieces.length === 1) return bytes;
  const place = 1 + random.int(1 + random.int(pieces.length - 1));
  const before = joined(pieces.slice(0, place), delimiter);
  const other = random.chance(50) ? random.int(0x20) : random.pick([...OTHERS]);
  return Buffer.concat([before, Buffer.of(other), joined(pieces.slice(place), delimiter)]);
}

/** Another byte in the place of a delimiter, everywhere in the file or in one of its lines. */
export function otherDelimiter(bytes: Buffer, random: Random): Buffer {
  const from = random.pick([...DELIMITERS]);
  const to = random.pick([...OTHERS]);
  const lines = split(bytes, random.pick([0x0a, 0x0d]));
  const only = random.chance(50) ? random.int(lines.length) : -1;
  let line = 0;
  return bytes.map((byte) => {
    const here = only < 0 || line === only;
    if (byte === 0x0a || byte === 0x0d) line++;
    return here && byte === from ? to : byte;
  }) as Buffer;
}

function split(bytes: Buffer, delimiter: number): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return [...pieces, bytes.subarray(from)];
}

function joined(pieces: readonly Buffer[], delimiter: number): Buffer {
  const between = Buffer.of(delimiter);
  return Buffer.concat(pieces.flatMap((piece, i) => (i === 0 ? [piece] : [between, piece])));
}
