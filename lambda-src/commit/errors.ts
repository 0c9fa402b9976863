/** Why a run of the protocol could not end: the message is to be delivered again, and ends in the dead-letter queue. */
export type CommitErrorCode =
  /** The source was replaced between looking at it and reading it. */
  | 'SOURCE_CHANGED'
  /** The connection ended before the object did. */
  | 'SOURCE_SHORT_READ'
  /** The engine reported success without having read the source to its end. */
  | 'SOURCE_NOT_DRAINED'
  /** The engine's counts do not add up. */
  | 'COUNTS_DISAGREE'
  /** An object of this run id is there already, with other content. */
  | 'OUTPUT_CONFLICT'
  /** The manifest of this run id is there already and accounts for another outcome. */
  | 'MANIFEST_CONFLICT'
  /** Conditional writes kept colliding. */
  | 'COMMIT_CONTENDED'
  /** The pseudonym key was deleted: a new one would break every join with what was written under the old one. */
  | 'KEY_DELETED'
  /** Something was written over the pseudonym key: whose codes the new one makes, nobody can tell. */
  | 'KEY_REPLACED'
  /** What should hold the pseudonym key does not hold 32 bytes. */
  | 'KEY_INVALID'
  /** The pseudonym key is not the one that the pipeline was told to expect. */
  | 'KEY_UNEXPECTED';

/** What an operator can do, where it is not plain. */
const ADVICE: Partial<Record<CommitErrorCode, string>> = {
  KEY_DELETED: 'the pseudonym key was deleted and is not made anew; remove its delete marker to bring it back',
  KEY_REPLACED: 'the pseudonym key must have one version; remove every version but its first',
  KEY_INVALID: 'the pseudonym key must be 32 bytes (64 hex digits in a secret); bring back the version that is',
  KEY_UNEXPECTED:
    'the pseudonym key must have the expectedKeyId of the processor; bring it back, or expect the new one',
};

/** Carries a code and fixed text only: what goes through the protocol is PHI. */
export class CommitError extends Error {
  public readonly code: CommitErrorCode;

  constructor(code: CommitErrorCode) {
    super(ADVICE[code] ? `${code}: ${ADVICE[code]}` : code);
    this.name = 'CommitError';
    this.code = code;
  }
}
