/** The two zones that records live in. */
export enum PhiZone {
  /** What producers send and what was rejected: PHI, and the pipeline's pseudonym key. */
  DATA = 'DATA',
  /** De-identified records and manifests. */
  PROCESSED = 'PROCESSED',
}
