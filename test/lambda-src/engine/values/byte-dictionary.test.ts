import * as fc from 'fast-check';
import { ByteDictionary } from '../../../../lambda-src/engine/values/byte-dictionary';

const encoder = new TextEncoder();

test('words are numbered in their order, and found among other bytes by the number of the first that is the same', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', 'a', 'ä€', '\n', 'a\n', '\na'),
  );
  const clean = word.map((text) => Buffer.from(text).toString());
  fc.assert(
    fc.property(fc.array(clean, { maxLength: 150 }), fc.array(clean, { maxLength: 20 }), (words, others) => {
      const dictionary = new ByteDictionary(words);
      for (const one of [...words, ...others]) {
        const bytes = encoder.encode(`<${one}>`);
        expect(dictionary.find(bytes, 1, bytes.length - 1)).toBe(words.indexOf(one));
      }
    }),
  );
});

test('names are found in any case, up to 64 bytes', () => {
  const longest = 'Z'.repeat(64);
  const dictionary = new ByteDictionary(['NEW YORK', '{YR}', longest, `${longest}Z`]);
  const find = (name: string): number => {
    const bytes = encoder.encode(`<${name}>`);
    return dictionary.findName(bytes, 1, bytes.length - 1);
  };
  expect(['New York', '{yr}', '{Yr}', longest.toLowerCase()].map(find)).toEqual([0, 1, 1, 2]);
  expect(['', 'New', '[yr]', `${longest}z`].map(find)).toEqual([-1, -1, -1, -1]);
});
