import { createHandler } from './handler';
import { startPatientRecords } from './start';
import { s3Client } from '../phi-processor/s3-client';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Answers direct notifications of S3. What it reads beside the bundle lies in the same zip. */
export const handler = createHandler(async () => startPatientRecords(process.env, __dirname, s3Client(), write));
