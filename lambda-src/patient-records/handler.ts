import { parseRecord, recordsOf } from './notification';
import { processObject, type Deadline, type ProcessContext } from '../commit';
import { deadlineOf, type Invocation } from '../phi-processor/handler';
import { describeError, type Report } from '../phi-processor/report';

/** What stays from one invocation to the next. */
export interface PatientRecords {
  readonly bucket: string;
  readonly incomingPrefix: string;
  readonly report: Report;
  readonly context: ProcessContext;
}

/** Lambda writes it to the log and to the failure queue, so it says how many and the codes, and nothing else. */
export class NotProcessedError extends Error {
  public readonly code = 'NOT_PROCESSED';

  constructor(codes: readonly string[], records: number) {
    super(`${codes.length} of ${records} records must be processed again: ${codes.join(', ')}`);
    this.name = 'NotProcessedError';
  }
}

/**
 * Lambda delivers the event of an invocation that throws twice more, then puts it into the failure queue. A fault of
 * the file is no reason to throw: its manifest says so, and another delivery would not mend it.
 *
 * @param start makes what stays, once; where it throws, the next invocation tries anew
 */
export function createHandler(
  start: () => Promise<PatientRecords>,
): (event: unknown, invocation: Invocation) => Promise<void> {
  let started: Promise<PatientRecords> | undefined;
  return async (event, invocation) => {
    started ??= start();
    const patientRecords = await started.catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    const deadline = deadlineOf(invocation);
    const records = readRecords(event, patientRecords);
    const codes: string[] = [];
    // All are tried before any failure is told: those that are done by then are duplicates in the next delivery.
    for (const record of records) {
      const code = await failureOf(record, patientRecords, deadline);
      if (code !== undefined) codes.push(code);
    }
    if (codes.length > 0) throw new NotProcessedError(codes, records.length);
  };
}

function readRecords(event: unknown, { report }: PatientRecords): readonly unknown[] {
  try {
    return recordsOf(event);
  } catch (error) {
    report.failure(error);
    throw error;
  }
}

/** Handles one record; a code where it has to come again. */
async function failureOf(
  record: unknown,
  { bucket, incomingPrefix, report, context }: PatientRecords,
  deadline: Deadline,
): Promise<string | undefined> {
  const startedAt = context.now().getTime();
  const timing = () => ({
    durationMs: context.now().getTime() - startedAt,
    deadlineRemainingMs: Math.max(0, Math.round(deadline.remainingMs())),
  });
  try {
    const message = parseRecord(record, bucket, incomingPrefix);
    if (message.kind === 'ignored') report.ignored(message.reason);
    else report.outcome(await processObject(message.source, context, deadline), timing());
    return undefined;
  } catch (error) {
    report.failure(error, timing());
    return describeError(error).code;
  }
}
