import type { Deadline, Outcome, ProcessContext, SourceRef } from './context';
import { CommitError } from './errors';
import { CONFLICT, isStoreError } from './object-store';
import { Run } from './run';
import { readManifest } from './stored-content';

const ATTEMPTS = 3;

/**
 * De-identifies one object and commits the result: at least once in, exactly once out. Throws what another delivery of
 * the message may mend; a fault of the file is an outcome.
 */
export async function processObject(source: SourceRef, context: ProcessContext, deadline?: Deadline): Promise<Outcome> {
  const startedAt = context.now();
  const head = await context.data.head(source.key, source.versionId);
  if (!head) return { status: 'SOURCE_GONE' };
  const run = new Run(source.key, head, startedAt, context, deadline);

  const committed = await readManifest(context.processed, run.keys.manifest);
  if (committed) return run.duplicate(committed);
  run.refuseWhatCannotBeDone();

  for (let attempt = 1; ; attempt++) {
    try {
      return await run.attempt();
    } catch (error) {
      // The bytes of a multipart upload are gone by then, so it starts again from the source.
      if (!isStoreError(error, CONFLICT)) throw error;
      if (attempt === ATTEMPTS) throw new CommitError('COMMIT_CONTENDED');
    }
  }
}
