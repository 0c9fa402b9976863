import * as fc from 'fast-check';
import { STANDARD } from './arbitrary-messages';
import { KEY, REFERENCE_DATE, TABLES } from './run-message';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import type { DeidCounts } from '../../../../lambda-src/engine/contract';
import { createTransform } from '../../../../lambda-src/engine/hl7v2';
import type { RecordTransform } from '../../../../lambda-src/engine/record-transform';

/** Text and counts of a message. */
function outcome(transform: RecordTransform, message: string): unknown {
  const out = new ByteWriter();
  const before = transform.counts();
  const code = transform.transform(Buffer.from(message), 0, message.length, out);
  const after = transform.counts();
  const counts = Object.entries(after).map(([kind, count]) => count - before[kind as keyof DeidCounts]);
  return [code, Buffer.from(out.written()).toString(), counts];
}

/** Each message comes out as from a transform that has seen none. */
function alone(messages: readonly string[]): void {
  const shared = createTransform(TABLES, KEY, REFERENCE_DATE);
  for (const each of messages) {
    const before = outcome(shared, each);
    expect([before, outcome(shared, each)]).toEqual(
      Array(2).fill(outcome(createTransform(TABLES, KEY, REFERENCE_DATE), each)),
    );
  }
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
    '',
  );
  const message = fc
    .tuple(fc.constantFrom(...encodings), code, code, code)
    .map(
      ([encoding, ...codes]) =>
        `MSH${f}${encoding}${f.repeat(7)}ADT^A01^ADT_A01\rOBX|1|CE|${codes[0]}||${codes[1]}|${codes[2]}`,
    );
  fc.assert(fc.property(fc.array(message, { minLength: 2, maxLength: 12 }), alone), { numRuns: 50 });
});

test('a value comes out the same, whatever was noted on the fields beside it before', () => {
  const type = fc.constantFrom('NM', 'SN', 'SI', 'CE', 'DT', 'TX', 'XX', '""', '');
  const code = fc.constantFrom('2345-7^Glucose^LN', '30525-0^Age^LN', 'x^y^L~30525-0^Age^LN', 'A', '');
  const value = fc.constantFrom('12', '95', '1.5', '95^a', '>^95', '20240131', 'A^b^L', '+7', '""', '');
  const units = fc.constantFrom('mg/dL', 'a', 'A^year^UCUM', 'mo', '""', '');
  const segment = fc.tuple(type, code, value, units).map(([t, c, v, u]) => `OBX|1|${t}|${c}||${v}|${u}|||||F|||2024`);
  const other = fc.constantFrom('NK1|1|x|30525-0^Age^LN', 'DG1|1||2345-7^Glucose^LN', 'PID|||M1|||||||A');
  const message = fc
    .array(fc.oneof({ weight: 3, arbitrary: segment }, other), { minLength: 1, maxLength: 6 })
    .map((segments) => ['MSH|^~\\&|||||||ORU^R01^ORU_R01', ...segments].join('\r'));
  fc.assert(fc.property(fc.array(message, { minLength: 2, maxLength: 8 }), alone), { numRuns: 100 });
});

test('the birth that a field says is judged by the patient who was named last', () => {
  const messages = ['20200101', '', '19900101'].map(
    (death) => `MSH|^~\\&|||||||ADT^A01\rPID|||||||19350101${'|'.repeat(22)}${death}\rNTE|1`,
  );
  alone([...messages, ...messages]);
});

test('an id comes out the same, whatever stood behind others before', () => {
  const id = fc.constantFrom('M1', 'M2', '123-45-6789', '""', ' M1', '', 'A&b', 'A\\T\\B', 'x'.repeat(60));
  const behind = fc.constantFrom('', '^^^H^MR', '^^^H&1.2&ISO^MR', '^^^SSA^SS', '^^^^SS', '^^^^""', '^H', '^^^^MR&x^y');
  const ids = fc
    .array(fc.tuple(id, behind), { minLength: 1, maxLength: 3 })
    .map((all) => all.map((one) => one.join('')));
  const message = ids.map((all) => {
    const repeated = all.join('~');
    return `MSH|^~\\&|||||||ADT^A01\rPID|||${repeated}\rPV1${'|'.repeat(19)}${repeated}\rORC||${repeated}`;
  });
  fc.assert(fc.property(fc.array(message, { minLength: 2, maxLength: 8 }), alone), { numRuns: 100 });
});
