import fc from 'fast-check';
import { didYouMean } from '../../src/deidentification/private/suggestion';

const KNOWN = ['address', 'birthDate', 'deceased', 'gender', 'name', 'telecom'];

test.each([
  ['adress', 'did you mean address?'],
  ['birthdate', 'did you mean birthDate?'],
  ['gendre', 'did you mean gender?'],
  ['nmae', 'did you mean name?'],
  ['x', ''],
  ['somethingElse', ''],
])('%s: %s', (name, hint) => {
  expect(didYouMean(name, KNOWN)).toBe(hint);
});

test('one slip of the pen in a longer name always finds it again', () => {
  const slip = fc.tuple(fc.constantFrom('birthDate', 'deceased', 'telecom'), fc.nat(), fc.constantFrom('q', 'z', ''));
  fc.assert(
    fc.property(slip, ([name, place, letter]) => {
      const at = place % name.length;
      const written = name.slice(0, at) + letter + name.slice(at + 1);
      expect(didYouMean(written, KNOWN)).toBe(`did you mean ${name}?`);
    }),
  );
});
