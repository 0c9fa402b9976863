import * as fc from 'fast-check';
import { STANDARD } from './arbitrary-messages';
import { KEY, REFERENCE_DATE, TABLES } from './run-message';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/hl7v2';
import { FieldCache, isRemembered } from '../../../../lambda-src/engine/hl7v2/field-cache';
import type { RecordTransform } from '../../../../lambda-src/engine/record-transform';

function viewOf(text: string): DataView {
  return new DataView(Uint8Array.from(Buffer.from(`..${text}..`)).buffer);
}

/** What the cache gives back for a field, which it takes in if it has not seen it. */
function ask(cache: FieldCache, form: number, field: string, written: string, redacted: number): [string, number] {
  const out = new ByteWriter(16);
  out.ascii('before');
  if (cache.find(form, viewOf(field), 2, 2 + field.length)) {
    redacted = cache.write(out);
  } else {
    out.ascii(written);
    cache.remember(out, 'before'.length, redacted);
  }
  return [Buffer.from(out.written()).toString(), redacted];
}

test('gives back what was written of a field, and how much was redacted', () => {
  const cache = new FieldCache();
  ask(cache, 3, '2345-7^Glucose^LN', '2345-7^^LN', 1);
  expect(ask(cache, 3, '2345-7^Glucose^LN', 'unasked', 9)).toEqual(['before2345-7^^LN', 1]);
});

test('knows nothing of another form, of a longer field, or once it was cleared', () => {
  const cache = new FieldCache();
  ask(cache, 3, '2345-7^Glucose^LN', '2345-7^^LN', 1);
  expect(ask(cache, 4, '2345-7^Glucose^LN', 'other form', 2)).toEqual(['beforeother form', 2]);
  expect(ask(cache, 3, '2345-7^Glucose^LN^', 'longer', 2)).toEqual(['beforelonger', 2]);
  cache.clear();
  expect(ask(cache, 3, '2345-7^Glucose^LN', 'again', 2)).toEqual(['beforeagain', 2]);
});

test('knows nothing of a field whose writing failed', () => {
  const cache = new FieldCache();
  cache.find(3, viewOf('2345-7^Glucose^LN'), 2, 19);
  expect(cache.find(3, viewOf('2345-7^Glucose^LN'), 2, 19)).toBe(false);
});

test('never mistakes one field for another, however many share its slots', () => {
  const alike = fc
    .tuple(fc.constantFrom('12345-6^', '12345-7^'), fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }))
    .map(([code, text]) => `${code}${text}^LN`);
  const asked = fc.tuple(fc.integer({ min: 0, max: 3 }), alike);
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 300 }), (all) => {
      const cache = new FieldCache();
      for (const [form, field] of all) {
        const written = `${form}${field}`;
        expect(ask(cache, form, field, written, form)).toEqual([`before${written}`, form]);
      }
    }),
  );
});

test('takes fields of a length that is worth it only', () => {
  expect([7, 8, 64, 65].map(isRemembered)).toEqual([false, true, true, false]);
});

/** Text and counts of a message. */
function outcome(transform: RecordTransform, message: string): unknown {
  const out = new ByteWriter();
  const { redacted, hashed, generalized } = transform;
  const code = transform.transform(Buffer.from(message), 0, message.length, out);
  const counts = [transform.redacted - redacted, transform.hashed - hashed, transform.generalized - generalized];
  return [code, Buffer.from(out.written()).toString(), counts];
}

test('a message comes out the same whatever came before it, in its own delimiters or in others', () => {
  const { field: f, ...standard } = STANDARD;
  const encodings = [Object.values(standard).join(''), '^~\\&#', '^~', ':~\\&', '&~\\^', '^^'];
  const code = fc.constantFrom(
    '2345-7^Glucose^LN',
    '2345-7:Glucose:LN',
    'A&Joe^Joe Doe^L',
    'POS~NEG^x^HL70001',
    'mg/dL^a^UCUM',
    '"~"~""^a^b',
  );
  const message = fc
    .tuple(fc.constantFrom(...encodings), code, code, code)
    .map(
      ([encoding, ...codes]) =>
        `MSH${f}${encoding}${f.repeat(7)}ADT^A01^ADT_A01\rOBX|1|CE|${codes[0]}||${codes[1]}|${codes[2]}`,
    );
  fc.assert(
    fc.property(fc.array(message, { minLength: 2, maxLength: 12 }), (messages) => {
      const shared = createTransform(TABLES, KEY, REFERENCE_DATE);
      for (const each of messages) {
        expect(outcome(shared, each)).toEqual(outcome(createTransform(TABLES, KEY, REFERENCE_DATE), each));
      }
    }),
  );
});
