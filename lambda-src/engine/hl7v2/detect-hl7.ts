/**
 * Whether the content is HL7 v2 in ER7: segments, of which the first is a header or could be one of a message without
 * header; `undefined` where more of it must be seen.
 */
export function looksLikeHl7(_window: Uint8Array, _start: number, _complete: boolean): boolean | undefined {
  return false;
}
