import type { SourceErrorCode } from './contract';

/** The whole object cannot be processed. The message is the code and nothing else: an error must never quote input. */
export class SourceError extends Error {
  constructor(public readonly code: SourceErrorCode) {
    super(code);
    this.name = 'SourceError';
  }
}

export function unknownFormat(): SourceError {
  return new SourceError('SRC_UNKNOWN_FORMAT');
}
