import * as fc from 'fast-check';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { JsonTape, type KeyTables } from '../../../../lambda-src/engine/fhir/json-tape';
import { ValueMemory } from '../../../../lambda-src/engine/fhir/value-memory';

const encoder = new TextEncoder();

const TABLES: KeyTables = {
  keys: encoder.encode('"a":"b":"c":"d":"value":'),
  firstField: Int32Array.of(0, 4, 5),
  // The objects of the second node may begin with a number; they are the values of the last field.
  heads: Int32Array.of(-1, 4),
  children: Int32Array.of(-1, -1, -1, -1, 1),
};

/** A memory, told of values as the transform tells it, with what it was told last beside it. */
class Told {
  public readonly tape = new JsonTape(TABLES);
  public readonly memory = new ValueMemory(this.tape, 5, (field) => field !== 3);
  public readonly outputs = new Map<string, string>();

  public add(field: number, text: string, output: string): boolean {
    const out = new ByteWriter();
    out.ascii('before');
    out.ascii(output);
    this.take(`--${text}--`);
    const entry = this.memory.add(field, this.tape.start + 2, this.tape.end - 2, out, 6);
    if (entry < 0) return false;
    this.memory.describe(entry, field, 1, false, 1, 2, 3);
    this.outputs.set(`${field} ${text}`, output);
    return true;
  }

  /** What is remembered of the value that a text begins with: its length and what is written; or nothing. */
  public find(field: number, text: string): { length: number; output: string } | undefined {
    this.take(`-${text}`);
    const entry = this.memory.find(field, this.tape.start + 1);
    if (entry < 0) return undefined;
    const out = new ByteWriter();
    const counts = { redacted: 0, hashed: 0, generalized: 0 };
    this.memory.write(entry, out, counts);
    expect(counts).toEqual({ redacted: 1, hashed: 2, generalized: 3 });
    expect(this.memory.fieldOf(entry)).toBe(field);
    return {
      length: this.memory.lengthOf(entry),
      output: Buffer.from(out.written()).toString('latin1'),
    };
  }

  public take(text: string): void {
    const bytes = encoder.encode(text);
    this.tape.take(bytes, 0, bytes.length);
  }
}

/** Objects that are the same for long, and differ anywhere. */
const value = fc
  .tuple(
    fc.constantFrom('', 'a', 'ab', 'http://loinc.org/'),
    fc.integer({ min: 0, max: 30 }),
    fc.constantFrom('', 'é€'),
  )
  .map((parts) => JSON.stringify({ x: parts.join('') }));

test('what is found is what was told of the same field and bytes, whatever came between and whatever follows', () => {
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 2 }), value, fc.constantFrom('', ',"b":1}', '}'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const told = new Told();
      let output = 0;
      for (const [adds, field, text, rest] of steps) {
        told.memory.beginRecord();
        if (adds) told.add(field, text, `${output++}`);
        const found = told.find(field, text + rest);
        if (found) {
          expect(found).toEqual({ length: encoder.encode(text).length, output: told.outputs.get(`${field} ${text}`) });
        }
        // Whatever was just told is known, and cannot be told again.
        if (adds) expect(found).toBeDefined();
        if (adds) expect(told.add(field, text, 'again')).toBe(false);
      }
    }),
  );
});

test('a value that ends too early, or that differs in one byte, is not found', () => {
  const told = new Told();
  const text = '{"coding":[{"system":"http://loinc.org","code":"8302-2"}]}';
  told.add(1, text, 'x');
  expect(told.find(1, text)).toEqual({ length: text.length, output: 'x' });
  for (let at = 0; at < text.length; at++) {
    told.memory.beginRecord();
    expect(told.find(1, text.slice(0, at))).toBeUndefined();
    expect(told.find(1, `${text.slice(0, at)}~${text.slice(at + 1)}`)).toBeUndefined();
  }
  expect(told.find(2, text)).toBeUndefined();
});

test('a value of which not all was told is not found until it is', () => {
  const told = new Told();
  told.add(0, '{"x":1}', 'one');
  const out = new ByteWriter();
  told.memory.beginRecord();
  told.take('--{"x":2}--');
  expect(told.memory.add(0, told.tape.start + 2, told.tape.end - 2, out, 0)).toBeGreaterThanOrEqual(0);
  expect(told.find(0, '{"x":2}')).toBeUndefined();
  expect(told.add(0, '{"x":2}', 'two')).toBe(true);
  expect(told.find(0, '{"x":2}')).toEqual({ length: 7, output: 'two' });
});

test('what the record at hand was told of is not overwritten before the next one', () => {
  const told = new Told();
  told.memory.beginRecord();
  told.add(0, '{"first":1}', 'first');
  told.memory.beginRecord();
  expect(told.find(0, '{"first":1}')).toBeDefined();
  for (let i = 0; i < 20_000; i++) told.add(0, `{"x":${i}}`, 'other');
  expect(told.find(0, '{"first":1}')).toEqual({ length: 11, output: 'first' });
});

test('neither a long value nor one with a long output is kept', () => {
  const told = new Told();
  expect(told.add(0, `{"x":"${'x'.repeat(400)}"}`, '')).toBe(false);
  expect(told.add(0, '{"x":1}', 'y'.repeat(400))).toBe(false);
});

test('what was told is known after a text that needed more room', () => {
  const told = new Told();
  told.add(0, '{"x":1}', 'y');
  const { bytes } = told.tape;
  told.take('x'.repeat(5_000_000));
  expect(told.tape.bytes).not.toBe(bytes);
  expect(told.find(0, '{"x":1}')).toEqual({ length: 7, output: 'y' });
  expect(told.memory.creditOf(3)).toBe(0);
});

test('of an object that begins with a number, what comes after it is remembered', () => {
  const told = new Told();
  expect(told.add(4, '{"value":12.5,"unit":"kg"}', '{"value":12.5,"unit":"kilo"}')).toBe(true);
  // The caller looks behind the number.
  expect(told.find(4, ',"unit":"kg"}')).toMatchObject({ length: 13, output: ',"unit":"kilo"}' });
  expect(told.add(4, '{"value":-1e3,"unit":"kg"}', 'again')).toBe(false);
  const others = ['{"value":"1"}', '{"value":1 }', '{"value": 1}', '{"unit":"kg","value":1}', '[{"value":1}]', '{}'];
  for (const other of others) expect([other, told.add(4, other, other)]).toEqual([other, true]);
  expect(told.find(4, ' }')).toMatchObject({ output: ' }' });
  for (const other of others.filter((_, at) => at !== 1)) {
    expect(told.find(4, other)).toMatchObject({ length: other.length, output: other });
  }
});

test('a field whose values never come again is given up, one whose values do is not', () => {
  const { memory } = new Told();
  expect([0, 1, 2, 3].map((field) => memory.creditOf(field) > 0)).toEqual([true, true, true, false]);
  const told = new Told();
  for (let i = 0; i < 1000; i++) {
    told.memory.beginRecord();
    told.add(0, `{"x":${i}}`, '');
    told.add(1, `{"x":${i % 5}}`, '');
  }
  expect(told.memory.creditOf(0)).toBeLessThanOrEqual(0);
  expect(told.memory.creditOf(1)).toBeGreaterThan(0);
});
