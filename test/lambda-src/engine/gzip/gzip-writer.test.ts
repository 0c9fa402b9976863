import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GzipWriter } from '../../../../lambda-src/engine/gzip/gzip-writer';

test('lines become members of one gzip file, with the digest of their text', async () => {
  const members: Uint8Array[] = [];
  const writer = new GzipWriter({ write: (chunk) => void members.push(chunk) });
  const line = 'x'.repeat(300 * 1024);
  for (let i = 0; i < 5; i++) {
    writer.line.ascii(line);
    writer.lineWritten();
  }
  const digest = await writer.end();
  const text = gunzipSync(Buffer.concat(members));
  expect(members.length).toBeGreaterThan(1);
  expect(text.toString()).toBe(`${line}\n`.repeat(5));
  expect(digest).toEqual({
    count: 5,
    bytes: text.length,
    compressedBytes: Buffer.concat(members).length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
});

test('the compressed bytes hold no time', async () => {
  const members: Uint8Array[] = [];
  const writer = new GzipWriter({ write: (chunk) => void members.push(chunk) });
  writer.line.ascii('x');
  writer.lineWritten();
  await writer.end();
  expect([...members[0].subarray(4, 8)]).toEqual([0, 0, 0, 0]);
});

test('what is open in a line is filled before it is compressed', async () => {
  const members: Uint8Array[] = [];
  const writer = new GzipWriter({ write: (chunk) => void members.push(chunk) });
  const texts = new DataView(new ArrayBuffer(8));
  writer.line.leaveOpen({ texts, make: () => texts.setUint8(3, 0x61) }, 3, 4);
  writer.lineWritten();
  const digest = await writer.end();
  expect(gunzipSync(Buffer.concat(members)).toString()).toBe('a\n');
  expect(digest.sha256).toBe(createHash('sha256').update('a\n').digest('hex'));
});

test('no line is no byte', async () => {
  const write = jest.fn();
  const digest = await new GzipWriter({ write }).end();
  expect(write).not.toHaveBeenCalled();
  expect(digest).toMatchObject({ count: 0, bytes: 0, compressedBytes: 0 });
});

test('a sink that is slow is waited for, one member after the other', async () => {
  const order: string[] = [];
  const writer = new GzipWriter({
    write: async () => {
      order.push('begun');
      await new Promise((done) => setTimeout(done, 5));
      order.push('done');
    },
  });
  for (let i = 0; i < 4; i++) {
    writer.line.ascii('x'.repeat(600 * 1024));
    writer.lineWritten();
  }
  await writer.drain();
  expect(order).toEqual(Array<string[]>(4).fill(['begun', 'done']).flat());
});
