import * as fc from 'fast-check';
import { Delimiters } from '../../../../lambda-src/engine/hl7v2/delimiters';
import { asked, nextSegment, SegmentFields } from '../../../../lambda-src/engine/hl7v2/segment-fields';

const DELIMITERS = 'MSH|^~\\&|';

function delimiters(): Delimiters {
  const read = new Delimiters();
  read.read(Buffer.from(DELIMITERS), 0, DELIMITERS.length);
  return read;
}

/** The fields of each segment as the engine finds them, with how many hold something. */
function fieldsOf(text: string): [string[], number][] {
  // What stands around a message is none of it.
  const bytes = Uint8Array.from(Buffer.from(`|\r|${text}|after|\r`, 'latin1'));
  const [start, end] = [3, 3 + text.length];
  const fields = new SegmentFields(delimiters());
  const all: [string[], number][] = [];
  for (let at = nextSegment(bytes, start, end); at < end; at = nextSegment(bytes, fields.end, end)) {
    fields.split(bytes, at, end, false, asked(10_000));
    const slice = (number: number): string =>
      Buffer.from(bytes.subarray(fields.from(number), fields.to(number))).toString('latin1');
    all.push([Array.from({ length: fields.count }, (_, i) => slice(i + 1)), fields.dropped]);
  }
  return all;
}

function expected(text: string): [string[], number][] {
  return text
    .split(/[\r\n\v\x1c]*[\r\n][\r\n\v\x1c]*/)
    .map((line) => line.replace(/^[\v\x1c]+/, ''))
    .filter(Boolean)
    .map((line) => line.split('|').slice(1))
    .map((fields) => [fields, fields.filter(Boolean).length]);
}

test('finds the fields that splitting a text finds', () => {
  const bytes = fc.constantFrom('|', '|', 'a', 'a', '}', '{', '\r', '\n', '\x0c', '\x0e', '\x00', '\xfc', '\xff', '^');
  fc.assert(
    fc.property(fc.string({ unit: bytes, maxLength: 60 }), (text) => {
      expect(fieldsOf(text)).toEqual(expected(text));
    }),
    { numRuns: 2000 },
  );
});

test('finds the fields of segments that have more than there is room for at first', () => {
  const texts = ['|'.repeat(5000), `PID|${'x'.repeat(3000)}|y\rOBX${'|1'.repeat(3000)}`, 'a|b\r'.repeat(2000)];
  for (const text of texts) expect(fieldsOf(text)).toEqual(expected(text));
});

test('sees no field behind the last that is asked for, and counts it all the same', () => {
  const bytes = Uint8Array.from(Buffer.from('PID|a|b|c|d'));
  const fields = new SegmentFields(delimiters());
  fields.split(bytes, 3, bytes.length, false, {
    forms: Int16Array.of(-1, 0, -1),
    kept: Int32Array.of(1),
    rest: -1,
    last: 2,
  });
  expect([fields.count, fields.from(3), fields.to(3), fields.end]).toEqual([2, 11, 11, 11]);
  expect([fields.keptCount, fields.kept[0], fields.dropped]).toEqual([1, 1, 3]);
});

test('keeps all fields behind those that are named where the rest is kept, but none of a header ahead of its third', () => {
  const text = `MSH|^~\\&|a||${'b|'.repeat(300)}`;
  const bytes = Uint8Array.from(Buffer.from(text));
  const fields = new SegmentFields(delimiters());
  fields.split(bytes, 3, bytes.length, true, {
    forms: Int16Array.of(0, 0, 0),
    kept: Int32Array.of(1, 2),
    rest: 0,
    last: 10_000,
  });
  expect([fields.count, fields.keptCount, fields.dropped]).toEqual([305, 301, 0]);
  expect(Array.from(fields.kept.subarray(0, 3))).toEqual([3, 5, 6]);
});
