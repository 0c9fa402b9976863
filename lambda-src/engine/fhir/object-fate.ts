/** What becomes of an object as a whole. */
export const enum ObjectFate {
  WALKED,
  DROPPED,
  /** It becomes "more than 89 years". */
  AGGREGATED,
}
