import { TABLES } from './run-transform';
import { SystemClass, SystemClasses } from '../../../../lambda-src/engine/fhir/guards';
import { LoadedTables } from '../../../../lambda-src/engine/fhir/loaded-tables';

test('a text too long for a system is refused, and no copy of it is kept', () => {
  const systems = new SystemClasses(new LoadedTables(TABLES));
  const copies: number[] = [];
  const classOf = (length: number): SystemClass => {
    const bytes = new TextEncoder().encode('http://'.padEnd(length, 'x'));
    bytes.slice = (from, to) => {
      copies.push(length);
      return new Uint8Array(bytes.subarray(from, to));
    };
    return systems.classOf(bytes, 0, length);
  };
  expect([classOf(200), classOf(201), classOf(100_000)]).toEqual([
    SystemClass.STRANGE,
    SystemClass.REFUSED,
    SystemClass.REFUSED,
  ]);
  expect(copies).toEqual([200]);
});

test('the system of units is known by all of its letters', () => {
  const systems = new SystemClasses(new LoadedTables(TABLES));
  const classOf = (text: string): SystemClass => systems.classOf(Buffer.from(text), 0, text.length);
  expect(classOf('http://unitsofmeasure.org')).toBe(SystemClass.UNITS);
  expect(['http://unitsofmeasure.com', 'http://unitsofmeasure.org/', 'http://unitsofmeasure.or'].map(classOf)).toEqual(
    Array(3).fill(SystemClass.STRANGE),
  );
});
