import { fieldTypes, readFieldTable } from '../../../src/deidentification/private/hl7v2/field-table';
import { keptFields } from '../../../src/deidentification/private/hl7v2/forms';
import { identifierOf, IDENTIFIERS, isKept } from '../../../src/deidentification/private/hl7v2/identifiers';
import { TREATMENTS } from '../../../src/deidentification/private/hl7v2/safe-harbor';

const table = readFieldTable();

/** Types of persons, contacts, addresses, ids and free text. */
const NEVER = 'PN XPN PPN CN XCN TN XTN XON PL DLN TX FT ED RP TM'.split(' ');

test('the field table has the versions 2.1 to 2.8, and what every one of them says of a field', () => {
  expect([table.versions[0], table.versions.at(-1)]).toEqual(['2.1', '2.8']);
  expect(fieldTypes(table, 'PID', 19)).toEqual(['ST']);
  expect(fieldTypes(table, 'PID', 2)).toEqual(['CK', 'CX', 'ST']);
  expect(fieldTypes(table, 'PID', 99)).toEqual([]);
  expect(table.messageTypes).toEqual(expect.arrayContaining(['ADT', 'ORU', 'VXU']));
});

test('every field that is kept is in the table, with one treatment for all versions', () => {
  const kept = keptFields(table);
  expect(Object.keys(kept).length).toBeGreaterThan(30);
  expect(new Set(Object.values(TREATMENTS)).size).toBeGreaterThan(5);
});

test('no field of names, contacts, places, times or texts is kept', () => {
  for (const [segment, fields] of Object.entries(table.segments)) {
    fields.forEach((types, index) => {
      if (isKept(segment, index + 1)) {
        expect([segment, index + 1, types.split(' ').filter((type) => NEVER.includes(type))]).toEqual([
          segment,
          index + 1,
          [],
        ]);
      }
    });
  }
});

test.each([
  ['PID-5', 'A'],
  ['NK1-2', 'A'],
  ['PV1-7', 'A'],
  ['NK1-4', 'B'],
  ['PV1-3', 'B'],
  ['PID-13', 'D'],
  ['PID-19', 'G'],
  ['PID-2', 'H'],
  ['IN1-36', 'I'],
  ['PID-18', 'J'],
  ['PID-20', 'K'],
  ['OBX-18', 'M'],
  ['TXA-12', 'R'],
])('%s is dropped as an identifier of letter %s', (path, letter) => {
  const [segment, field] = path.split('-');
  expect(identifierOf(table, segment, Number(field))).toBe(letter);
});

test('what is kept, or dropped as text, is an identifier of no letter', () => {
  expect(identifierOf(table, 'PID', 8)).toBeUndefined();
  expect(identifierOf(table, 'NTE', 3)).toBeUndefined();
});

test('every field named as an identifier is in the table, and dropped', () => {
  for (const { fields } of Object.values(IDENTIFIERS)) {
    for (const path of fields) {
      const [segment, field] = path.split('-');
      expect([path, fieldTypes(table, segment, Number(field)).length > 0]).toEqual([path, true]);
      expect([path, isKept(segment, Number(field))]).toEqual([path, false]);
    }
  }
});
