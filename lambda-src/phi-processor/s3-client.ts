import { S3Client } from '@aws-sdk/client-s3';

/** The network may have one way out, the S3 endpoint: where that is missing, say so instead of waiting for the timeout. */
const CONNECTION_TIMEOUT_MS = 5_000;
/**
 * A connection on which nothing moves for so long is dead: waiting for it would end with the function's timeout, without a
 * code in the log and with parts of uploads left behind.
 */
const SILENCE_TIMEOUT_MS = 60_000;

/** The client of a function. */
export function s3Client(silenceTimeoutMs = SILENCE_TIMEOUT_MS): S3Client {
  return new S3Client({
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: silenceTimeoutMs },
  });
}
