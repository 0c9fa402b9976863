import { maySeparate } from './delimiters';
import { isBetweenSegments } from './segment-fields';

/** Length of a segment's id. */
const ID = 3;

/** What a line begins. */
export const enum LineKind {
  /** A segment of the message at hand, or nothing that belongs anywhere. */
  OTHER,
  MESSAGE,
  FILE_HEADER,
  BATCH_HEADER,
  BATCH_TRAILER,
  FILE_TRAILER,
}

const KINDS: Readonly<Record<string, LineKind>> = {
  MSH: LineKind.MESSAGE,
  FHS: LineKind.FILE_HEADER,
  BHS: LineKind.BATCH_HEADER,
  BTS: LineKind.BATCH_TRAILER,
  FTS: LineKind.FILE_TRAILER,
};
const IDS = new Map(Object.entries(KINDS).map(([id, kind]) => [keyOf(Buffer.from(id), 0), kind]));

/** In any case: a header in lower case begins a message too, which is rejected alone and not with the one before. */
export function lineOf(bytes: Uint8Array, at: number): LineKind {
  const second = bytes[at + 1] | 0x20;
  // The second letters of the five.
  if (second !== 0x73 && second !== 0x68 && second !== 0x74) return LineKind.OTHER;
  return IDS.get(keyOf(bytes, at)) ?? LineKind.OTHER;
}

/**
 * The same of a line of a file, whose next byte is there or the file ends: behind such a name stands a separator, or
 * nothing. A text with line ends in it may have the letters, and would cut its message in two.
 */
export function lineOfFile(bytes: Uint8Array, at: number): LineKind {
  const kind = lineOf(bytes, at);
  if (kind === LineKind.OTHER || at + ID >= bytes.length) return kind;
  return maySeparate(bytes[at + ID]) || isBetweenSegments(bytes[at + ID]) ? kind : LineKind.OTHER;
}

function keyOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] | 0x20) << 16) | ((bytes[at + 1] | 0x20) << 8) | (bytes[at + 2] | 0x20);
}
