import { CANARY, DAY, mark, PLACE } from './marks';
import type { Random } from '../test/support/random';

/** Columns of every action, each with cells of its form. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  Id: ['p1', 'P-2', '7'],
  PATIENT: ['p1', '00000000-0000-4000-8000-00000000ABCD'],
  BIRTHDATE: ['1950-01-02', '01/02/1930', '1930'],
  DEATHDATE: ['', '2018-01-02', '20240131'],
  START: ['2024-01-31T09:30:00Z', '31-JAN-2024', '19501231'],
  STATE: ['MI', 'Michigan', '25'],
  COUNTRY: ['US', 'CA', ''],
  ZIP: ['48109', '48109-1234'],
  AGE: ['42', '95', '89.9'],
  VALUE: ['72', '95', '1e3', '-0.5'],
  UNITS: ['kg', 'a', 'mL/min/1.73'],
  CODE: ['8867-4', '30525-0', '195662009'],
  STATUS: ['active', 'F'],
  RACE: ['White', 'Black or African American'],
  NDC: ['12345678901', '1234-5678-90'],
  INCOME: ['1.00', '100000'],
};
/** Columns that nothing is kept of, known and unknown. */
const DROPPED = ['SSN', 'FIRST', 'LAST', 'ADDRESS', 'NOTE', 'PHONE', 'EMAIL', 'x', 'Joe', ''];
const PLACES = ['CITY', 'COUNTY'];

/** A table with a canary in every cell that Safe Harbor empties, and here and there in one of the others. */
export function table(random: Random): string {
  const delimiter = random.pick([',', '|', '\t', ';']);
  const known = Object.keys(KNOWN);
  const names = Array.from({ length: random.between(2, 14) }, () =>
    random.pick([random.pick(known), random.pick(known), random.pick(DROPPED), random.pick(PLACES)]),
  );
  names.push(random.pick(known));
  const text = (name: string): string => {
    if (DROPPED.includes(name)) return mark(random);
    if (PLACES.includes(name)) return PLACE;
    if (!random.chance(20)) return random.pick(KNOWN[name]);
    // Two columns are kept as they stand by a limited data set.
    if (name === 'ZIP' || name === 'COUNTRY') return PLACE;
    const other = mark(random);
    return other === DAY ? CANARY : other;
  };
  const cell = (one: string): string => (random.chance(30) ? `"${one.replaceAll('"', '""')}"` : one);
  const rows = Array.from({ length: random.between(1, 6) }, () => names.map((name) => cell(text(name))));
  const header = names.map((name) => (random.chance(10) ? `"${name}"` : random.chance(10) ? name.toLowerCase() : name));
  return [header, ...rows, ['']].map((row) => row.join(delimiter)).join(random.pick(['\n', '\r\n', '\r']));
}
