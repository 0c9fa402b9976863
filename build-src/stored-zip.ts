import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** 1 January 1980, midnight: the first moment that a zip can name. */
const DATE = 0x0021;
const TIME = 0;
/** A regular file that everyone may read: Lambda runs the code as another user. */
const MODE = 0o100644;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
const UNIX = 3;

/**
 * A zip of files as they are, uncompressed: the same bytes from the same content, on every machine. What deflate makes
 * differs with the version of zlib and with the processor, and the package that the zip ships in is compressed anyway.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function storedZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of [...entries].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const nameBytes = Buffer.from(name, 'utf8');
    const facts = factsOf(nameBytes, content);
    const header = Buffer.concat([signature(0x04034b50), facts, nameBytes]);
    files.push(header, Buffer.from(content));
    directory.push(directoryEntry(facts, offset), nameBytes);
    offset += header.length + content.length;
  }
  const listed = Buffer.concat(directory);
  return Buffer.concat([...files, listed, endOf(entries.length, listed.length, offset)]);
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What the header before a file and its entry in the directory both say. */
function factsOf(name: Buffer, content: Uint8Array): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(VERSION, 0);
  facts.writeUInt16LE(FLAGS, 2);
  facts.writeUInt16LE(0, 4); // Stored.
  facts.writeUInt16LE(TIME, 6);
  facts.writeUInt16LE(DATE, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
}

function directoryEntry(facts: Buffer, offset: number): Buffer {
  const madeBy = Buffer.from([VERSION, UNIX]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(MODE * 0x10000, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, facts, rest]);
}

function endOf(count: number, listedBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(listedBytes, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
