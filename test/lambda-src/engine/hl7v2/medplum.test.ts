import { Hl7Message, type Hl7Segment } from '@medplum/core';
import * as fc from 'fast-check';
import { run, tablesOf } from './run-message';

/**
 * Another parser of HL7 v2 as the judge of where fields, repetitions, components and sub-components are: a rule keeps one
 * of them, and what is left of it in the output must be what that parser finds there in the source.
 */
const value = fc.oneof(
  fc.constantFrom('', '', 'A', 'Zoë', '1', 'a b', '\\T\\', '\\F\\x', '.', '"'),
  fc.stringMatching(/^[A-Za-z0-9 .,:;()]{0,12}$/),
);
const sub = fc.array(value, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('&'));
const component = fc.array(sub, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('^'));
const repetition = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('~'));
const segment = fc.array(repetition, { minLength: 1, maxLength: 12 }).map((fields) => ['ZPD', ...fields].join('|'));
const message = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => ['MSH|^~\\&|||||2024||ADT^A01', ...segments].join('\r'));

function componentOf(parsed: Hl7Segment, field: number, part: number, index: number): string {
  return parsed.getField(field)?.components[index]?.[part - 1] ?? '';
}

describe('the other parser finds in the output what it finds in the source', () => {
  test.each([1, 2, 5, 11])('of field %i', (field) => {
    const tables = tablesOf([{ path: `ZPD-${field}`, method: 'keep' }]);
    fc.assert(
      fc.property(message, (source) => {
        const before = Hl7Message.parse(source).getAllSegments('ZPD');
        const after = Hl7Message.parse(run(source, tables).text).getAllSegments('ZPD');
        expect(after.length).toBe(before.length);
        before.forEach((each, i) => {
          const expected = each.getField(field)?.toString() ?? '';
          expect(after[i].getField(field)?.toString() ?? '').toBe(expected);
          for (let other = 1; other <= 12; other++) {
            if (other !== field) expect(after[i].getField(other)?.toString() ?? '').toBe('');
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    [1, 1],
    [2, 3],
    [4, 5],
  ])('of component %i.%i in each repetition', (field, part) => {
    const tables = tablesOf([{ path: `ZPD-${field}.${part}`, method: 'keep' }]);
    fc.assert(
      fc.property(message, (source) => {
        const before = Hl7Message.parse(source).getAllSegments('ZPD');
        const after = Hl7Message.parse(run(source, tables).text).getAllSegments('ZPD');
        before.forEach((each, i) => {
          for (let index = 0; index < 3; index++) {
            expect(componentOf(after[i], field, part, index)).toBe(componentOf(each, field, part, index));
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  test('of a sub-component', () => {
    const tables = tablesOf([{ path: 'ZPD-2.2.2', method: 'keep' }]);
    fc.assert(
      fc.property(message, (source) => {
        const before = Hl7Message.parse(source).getAllSegments('ZPD');
        const after = Hl7Message.parse(run(source, tables).text).getAllSegments('ZPD');
        before.forEach((each, i) => {
          const [got, expected] = [after[i], each].map((one) => componentOf(one, 2, 2, 0).split('&')[1] ?? '');
          expect(got).toBe(expected);
        });
      }),
      { numRuns: 150 },
    );
  });
});
