import * as fc from 'fast-check';
import { ByteDictionary } from '../../../../lambda-src/engine/values/byte-dictionary';

const encoder = new TextEncoder();

test('words are numbered in their order, once each, and found among other bytes by these numbers', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', 'a', 'ä€'),
  );
  const clean = word.map((text) => Buffer.from(text).toString());
  fc.assert(
    fc.property(fc.array(clean, { maxLength: 150 }), fc.array(clean, { maxLength: 20 }), (words, others) => {
      const numbers = new Map<string, number>();
      const dictionary = new ByteDictionary();
      for (const one of words) {
        if (!numbers.has(one)) numbers.set(one, numbers.size);
        expect(dictionary.add(one)).toBe(numbers.get(one));
      }
      expect(dictionary.size).toBe(numbers.size);
      for (const one of [...words, ...others]) {
        const bytes = encoder.encode(`<${one}>`);
        expect(dictionary.find(bytes, 1, bytes.length - 1)).toBe(numbers.get(one) ?? -1);
      }
    }),
  );
});
