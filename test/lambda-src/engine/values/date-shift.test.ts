import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { applyRule, KEY, NONE } from './apply-rule';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import type { DateForm } from '../../../../src/deidentification/private/value-rule';

const DAY = 24 * 3600 * 1000;
const FORMS: readonly DateForm[] = ['date', 'dateTime', 'instant', 'hl7', 'column'];

function shift(form: DateForm, text: string, patient = 'patient-1'): string | undefined {
  return applyRule({ method: 'dateShift', form }, text, { patient }).text;
}

/** What the rule says, in other words: a number from the key and the patient, none of them zero. */
function offsetOf(patient: string): number {
  const id = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(patient) ? patient.toLowerCase() : patient;
  const draw = createHmac('sha256', deriveSubKey(KEY, 'date-shift')).update(id).digest().readUInt32BE() % 100;
  return [...Array.from({ length: 50 }, (_, i) => i - 50), ...Array.from({ length: 50 }, (_, i) => i + 1)][draw];
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const patients = fc.string({ minLength: 1, maxLength: 90 });
/** Far enough from the first year that is shown, and from the last one that is moved. */
const days = fc.integer({ min: -12000, max: 37_900 }).map((day) => new Date(day * DAY));

describe('dates of a patient', () => {
  test('move by the number of days that the key and the patient decide, as a slow reference says', () => {
    fc.assert(
      fc.property(patients, days, (patient, day) => {
        const moved = iso(new Date(day.getTime() + offsetOf(patient) * DAY));
        expect(shift('date', iso(day), patient)).toBe(moved);
      }),
    );
  });

  test('keep the time between them, in whatever form they stand', () => {
    const written: Record<DateForm, (date: Date) => string> = {
      date: iso,
      dateTime: (date) => `${iso(date)}T10:20:30+02:00`,
      instant: (date) => `${iso(date)}T10:20:30.5Z`,
      hl7: (date) => `${iso(date).replace(/-/g, '')}1020`,
      column: (date) => iso(date).replace(/(....)-(..)-(..)/, '$2/$3/$1'),
    };
    const read: Record<DateForm, (text: string) => string> = {
      date: (text) => text,
      dateTime: (text) => text.replace('T00:00:00+02:00', ''),
      instant: (text) => text.replace('T00:00:00.0Z', ''),
      hl7: (text) => text.replace(/(....)(..)(..)0000/, '$1-$2-$3'),
      column: (text) => text.replace(/(..)\/(..)\/(....)/, '$3-$1-$2'),
    };
    const form = fc.constantFrom(...FORMS);
    fc.assert(
      fc.property(patients, days, days, form, form, (patient, one, other, oneForm, otherForm) => {
        const first = new Date(read[oneForm](shift(oneForm, written[oneForm](one), patient)!));
        const second = new Date(read[otherForm](shift(otherForm, written[otherForm](other), patient)!));
        expect(second.getTime() - first.getTime()).toBe(other.getTime() - one.getTime());
      }),
    );
  });

  test('never stay where they are, and move by 50 days at most', () => {
    const offsets = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      const moved = shift('date', '2000-06-15', `patient-${i}`)!;
      offsets.add((Date.parse(moved) - Date.parse('2000-06-15')) / DAY);
    }
    expect(offsets.size).toBe(100);
    expect([Math.min(...offsets), Math.max(...offsets), offsets.has(0)]).toEqual([-50, 50, false]);
  });

  test('move alike whether a UUID is written in small letters or in capitals', () => {
    const id = '0a1b2c3d-ABCD-4ef0-8123-456789abcdef';
    expect(shift('date', '2000-06-15', id.toUpperCase())).toBe(shift('date', '2000-06-15', id.toLowerCase()));
    expect(shift('date', '2000-06-15', id)).toBe(iso(new Date(Date.UTC(2000, 5, 15) + offsetOf(id) * DAY)));
  });

  test('move otherwise under another key', () => {
    const moved = Array.from({ length: 20 }, (_, i) => `patient-${i}`).filter((patient) => {
      const key = new Uint8Array(32).fill(8);
      const other = applyRule({ method: 'dateShift', form: 'date' }, '2000-06-15', { patient, key }).text;
      return other !== shift('date', '2000-06-15', patient);
    });
    expect(moved.length).toBeGreaterThan(10);
  });
});

