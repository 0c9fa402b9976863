import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { processObject, type Deadline, type ProcessContext } from '../commit';
import { parseMessage } from './message';
import type { Report } from './report';
import type { Settings } from './settings';

/** Left for aborting uploads and answering, when the time runs out; a short timeout leaves a tenth of itself. */
const MARGIN_MS = 15_000;
/** An upper bound for the engine on one processor, from its benchmark: no object is refused that might have passed. */
const BYTES_PER_SECOND = 250e6;
/** Lambda gives one processor per this much memory. */
const MB_PER_PROCESSOR = 1769;

/** What stays from one invocation to the next. */
export interface Processor {
  readonly settings: Settings;
  readonly report: Report;
  readonly context: ProcessContext;
}

export type Invocation = Pick<Context, 'getRemainingTimeInMillis' | 'memoryLimitInMB'>;

/**
 * @param start makes the processor, once; where it throws, the invocation fails as a whole and shows in the
 * function's errors
 */
export function createHandler(
  start: () => Promise<Processor>,
): (event: SQSEvent, invocation: Invocation) => Promise<SQSBatchResponse> {
  let started: Promise<Processor> | undefined;
  return async (event, invocation) => {
    started ??= start();
    const processor = await started.catch((error: unknown) => {
      // The next invocation tries anew: access to the key may have been mended meanwhile.
      started = undefined;
      throw error;
    });
    const deadline = deadlineOf(invocation);
    const batchItemFailures: SQSBatchItemFailure[] = [];
    for (const { messageId, body } of event.Records) {
      if (!(await handled(body, processor, deadline))) batchItemFailures.push({ itemIdentifier: messageId });
    }
    return { batchItemFailures };
  };
}

/** Whether the message is done; if not, the queue delivers it again and keeps it in the dead-letter queue at last. */
async function handled(body: string, processor: Processor, deadline: Deadline): Promise<boolean> {
  const { settings, report, context } = processor;
  const startedAt = context.now().getTime();
  const timing = () => ({
    durationMs: context.now().getTime() - startedAt,
    deadlineRemainingMs: Math.max(0, Math.round(deadline.remainingMs())),
  });
  try {
    const message = parseMessage(body, settings.dataBucket, settings.incomingPrefix);
    if (message.kind === 'ignored') {
      report.ignored(message.reason);
      return true;
    }
    report.outcome(await processObject(message.source, context, deadline), timing());
    return true;
  } catch (error) {
    report.failure(error, timing());
    return false;
  }
}

export function deadlineOf(invocation: Invocation): Deadline {
  const margin = Math.min(MARGIN_MS, invocation.getRemainingTimeInMillis() / 10);
  const processors = Number(invocation.memoryLimitInMB) / MB_PER_PROCESSOR;
  return {
    remainingMs: () => invocation.getRemainingTimeInMillis() - margin,
    maxBytesPerSecond: BYTES_PER_SECOND * processors,
  };
}
