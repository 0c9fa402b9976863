import * as path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { createHandler, type Processor } from './handler';
import { startProcessor } from './start';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** The network has one way out, the S3 endpoint: where that is missing, say so instead of waiting for the timeout. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** Answers messages of the queue. The policy's tables lie beside the bundle. */
export const handler = createHandler(async (): Promise<Processor> =>
  startProcessor(
    process.env,
    path.join(__dirname, 'tables.json'),
    new S3Client({ requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS } }),
    write,
  ),
);