describe('what is written of a date that moves', () => {
  const [, month, day] = iso(new Date(Date.UTC(2000, 0, 10) + offsetOf('p') * DAY)).split('-');
  const year = iso(new Date(Date.UTC(2000, 0, 10) + offsetOf('p') * DAY)).slice(0, 4);
  const names = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  const name = names[Number(month) - 1];

  test.each([
    ['date', '2000-01-10', `${year}-${month}-${day}`],
    ['dateTime', '2000-01-10', `${year}-${month}-${day}`],
    ['dateTime', '2000-01-10T23:59:59-11:30', `${year}-${month}-${day}T00:00:00-11:30`],
    ['dateTime', '2000-01-10T23:59:59.123Z', `${year}-${month}-${day}T00:00:00.000Z`],
    ['dateTime', '2000-01-10T23:59', `${year}-${month}-${day}T00:00`],
    ['instant', '2000-01-10T00:30:00+14:00', `${year}-${month}-${day}T00:00:00+14:00`],
    ['hl7', '20000110', `${year}${month}${day}`],
    ['hl7', '2000011023', `${year}${month}${day}00`],
    ['hl7', '200001102359', `${year}${month}${day}0000`],
    ['hl7', '20000110235959.1234-0500', `${year}${month}${day}000000.0000-0500`],
    ['hl7', '20000110+0100', `${year}${month}${day}+0100`],
    ['column', '2000-01-10', `${year}-${month}-${day}`],
    ['column', '2000-01-10T23:59:59Z', `${year}-${month}-${day}T00:00:00Z`],
    ['column', '2000-01-10 23:59:59.5', `${year}-${month}-${day} 00:00:00.0`],
    ['column', '01/10/2000', `${month}/${day}/${year}`],
    ['column', '1/10/2000', `${Number(month)}/${Number(day)}/${year}`],
    ['column', '1/10/2000 9:15', undefined],
    ['column', '01/10/2000 09:15', `${month}/${day}/${year} 00:00`],
    ['column', '20000110', `${year}${month}${day}`],
    ['column', '10-JAN-2000', `${day}-${name}-${year}`],
    ['column', '10-Jan-2000', `${day}-${name[0]}${name.slice(1).toLowerCase()}-${year}`],
  ] as const)(
    '%s %s keeps its form, its precision and its zone, with the time of day zeroed',
    (form, text, expected) => {
      const { text: written, counts } = applyRule({ method: 'dateShift', form }, text, { patient: 'p' });
      expect(written).toBe(expected);
      expect(counts).toEqual(expected === undefined ? { ...NONE, redacted: 1 } : { ...NONE, shifted: 1 });
    },
  );

  test.each([
    ['date', '2000'],
    ['date', '2000-01'],
    ['dateTime', '2000-01'],
    ['hl7', '200001'],
    ['hl7', '2000-0500'],
    ['column', '2000-01'],
  ] as const)('%s %s does not say the day: the year is left', (form, text) => {
    const { text: written, counts } = applyRule({ method: 'dateShift', form }, text, { patient: 'p' });
    expect(written).toBe('2000');
    expect(counts).toEqual(text === '2000' ? NONE : { ...NONE, generalized: 1 });
  });

  test('without a patient, the year is left', () => {
    for (const form of FORMS) {
      const text = form === 'hl7' ? '20000110' : '2000-01-10';
      expect(applyRule({ method: 'dateShift', form }, text)).toEqual({
        text: '2000',
        counts: { ...NONE, generalized: 1 },
      });
    }
  });
});

describe('what is redacted instead', () => {
  test.each([
    ['date', '2001-02-29'],
    ['date', '1900-02-29'],
    ['date', '2000-04-31'],
    ['date', '0000-01-01'],
    ['date', '2000-1-1'],
    ['date', '2000-01-01T00:00:00Z'],
    ['date', ' 2000-01-01'],
    ['dateTime', '2000-01-01T25:00:00Z'],
    ['dateTime', '2000-01-01T10:00:00+0100'],
    ['dateTime', 'John'],
    ['hl7', '2000-01-01'],
    ['hl7', '20001301'],
    ['hl7', '2000010'],
    ['hl7', '20000101246099'],
    ['hl7', '20000101.5'],
    ['column', '13/01/2000'],
    ['column', '1/1/00'],
    ['column', '01-JANUARY-2000'],
    ['column', '31-FEB-2000'],
    ['column', '20000101X'],
    ['column', '2000'.repeat(20)],
  ] as const)('%s "%s" is no date', (form, text) => {
    expect(applyRule({ method: 'dateShift', form }, text, { patient: 'p' })).toEqual({
      text: undefined,
      counts: { ...NONE, redacted: 1 },
    });
  });

  test('a leap day is a date, and so is every day that it becomes', () => {
    for (let i = 0; i < 100; i++) {
      const moved = shift('date', '2000-02-29', `patient-${i}`)!;
      expect(iso(new Date(moved))).toBe(moved);
    }
  });

  test('a date as old as an age over the limit, and one that would become so', () => {
    const back = Array.from({ length: 50 }, (_, i) => `p${i}`).find((patient) => offsetOf(patient) < 0)!;
    const on = Array.from({ length: 50 }, (_, i) => `p${i}`).find((patient) => offsetOf(patient) > 0)!;
    expect(shift('date', '1934-12-31', on)).toBeUndefined();
    expect(shift('date', '1935-01-01', back)).toBeUndefined();
    expect(shift('date', '1935-01-01', on)).toBe(iso(new Date(Date.UTC(1935, 0, 1) + offsetOf(on) * DAY)));
    expect(shift('date', '1934')).toBeUndefined();
  });
});

describe('a date that stands for no end is known to everybody', () => {
  test.each([
    ['date', '9999-12-31', '9999'],
    ['dateTime', '9999-12-31T23:59:59Z', '9999'],
    ['instant', '2999-12-31T00:00:00.000+00:00', '2999'],
    ['hl7', '20991231', '2099'],
    ['column', '12/31/9999', '9999'],
    ['column', '2075-01-01', '2075'],
  ] as const)('%s %s would tell the days by which it moved: the year is left', (form, text, year) => {
    for (const patient of ['p1', 'p2', 'p3']) expect(shift(form, text, patient)).toBe(year);
  });

  test('a date within fifty years may be of an event to come, and moves', () => {
    expect(shift('date', '2074-06-30')).toBe(iso(new Date(Date.UTC(2074, 5, 30) + offsetOf('patient-1') * DAY)));
  });
});
