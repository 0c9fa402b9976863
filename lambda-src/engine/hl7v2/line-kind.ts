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

function keyOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] | 0x20) << 16) | ((bytes[at + 1] | 0x20) << 8) | (bytes[at + 2] | 0x20);
}
