import * as path from 'node:path';
import { createHandler, type Processor } from './handler';
import { s3Client } from './s3-client';
import { startProcessor } from './start';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Answers messages of the queue. The policy's tables lie beside the bundle. */
export const handler = createHandler(async (): Promise<Processor> =>
  startProcessor(process.env, path.join(__dirname, 'tables.json'), s3Client(), write),
);
