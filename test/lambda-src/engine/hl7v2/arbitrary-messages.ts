import * as fc from 'fast-check';
import { TABLES } from './run-message';

/** What stands between values, as a message may choose it. */
export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly sub: string;
}

export const STANDARD: Separators = { field: '|', component: '^', repetition: '~', escape: '\\', sub: '&' };
const SEPARATORS = [STANDARD, { field: '$', component: '%', repetition: '*', escape: '!', sub: '?' }];
SEPARATORS.push({ field: '|', component: ':', repetition: '/', escape: '#', sub: '_' });

/** Values near every border of the grammars. */
const VALUES = [
  ...[
    '',
    '',
    '',
    '""',
    '1',
    '42',
    '1.5',
    '-3',
    '+.5',
    '123456',
    '1234567',
    '90',
    '95',
    '1080',
    '89.9',
    'a',
    'mo',
    'MO',
  ],
  ...['20240611', '1934', '1935', '19350101', '202406110830-0500', '20241301', '2024061', '0000', '20240611083015.12'],
  ...[
    'A',
    'M',
    'POS',
    'Joe',
    'Joe Smith',
    '2345-7',
    '30525-0',
    '49281021588',
    'LN',
    'L',
    'NDC',
    'SSN',
    'mr',
    'HL70005',
  ],
  ...['mg/dL', '10*3/uL', '{Joe}', 'MR', 'SS', 'USSSA', '123-45-6789', 'MA', 'massachusetts', ' MA ', 'Bavaria', 'USA'],
  ...['02139', '02139-1234', '03601', '0213', 'NM', 'SN', 'TX', 'CE', 'DT', 'IS', 'SI', 'CWE', '<', '>=', '-', 'ASCII'],
  ...[
    'Zoë',
    'x'.repeat(70),
    'ABCDEF01-2345-6789-ABCD-EF0123456789',
    'UNICODE UTF-8',
    'a_b',
    'a:b',
    'a/b',
    'a#b',
    'a+b',
  ],
  ...[' 42', '95 ', ' POS ', 'LN ', ' 1935', 'Age', ' AGE'],
];

const SEQUENCES = ['F', 'S', 'R', 'T', 'E', 'H', 'X41', 'X4', 'X3930', 'XE9', '.br', 'C2842', 'P'];

function leaf(separators: Separators): fc.Arbitrary<string> {
  const plain = fc.constantFrom(...VALUES);
  const escaped = fc
    .tuple(plain, fc.constantFrom(...SEQUENCES), fc.constantFrom('', 'A', '5'))
    .map(([before, sequence, after]) => before + separators.escape + sequence + separators.escape + after);
  const broken = plain.map((value) => value + separators.escape);
  return fc.oneof(
    { weight: 12, arbitrary: plain },
    { weight: 2, arbitrary: escaped },
    { weight: 1, arbitrary: broken },
  );
}

function joined(part: fc.Arbitrary<string>, most: number, separator: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: part },
    { weight: 1, arbitrary: fc.array(part, { maxLength: most }).map((parts) => parts.join(separator)) },
  );
}

function fieldOf(separators: Separators): fc.Arbitrary<string> {
  const component = joined(leaf(separators), 3, separators.sub);
  const repetition = fc.oneof(
    component,
    fc.array(component, { maxLength: 13 }).map((parts) => parts.join(separators.component)),
  );
  return joined(repetition, 3, separators.repetition);
}

const IDS = [...Object.keys(TABLES.hl7v2.segments), 'ZPD', 'NTE', 'IN2', 'XYZ'].filter((id) => id !== 'MSH');

function segmentOf(separators: Separators, ids: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...ids), fc.array(fieldOf(separators), { maxLength: 40 }))
    .map(([id, fields]) => [id, ...fields].join(separators.field));
}

/** A message of any segments, in its own delimiters. */
export const anyMessage: fc.Arbitrary<string> = fc.constantFrom(...SEPARATORS).chain((separators) => {
  const { field, component, repetition, escape, sub } = separators;
  const encoding = fc.constantFrom(component + repetition + escape + sub, component + repetition, component);
  // PID and OBX have most of what depends on siblings.
  const segments = fc.array(
    segmentOf(separators, [...IDS, ...Array<string>(15).fill('PID'), ...Array<string>(25).fill('OBX')]),
    {
      maxLength: 6,
    },
  );
  return fc
    .tuple(encoding, fc.array(fieldOf(separators), { maxLength: 18 }), segments)
    .map(([marks, header, all]) => [['MSH', marks, ...header].join(field), ...all].join('\r'));
});

/** An observation of an age, or of something in a unit of time, written in one way or another. */
export const ageObservation: fc.Arbitrary<string> = fc
  .record({
    type: fc.constantFrom('NM', 'SN', 'SI', 'CE', 'IS'),
    code: fc.constantFrom(
      '30525-0^^LN',
      'A^^L^30525-0^^LN',
      '3052\\X35\\-0',
      'A^^L',
      'A~30525-0',
      'A^Age^L',
      '^ AGE',
      ' 30525-0',
      '',
    ),
    value: fc.array(
      fc.constantFrom('89', '90', '^95', '>^89', '<^95', '^5^-^95', '9\\X30\\', '1080', ' 95', '^95 ', ''),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    unit: fc.constantFrom('', 'a', 'YR^^L', 'mo', 'x^^L^d', '\\X61\\', 'mg', 'mg~a'),
  })
  .map(({ type, code, value, unit }) => `MSH|^~\\&|||||2024\rOBX|1|${type}|${code}||${value.join('~')}|${unit}||N`);
