import * as fc from 'fast-check';
import {
  isCode,
  isDrugCode,
  isFormula,
  isNumber,
  isSnomedConcept,
  isTableId,
} from '../../../../lambda-src/engine/csv/cell-grammar';

/** Among bytes that are none of its business. */
function among(text: Uint8Array): readonly [Uint8Array, number, number] {
  return [Uint8Array.from([0x20, 0x39, 0xff, ...text, 0x30, 0x20, 0xff, 0xff]), 3, 3 + text.length];
}

test('an id is visible ASCII, wherever in it something else stands', () => {
  const byte = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0x21, max: 0x7f }) },
    { weight: 1, arbitrary: fc.nat(255) },
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 12 }).chain((all) => fc.array(byte, { minLength: all.length, maxLength: all.length })),
      (all) => {
        const [bytes, from, to] = among(Uint8Array.from(all));
        expect(isTableId(new DataView(bytes.buffer), from, to)).toBe(
          all.length > 0 && all.every((one) => one > 0x20 && one < 0x80),
        );
      },
    ),
    { numRuns: 2000 },
  );
});

test('a number is what every reader of tables takes for one', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789+-.eE '), maxLength: 8 });
  fc.assert(
    fc.property(text, (written) => {
      const [bytes, from, to] = among(Buffer.from(written));
      expect(isNumber(bytes, from, to)).toBe(/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(written));
    }),
    { numRuns: 2000 },
  );
});

test('a drug code has its hyphens where labels have them, and not where telephone numbers do', () => {
  const codes = ['12345678901', '1234-5678-90', '12345-678-90', '12345-6789-0', '12345-6789-01'];
  const others = [
    '555-123-4567',
    '1-555-123-4567',
    '123-45-6789',
    '1950-0102-3',
    '12345-6789',
    '12345-6789-',
    '123456-123-1',
    '123456-789-01',
    '1234-56789-0',
    '1234-567-890',
    '123-4567-89',
    '12345-67-890',
    '-12345-67890',
    '1234567890',
  ];
  expect(codes.filter((text) => !isDrugCode(...among(Buffer.from(text))))).toEqual([]);
  expect(others.filter((text) => isDrugCode(...among(Buffer.from(text))))).toEqual([]);
  expect(isDrugCode(Buffer.from('12345-6789-01'), 0, 10)).toBe(false);
});

test('a code begins with a letter or a digit', () => {
  const codes = ['A1', 'Z00.0', 'a', 'z-1', '0', '9', 'Z'];
  const others = ['', '@1', '[1', '`1', '{1', '/1', ':1', '-1', '+1', '=A1', '.5'];
  expect(codes.filter((text) => !isCode(...among(Buffer.from(text))))).toEqual([]);
  expect(others.filter((text) => isCode(...among(Buffer.from(text))))).toEqual([]);
});

test('a formula is what spreadsheets run, after spaces and in wide forms, too, and no number', () => {
  const formulas = [
    '=1',
    '@A',
    '\t1',
    '\r1',
    '\n1',
    '  =1',
    '+A1',
    '-A1',
    '-1-2',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff201',
  ];
  const others = ['', '   ', '1=1', '-5', '+5', '-5  ', ' -5.1e3', '\uff1e1', '\u5f1d', '\uffe51', '\u00fc', 'A@1'];
  expect(formulas.filter((text) => !isFormula(...among(Buffer.from(text))))).toEqual([]);
  expect(others.filter((text) => isFormula(...among(Buffer.from(text))))).toEqual([]);
  expect(isFormula(Buffer.from('  \t=1'), 0, 2)).toBe(false);
});

test('nothing of the next cell belongs to a number', () => {
  expect(isNumber(Buffer.from('12.5'), 0, 2)).toBe(true);
  expect(isNumber(Buffer.from('12e5'), 0, 2)).toBe(true);
});

describe('the check digit of SNOMED CT', () => {
  const concept = (digits: string): boolean => isSnomedConcept(...among(Buffer.from(digits)));

  test.each([
    '195662009',
    '22298006',
    '73211009',
    '138875005',
    '900000000000207008',
    '999000041000000102',
    '424144002',
  ])('of %s is right, and no other digit is', (id) => {
    const last = Number(id.at(-1));
    const right = Array.from({ length: 10 }, (_, digit) => `${id.slice(0, -1)}${digit}`).map(concept);
    expect(right).toEqual(right.map((_, digit) => digit === last));
  });

  test('finds any digit that is wrong, and neighbours that are swapped', () => {
    const id = '195662009';
    for (let i = 0; i < id.length; i++) {
      for (const digit of '0123456789') {
        if (digit !== id[i]) expect(concept(`${id.slice(0, i)}${digit}${id.slice(i + 1)}`)).toBe(false);
      }
      const swapped = `${id.slice(0, i)}${id[i + 1] ?? ''}${id[i]}${id.slice(i + 2)}`;
      if (swapped !== id) expect(concept(swapped)).toBe(false);
    }
  });

  test.each(['12345', '1234567890123456789', '0195662009', '195662019', ''])('is not asked of %j', (text) => {
    expect(concept(text)).toBe(false);
  });
});
