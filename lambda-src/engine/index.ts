import { createHash } from 'node:crypto';
import {
  DeadlineError,
  NOTHING_CHANGED,
  type EngineInput,
  type EngineResult,
  type SourceFormat,
  type StreamDigest,
} from './contract';
import { createTransform as createTransformOf } from './create-transform';
import { GzipWriter } from './gzip/gzip-writer';
import { DetectingReader } from './readers';
import type { RecordTransform } from './record-transform';
import { Records } from './records';
import { SourceBytes } from './source-bytes';
import { SourceError } from './source-error';
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';

export * from './contract';

export type TransformFactory = (
  format: SourceFormat,
  tables: CompiledTables,
  key: Uint8Array,
  referenceDate: string,
) => RecordTransform;

/** The reject ratio says nothing about a handful of records. */
const RATIO_COUNTS_FROM = 1000;

/**
 * De-identifies one source object, in one pass and with memory that does not grow with it. What the source itself makes
 * fail is told in the result; what is thrown is the deadline, or comes from source or sinks, and may be tried again.
 */
export async function deidentify(
  input: EngineInput,
  createTransform: TransformFactory = createTransformOf,
): Promise<EngineResult> {
  const { tables, key, referenceDate } = input;
  const { limits } = tables;
  const output = new GzipWriter(input.output);
  const rejects = new GzipWriter(input.rejects);
  const records = new Records(output, rejects, tables.policy.profile !== 'validate-only');
  const reader = new DetectingReader(records, tables, (format) => {
    records.begin(format, createTransform(format, tables, key, referenceDate));
    input.onFormat?.(format);
  });
  const source = new SourceBytes(input.source, limits.maxExpansion);
  let bytesRead = 0;

  const checkDeadline = (): void => {
    if (input.pastDeadline?.()) throw new DeadlineError();
  };
  const drain = async (): Promise<void> => {
    await output.drain();
    await rejects.drain();
  };

  try {
    checkDeadline();
    for await (const chunk of source) {
      bytesRead += chunk.length;
      reader.push(chunk);
      await drain();
      checkDeadline();
    }
    reader.end();
    if (records.read >= RATIO_COUNTS_FROM && records.rejected > records.read * limits.maxRejectRatio) {
      throw new SourceError('REJECT_RATIO_EXCEEDED');
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return {
      failure: error.code,
      format: records.format,
      encoding: source.encoding,
      counts: records.countsOfFailure(error.code),
      deid: NOTHING_CHANGED,
      output: NOTHING,
      rejects: NOTHING,
      bytesRead,
    };
  }
  return {
    format: records.format,
    encoding: source.encoding,
    counts: records.counts(),
    deid: records.deid(),
    output: await output.end(),
    rejects: await rejects.end(),
    bytesRead,
  };
}

/** Whatever a failed source has sent to the sinks is thrown away by their owner. */
const NOTHING: StreamDigest = {
  count: 0,
  bytes: 0,
  compressedBytes: 0,
  sha256: createHash('sha256').digest('hex'),
};
