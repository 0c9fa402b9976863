import * as fc from 'fast-check';
import { run } from './run-transform';
import { JsonTape } from '../../../../lambda-src/engine/fhir/json-tape';
import { END, NEXT, TOKEN } from '../../../../lambda-src/engine/fhir/token';

/** One for all: what a text leaves behind must not matter to the next one. */
const tape = new JsonTape();

function scan(text: string | Uint8Array, maxDepth = 128): string | undefined {
  const bytes = Buffer.from(text as string);
  tape.take(bytes, 0, bytes.length);
  return tape.scan(maxDepth);
}

describe('what is no JSON is rejected, and all that is JSON is read', () => {
  const wrong = [
    '', ' ', '{', '}', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '[1,]', '[,1]', '[1 2]', '{"a":1 "b":2}', '{"a" 1}', '{1:2}', '[}', '{]',
    '{"a":1}}', '{"a":1}{', 'tru', 'nul', 'falsey', 'True', 'NaN', 'Infinity', '01', '-', '+1', '1.', '.5', '1e', '1e+', '0x1',
    '--1', '"', '"a', '"\\', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\t"', '"\u0000"', "'a'", '{"a":1}//', '[1,2', '"a"b',
  ]; // prettier-ignore
  test.each(wrong)('case %#', (text) => expect(scan(text)).toBe('REC_SYNTAX'));

  test('a quote or a control character ends a string wherever it stands in it', () => {
    for (let before = 0; before < 9; before++) {
      for (let after = 0; after < 9; after++) {
        const around = (text: string): string => `"${'x'.repeat(before)}${text}${'!'.repeat(after)}"`;
        expect([before, after, scan(around('~'))]).toEqual([before, after, undefined]);
        expect([before, after, scan(around(' #\u00ff\u20ac'))]).toEqual([before, after, undefined]);
        for (const ending of ['\u0000', '\u001f', '"']) {
          expect([before, after, scan(around(ending))]).toEqual([before, after, 'REC_SYNTAX']);
        }
      }
    }
  });

  const right = [
    '{}',
    '[]',
    ' {"a" : [ 1 , -0.0e+10, true,false , null ] }\r\n\t',
    '"\\u00e4\\n\\/"',
    '0',
    '-0',
    '1E5',
    '"\u00e4"',
    '""',
    '{"":0}',
  ];
  test.each(right)('case %#', (text) => expect(scan(text)).toBeUndefined());

  test('lone surrogates in escapes are rejected, pairs are read', () => {
    for (const text of ['"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"', '"\\ud800a"', '"\\ud83d\\"']) {
      expect(scan(text)).toBe('REC_SYNTAX');
    }
    expect(scan('"\\ud83d\\ude00"')).toBeUndefined();
  });

  test('bytes that are no UTF-8 are rejected wherever they stand', () => {
    for (const bytes of [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
      expect(scan(Uint8Array.from([0x22, ...bytes, 0x22]))).toBe('REC_SYNTAX');
      // Behind an escape, and in a key behind a text that is right.
      expect(scan(Uint8Array.from([0x22, 0x5c, 0x6e, ...bytes, 0x22]))).toBe('REC_SYNTAX');
      const key = [...Buffer.from('{"é":"€","'), ...bytes, ...Buffer.from('":1}')];
      expect(scan(Uint8Array.from(key))).toBe('REC_SYNTAX');
    }
    expect(scan(Uint8Array.from([0x22, 0xe2, 0x82, 0xac, 0x22]))).toBeUndefined();
    expect(scan('\ufeff{}')).toBe('REC_SYNTAX');
  });

  test('nesting to the limit is read, one more is too deep, and ten thousand neither crash nor hang', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(scan(nested(128))).toBeUndefined();
    expect(scan(nested(129))).toBe('REC_TOO_DEEP');
    expect(scan('{"a":'.repeat(10000))).toBe('REC_TOO_DEEP');
    expect(run(`{"resourceType":"Patient","x":${nested(10000)}}`).code).toBe('REC_TOO_DEEP');
  });

  test('a text ends where it ends, whatever an earlier one has left behind', () => {
    const text = '{"a":["\\ud83d\\ude00",true,-1.5e+7,null,"\u00e4"]}';
    for (let end = text.length - 1; end > 0; end--) {
      expect(scan(text)).toBeUndefined();
      expect(scan(text.slice(0, end))).toBe('REC_SYNTAX');
    }
    expect(scan('1 ')).toBeUndefined();
    for (const number of ['1', '10', '1.5', '1e5']) {
      expect(scan('12345')).toBeUndefined();
      expect(scan(number)).toBeUndefined();
      expect(tape.tokens[END] - tape.tokens[0]).toBe(number.length);
    }
  });

  test('texts of many sizes are read one after the other, and the room for a large one is given back', () => {
    const small = tape.bytes.length;
    for (const megabytes of [1, 3, 2, 16, 0, 5, 0]) {
      // No text has more tokens for its bytes.
      const text = `[${'1,'.repeat(megabytes * 2 ** 19)}1]`;
      expect(scan(text)).toBeUndefined();
      expect(tape.tokens[NEXT]).toBe((megabytes * 2 ** 19 + 2) * TOKEN);
      expect(scan(text.slice(0, -1))).toBe('REC_SYNTAX');
    }
    expect(tape.bytes.length).toBe(small);
  });

  test('it agrees with JSON.parse on any text', () => {
    const agrees = (text: string): boolean => {
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      // JSON.parse lets lone surrogates pass.
      return (scan(text) === undefined) === parses || /\\u[dD][89a-fA-F]/.test(text);
    };
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u00e4',
      'n',
      '1',
      '-',
      '.',
      'e',
      '0',
      'true',
      'null',
      ' ',
      '\n',
      'ä',
      '"a"',
      '"b":',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
        agrees,
      ),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), agrees), { numRuns: 500 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => agrees(JSON.stringify(text))),
      { numRuns: 500 },
    );
  });
});

describe('the type with which a record begins is found as it is written in the tables, and no other', () => {
  const typed = new JsonTape({
    keys: Buffer.from('"id":"Patient":"Group":'),
    firstField: Int32Array.of(0, 1, 3),
    heads: Int32Array.of(-1, -1),
    children: Int32Array.of(-1, 0, 0),
  });
  test.each([
    ['{"resourceType":"Patient"}', 0],
    ['{"resourceType":"Group","id":"a"}', 1],
    ['{"resourceType":"id"}', -1],
    ['{"resourceType":"Groups"}', -1],
    ['{"resourceType":"\\u0047roup"}', -1],
    ['{"resourceType":""}', -1],
    ['{"resourceType": "Group"}', -1],
    ['{ "resourceType":"Group"}', -1],
    ['{"id":"a","resourceType":"Group"}', -1],
  ])('%s', (text, type) => {
    typed.take(Buffer.from(text), 0, text.length);
    expect(typed.scan(9)).toBeUndefined();
    expect(typed.type).toBe(type);
  });

  test('a text that ends within it is none', () => {
    const text = '{"resourceType":"Group"';
    for (let end = 1; end <= text.length; end++) {
      typed.take(Buffer.from(text), 0, end);
      expect(typed.scan(9)).toBe('REC_SYNTAX');
    }
  });
});
