import { S3Client } from '@aws-sdk/client-s3';
import { createHandler } from './handler';
import { startPatientRecords } from './start';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** In a VPC the only way to S3 is its endpoint: where that is missing, say so instead of waiting for the timeout. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** Answers direct notifications of S3. What it reads beside the bundle lies in the same zip. */
export const handler = createHandler(async () =>
  startPatientRecords(
    process.env,
    __dirname,
    new S3Client({ requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS } }),
    write,
  ),
);
