import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { measured } from '../measure';
import { bytesOf, checked, KEY, nowhere, REFERENCE_DATE, TABLES, throughEngine } from '../through-engine';
import { walkRecord } from './walk';
import type { WayName } from './ways';
import { deidentify } from '../../lambda-src/engine';

async function job(file: string): Promise<number> {
  const source = bytesOf(file);
  const input = { source, output: nowhere, rejects: nowhere, tables: TABLES, key: KEY, referenceDate: REFERENCE_DATE };
  return checked((await deidentify(input)).counts);
}

async function perLine(source: AsyncIterable<Buffer>, change: (line: string) => string, to: Writable): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let records = 0;
  for await (const chunk of source) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let text = '';
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      text += `${change(bytes.toString('utf8', at, end))}\n`;
      records++;
      at = end + 1;
    }
    rest = Buffer.from(bytes.subarray(at));
    if (text !== '' && !to.write(Buffer.from(text))) await new Promise((done) => to.once('drain', done));
  }
  await new Promise<void>((done) => to.end(done));
  return records;
}

const parseStringify = (line: string): string => JSON.stringify(JSON.parse(line));

const WAY: Readonly<Record<Exclude<WayName, 'fhirpath' | 'fhirpath-compiled'>, (file: string) => Promise<number>>> = {
  engine: (file) => throughEngine(file, (text) => text),
  'engine-gzip': (file) => throughEngine(file),
  job,
  'parse-stringify': (file) => perLine(bytesOf(file), parseStringify, discard()),
  walk: (file) => perLine(bytesOf(file), walkRecord, discard()),
  'job-by-hand': (file) => {
    const gzip = createGzip({ level: 1 });
    gzip.pipe(discard());
    return perLine(bytesOf(file).pipe(createGunzip()), walkRecord, gzip);
  },
  'gunzip-gzip': async (file) => {
    await pipeline(bytesOf(file), createGunzip(), createGzip({ level: 1 }), discard());
    return 0;
  },
};

function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
