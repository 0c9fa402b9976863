import { CARET, PIPE } from '../ascii';
import { maySeparate } from './delimiters';
import { lineOf, LineKind } from './line-kind';
import { isSegmentId } from './loaded-hl7';
import { isBetweenSegments } from './segment-fields';

const ID = 3;

/** Segments that stand near the beginning of a message: they tell one that has lost its header. */
const EARLY = new Set(
  'SFT UAC MSA EVN PID PD1 ARV NK1 PV1 PV2 DB1 AL1 IAM NTE ORC OBR OBX SCH RGS TXA MRG GT1 IN1 DG1 PR1 RXA RXE FT1 QRD'.split(
    ' ',
  ),
);

/**
 * Whether the content is HL7 v2 in ER7: segments, of which the first is a header or could be one of a message without
 * header; `undefined` where more of it must be seen.
 */
export function looksLikeHl7(window: Uint8Array, start: number, complete: boolean): boolean | undefined {
  let at = start;
  while (at < window.length && isBetweenSegments(window[at])) at++;
  if (at + ID + 1 >= window.length) return complete ? false : undefined;
  // A header has its delimiters behind its name; a column of a table may be called MSH, too.
  if (lineOf(window, at) !== LineKind.OTHER) return maySeparate(window[at + ID]) && maySeparate(window[at + ID + 1]);
  if (!isEarly(window, at)) return false;
  // A table may have a column called PID or PR1: its next line does not begin with a segment's name as well.
  let components = false;
  let end = at;
  for (; end < window.length && !isBetweenSegments(window[end]); end++) if (window[end] === CARET) components = true;
  let next = end;
  while (next < window.length && isBetweenSegments(window[next])) next++;
  if (next + ID < window.length) return isEarly(window, next) || window[next] === 0x5a;
  if (!complete) return undefined;
  return next === window.length && components;
}

function isEarly(bytes: Uint8Array, at: number): boolean {
  return (
    isSegmentId(bytes, at) && bytes[at + ID] === PIPE && EARLY.has(String.fromCharCode(...bytes.subarray(at, at + ID)))
  );
}
