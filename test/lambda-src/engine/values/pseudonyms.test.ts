import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { Pseudonyms } from '../../../../lambda-src/engine/values/pseudonyms';

const KEY = new Uint8Array(32).fill(5);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function expected(id: string): string {
  const text = UUID.test(id) ? id.toLowerCase() : id;
  const hex = createHmac('sha256', KEY).update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

test('codes are those of HMAC-SHA256, whatever was remembered before and whatever bytes the id lies in', () => {
  const pseudonyms = new Pseudonyms(KEY);
  const uuid = fc
    .uuid()
    .chain((id) => fc.constantFrom(id, id.toUpperCase(), `${id.slice(0, 20)}${id.slice(20).toUpperCase()}`));
  const id = fc.oneof(
    uuid,
    fc.string({ unit: fc.constantFrom(...'abcXYZ019-.'), minLength: 1, maxLength: 64 }),
    fc.constantFrom('a', 'A', 'Patient-0000000000001', 'GHIJKLMN-GHIJ-GHIJ-GHIJ-GHIJKLMNOPQR'),
  );
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 20 }), fc.nat(7), (ids, padding) => {
      const bytes = Buffer.from(`${'#'.repeat(padding)}${ids.join('#')}`);
      const out = new ByteWriter(16);
      let from = padding;
      for (const one of [...ids, ...ids]) {
        if (from >= bytes.length) from = padding;
        pseudonyms.write(bytes, from, from + one.length, out);
        from += one.length + 1;
      }
      const codes = Buffer.from(out.bytes.subarray(0, out.length)).toString().match(/.{36}/g);
      expect(codes).toEqual([...ids, ...ids].map(expected));
    }),
  );
});

test('an empty text has a code of its own', () => {
  const out = new ByteWriter();
  new Pseudonyms(KEY).writeText(new Uint8Array(0), 0, 0, out);
  expect(Buffer.from(out.bytes.subarray(0, out.length)).toString()).toBe(expected(''));
});
