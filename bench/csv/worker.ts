import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { HandWrittenWalk } from './by-hand';
import type { WayName } from './ways';
import { measured } from '../measure';
import { bytesOf, throughEngine } from '../through-engine';

async function byStream(file: string): Promise<number> {
  const walk = new HandWrittenWalk();
  let rows = 0;
  let text = '';
  for await (const cells of bytesOf(file).pipe(parse())) {
    text += `${walk.row(cells as string[])}\n`;
    rows++;
    if (text.length < 64 * 1024) continue;
    discard(Buffer.from(text));
    text = '';
  }
  return rows - 1;
}

/** A chunk's whole rows at a time: what is left of it goes before the next. */
async function bySync(file: string): Promise<number> {
  const walk = new HandWrittenWalk();
  let rest: Buffer = Buffer.alloc(0);
  let rows = 0;
  for await (const chunk of bytesOf(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    // The input has no line end in a cell.
    const end = bytes.lastIndexOf(0x0a) + 1;
    let text = '';
    for (const cells of parseSync(bytes.subarray(0, end))) {
      text += `${walk.row(cells)}\n`;
      rows++;
    }
    discard(Buffer.from(text));
    rest = Buffer.from(bytes.subarray(end));
  }
  return rows - 1;
}

const WAY: Readonly<Record<WayName, (file: string) => Promise<number>>> = {
  engine: (file) => throughEngine(file, (text) => text),
  'engine-gzip': (file) => throughEngine(file),
  'csv-parse-stream': byStream,
  'csv-parse-sync': bySync,
};

let discarded = 0;
function discard(bytes: Buffer): void {
  discarded += bytes.length;
}

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
