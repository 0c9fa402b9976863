import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { Pseudonyms } from '../../../../lambda-src/engine/values/pseudonyms';

const KEY = new Uint8Array(32).fill(5);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CODE = 36;

function expected(id: string | Uint8Array): string {
  const text = typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : id;
  const hex = createHmac('sha256', KEY).update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Writes ids of ASCII from bytes of their own, of which other bytes stand on both sides. */
function write(pseudonyms: Pseudonyms, id: string, out: ByteWriter): void {
  pseudonyms.write(Buffer.from(`#${id}#`), 1, 1 + id.length, out);
}

function textOf(out: ByteWriter): string {
  return Buffer.from(out.written()).toString();
}

function codesIn(out: ByteWriter): string[] {
  return textOf(out).match(/.{36}/g) ?? [];
}

/** Fails where the stack would end: when places are to be filled. */
class FailingWriter extends ByteWriter {
  public fails = false;

  public override settle(): void {
    if (this.fails) throw new RangeError();
    super.settle();
  }
}

const uuid = fc
  .uuid()
  .chain((id) => fc.constantFrom(id, id.toUpperCase(), `${id.slice(0, 20)}${id.slice(20).toUpperCase()}`));
const anyId = fc.oneof(
  uuid,
  fc.string({ unit: fc.constantFrom(...'abcXYZ019-.'), minLength: 1, maxLength: 64 }),
  fc.constantFrom('a', 'A', 'Patient-0000000000001', 'GHIJKLMN-GHIJ-GHIJ-GHIJ-GHIJKLMNOPQR'),
);
/** All of them belong in the same two rows of the table: what is looked up there is the end of an id. */
const rival = fc.nat(6).map((head) => `${head}-000000000000`);

test('codes are those of HMAC-SHA256, whatever was remembered before and whatever bytes the id lies in', () => {
  const pseudonyms = new Pseudonyms(KEY);
  fc.assert(
    fc.property(fc.array(anyId, { minLength: 1, maxLength: 20 }), fc.nat(7), (ids, padding) => {
      const bytes = Buffer.from(`${'#'.repeat(padding)}${ids.join('#')}`);
      const out = new ByteWriter(16);
      let from = padding;
      for (const one of [...ids, ...ids]) {
        if (from >= bytes.length) from = padding;
        pseudonyms.write(bytes, from, from + one.length, out);
        from += one.length + 1;
      }
      expect(codesIn(out)).toEqual([...ids, ...ids].map(expected));
    }),
  );
});

test('a text of any length and of any bytes has the code of HMAC-SHA256, alone and among others', () => {
  for (let together = 1; together <= 9; together++) {
    const pseudonyms = new Pseudonyms(KEY);
    for (let length = 0; length <= 64; length += together) {
      const texts = Array.from({ length: together }, (_, i) =>
        Uint8Array.from({ length: Math.min(64, length + i) }, (__, at) => (at * 37 + length + i) % 256),
      );
      const out = new ByteWriter(16);
      for (const text of texts) pseudonyms.write(text, 0, text.length, out);
      expect(codesIn(out)).toEqual(texts.map(expected));
    }
  }
});

test('the code of a text that is no id, of any length, is there at once', () => {
  const pseudonyms = new Pseudonyms(KEY);
  for (let length = 0; length <= 80; length++) {
    const text = Uint8Array.from({ length }, (_, at) => (at * 37 + length) % 256);
    const out = new ByteWriter(16);
    for (let again = 0; again < 2; again++) pseudonyms.writeText(text, 0, length, out);
    expect(Buffer.from(out.bytes.subarray(0, out.length)).toString()).toBe(expected(text).repeat(2));
  }
});

test('ids are written, taken back and read in any order as if each was hashed at once', () => {
  const out = fc.nat(1);
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ id: fc.oneof(rival, rival, anyId), out }) },
    { weight: 1, arbitrary: fc.record({ text: anyId, out }) },
    { weight: 2, arbitrary: fc.record({ back: fc.nat(100), out }) },
    { weight: 1, arbitrary: fc.record({ out }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pseudonyms = new Pseudonyms(KEY);
      const outs = [new ByteWriter(16), new ByteWriter(16)];
      const plain = ['', ''];
      for (const one of steps) {
        const { [one.out]: to } = outs;
        if ('id' in one) {
          write(pseudonyms, one.id, to);
          plain[one.out] += expected(one.id);
        } else if ('text' in one) {
          pseudonyms.writeText(Buffer.from(one.text), 0, one.text.length, to);
          plain[one.out] += expected(one.text);
        } else if ('back' in one) {
          plain[one.out] = plain[one.out].slice(0, Math.max(0, to.length - one.back));
          to.truncate(plain[one.out].length);
        } else {
          expect(textOf(to)).toBe(plain[one.out]);
        }
      }
      expect(outs.map(textOf)).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});

test('ids wait for others where those are hashed in the same time', () => {
  const pseudonyms = new Pseudonyms(KEY);
  const out = new ByteWriter(16);
  write(pseudonyms, 'a', out);
  expect(out.isOpen(0)).toBe(true);
});

test('an id that comes again before it has a code has the same, however often', () => {
  const pseudonyms = new Pseudonyms(KEY);
  const out = new ByteWriter(16);
  for (let i = 0; i < 500; i++) write(pseudonyms, 'Patient-0000000000001', out);
  write(pseudonyms, 'Patient-0000000000002', out);
  expect(codesIn(out)).toEqual(
    [...Array<string>(500).fill('Patient-0000000000001'), 'Patient-0000000000002'].map(expected),
  );
});

test('ids that wait for their codes are not given up for others that want their rows', () => {
  const pseudonyms = new Pseudonyms(KEY);
  const out = new ByteWriter(16);
  const ids = Array.from({ length: 3 }, (_, i) => `${i}-000000000000`);
  for (const id of ids) write(pseudonyms, id, out);
  expect(codesIn(out)).toEqual(ids.map(expected));
});

test('new ids wait for each other, and none but those that nobody has read', () => {
  const pseudonyms = new Pseudonyms(KEY);
  const out = new ByteWriter(16);
  write(pseudonyms, 'a', out);
  write(pseudonyms, 'b', out);
  expect(out.isOpen(CODE)).toBe(true);
  out.settle();
  write(pseudonyms, 'a', out);
  expect(out.isOpen(0)).toBe(false);
  expect(codesIn(out)).toEqual(['a', 'b', 'a'].map(expected));
});

test('an id that could not be written, since the stack had ended, leaves the others their codes, and has its own later', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `${i}-00000000000${i % 3}`);
  const pseudonyms = new Pseudonyms(KEY);
  const out = new FailingWriter(16);
  let failed = 0;
  for (const id of ids) {
    const { length } = out;
    out.fails = true;
    try {
      write(pseudonyms, id, out);
    } catch {
      failed++;
      out.fails = false;
      out.truncate(length);
      write(pseudonyms, id, out);
    }
  }
  out.fails = false;
  expect(failed).toBeGreaterThan(10);
  expect(codesIn(out)).toEqual(ids.map(expected));
});
