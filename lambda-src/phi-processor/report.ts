import { ProcessorMetric } from '../../src/processing/private/handler-contract';
import type { Outcome } from '../commit';

/** Receives one line of the function's log. */
export type LogSink = (line: string) => void;

export interface Timing {
  readonly durationMs: number;
  readonly deadlineRemainingMs: number;
}

/** Tells the log and the metrics what became of an object: ids, codes and counts, nothing that a record or a key said. */
export class Report {
  constructor(
    private readonly namespace: string,
    private readonly processor: string,
    private readonly write: LogSink,
    private readonly now: () => Date,
  ) {}

  public outcome(outcome: Outcome, timing: Timing): void {
    if (outcome.status === 'SOURCE_GONE') return this.line('WARN', { code: 'SOURCE_GONE', ...timing });
    const { status, runId, manifest } = outcome;
    const duplicate = status === 'DUPLICATE';
    this.line(status === 'FAILED' ? 'ERROR' : 'INFO', {
      status,
      runId,
      keyId: manifest.policy.keyId,
      code: manifest.code,
      format: manifest.source.format,
      ...(!duplicate && countsOf(outcome.manifest.counts)),
      ...timing,
    });
    this.metrics(manifest.source.format, {
      [ProcessorMetric.OBJECTS_PROCESSED]: Number(!duplicate && status !== 'FAILED'),
      [ProcessorMetric.OBJECTS_DUPLICATE]: Number(duplicate),
      [ProcessorMetric.OBJECTS_FAILED]: Number(status === 'FAILED'),
      ...(!duplicate && {
        [ProcessorMetric.RECORDS_READ]: manifest.counts.read,
        [ProcessorMetric.RECORDS_WRITTEN]: manifest.counts.written,
        [ProcessorMetric.RECORDS_REJECTED]: manifest.counts.rejected,
        [ProcessorMetric.FIELDS_REDACTED]: manifest.deid.redacted,
        [ProcessorMetric.FIELDS_HASHED]: manifest.deid.hashed,
        [ProcessorMetric.BYTES_IN]: manifest.source.size,
        [ProcessorMetric.BYTES_OUT]: outcome.bytesOut,
      }),
      [ProcessorMetric.DURATION_MS]: timing.durationMs,
      [ProcessorMetric.DEADLINE_REMAINING_MS]: timing.deadlineRemainingMs,
    });
  }

  public ignored(reason: string): void {
    this.line('INFO', { status: 'IGNORED', code: reason });
  }

  public failure(error: unknown, timing: Partial<Timing> = {}): void {
    this.line('ERROR', { ...describeError(error), ...timing });
  }

  private line(level: string, fields: Record<string, unknown>): void {
    this.write(JSON.stringify({ level, timestamp: this.now().toISOString(), ...fields }));
  }

  /** Embedded metric format: CloudWatch makes metrics of the line. */
  private metrics(format: string, values: Record<string, number>): void {
    const units: Record<string, string> = {
      [ProcessorMetric.BYTES_IN]: 'Bytes',
      [ProcessorMetric.BYTES_OUT]: 'Bytes',
      [ProcessorMetric.DURATION_MS]: 'Milliseconds',
      [ProcessorMetric.DEADLINE_REMAINING_MS]: 'Milliseconds',
    };
    this.write(
      JSON.stringify({
        _aws: {
          Timestamp: this.now().getTime(),
          CloudWatchMetrics: [
            {
              Namespace: this.namespace,
              Dimensions: [['Processor'], ['Processor', 'Format']],
              Metrics: Object.keys(values).map((Name) => ({ Name, Unit: units[Name] ?? 'Count' })),
            },
          ],
        },
        Processor: this.processor,
        Format: format,
        ...values,
      }),
    );
  }
}

function countsOf({ read, written, dropped, rejected, byError }: Counts): Record<string, unknown> {
  return { read, written, dropped, rejected, byError };
}

type Counts = Extract<Outcome, { manifest: unknown }>['manifest']['counts'];

/** An error by its code alone: its text may quote input or an object's key. */
export function describeError(error: unknown): { readonly code: string; readonly requestId?: string } {
  const { name, code, requestId } = (error ?? {}) as Record<string, unknown>;
  const said = [code, name].find((word): word is string => typeof word === 'string' && /^\w{1,60}$/.test(word));
  return {
    code: said ?? 'UNKNOWN',
    ...(typeof requestId === 'string' && /^[\w-]{1,64}$/.test(requestId) && { requestId }),
  };
}
