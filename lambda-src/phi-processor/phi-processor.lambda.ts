import * as path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { createHandler, type Processor } from './handler';
import { startProcessor } from './start';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Answers messages of the queue. The policy's tables lie beside the bundle. */
export const handler = createHandler(
  async (): Promise<Processor> =>
    startProcessor(process.env, path.join(__dirname, 'tables.json'), new S3Client({}), write),
);
