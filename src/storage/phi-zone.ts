/** The two zones that records live in. */
export enum PhiZone {
  /** What producers send and what was rejected: PHI, and the pipeline's pseudonym key. */
  DATA = 'DATA',
  /** De-identified records and manifests; limited data sets, which are PHI, under a prefix of their own. */
  PROCESSED = 'PROCESSED',
}
