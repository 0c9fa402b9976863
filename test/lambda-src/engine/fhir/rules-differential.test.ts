import * as fc from 'fast-check';
import type { Json, JsonObject } from './reference-walk';
import { runUnder, tablesOf } from './rule-tables';
import type { CompiledCases, CompiledField, CompiledNode } from '../../../../src/deidentification/private/fhir/tables';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';
import { applyRule } from '../values/apply-rule';

const RULES: ValueRule[] = [
  { method: 'cryptoHash' },
  { method: 'dateShift', form: 'dateTime' },
  { method: 'perturb', span: 1, rangeType: 'fixed', roundTo: 2 },
  { method: 'substitute', value: { family: 'x', n: 1 } },
  {
    method: 'generalize',
    otherwise: 'keep',
    cases: [{ when: { op: 'startsWith', text: 'a' }, to: { start: 1, length: 3, then: '"' } }],
  },
];
const CASES: CompiledCases[] = [
  {
    conditions: [{ field: 'a', equals: 'a' }],
    actions: [
      ['walk', 1],
      ['whole', 3],
    ],
  },
  { conditions: [{ field: 'b', equals: '1' }], actions: [['drop'], ['walk', 1]] },
];
const FIELDS: Record<string, CompiledField> = {
  id: ['any'],
  a: ['any'],
  _a: ['walk', 1],
  b: ['rule', 0],
  _b: ['walk', 1],
  c: ['rule', 1],
  d: ['rule', 2],
  e: ['rule', 4],
  f: ['whole', 3],
  g: ['whole', 3, 1],
  h: ['cases', 0],
  i: ['cases', 1],
  j: ['walk', 1],
  k: ['drop'],
};
const TABLES = tablesOf({ Patient: FIELDS }, [FIELDS], RULES, CASES);

/** The same in other words: slow, over values, without a thought for bytes. Fields in the order of the source. */
class Reference {
  constructor(private readonly patient: string) {}

  public object(node: CompiledNode, object: JsonObject): JsonObject | undefined {
    const members = Object.entries(object)
      .filter(([name]) => Object.hasOwn(node.fields, name))
      .map(([name, value]) => [name, this.value(node.fields[name], value, hasTwin(name, object))] as const)
      .filter(([, value]) => value !== undefined);
    return members.length === 0 ? undefined : (Object.fromEntries(members) as JsonObject);
  }

  private value(action: CompiledField, value: Json, keepsPlaces: boolean): Json | undefined {
    if (!Array.isArray(value)) return this.item(action, value);
    const items = value.map((item) => this.item(action, item));
    if (items.every((item) => item === undefined)) return undefined;
    return keepsPlaces ? items.map((item) => item ?? null) : items.filter((item) => item !== undefined);
  }

  private item([action, first, second]: CompiledField, value: Json): Json | undefined {
    if (value === null) return undefined;
    const isObject = typeof value === 'object' && !Array.isArray(value);
    switch (action) {
      case 'any':
        return typeof value === 'object' ? undefined : value;
      case 'type':
        return value;
      case 'walk':
        return isObject ? this.object(TABLES.fhir.nodes[first as number], value) : undefined;
      case 'rule':
        return typeof value === 'object' ? undefined : this.primitive(RULES[first as number], value);
      case 'whole': {
        const constant = (RULES[first as number] as { value: JsonObject }).value;
        const kept = second === undefined || !isObject ? {} : this.object(TABLES.fhir.nodes[second as number], value);
        return { ...constant, ...kept };
      }
      case 'cases': {
        const { conditions, actions } = CASES[first as number];
        return this.item(actions[isObject && holds(value[conditions[0].field], conditions[0].equals) ? 1 : 0], value);
      }
      default:
        return undefined;
    }
  }

  private primitive(rule: ValueRule, value: string | number | boolean): Json | undefined {
    const { text } = applyRule(rule, typeof value === 'string' ? value : JSON.stringify(value), {
      patient: this.patient,
    });
    if (text === undefined || typeof value === 'string') return text;
    const isSame = typeof value === 'number' ? /^-?\d/.test(text) && isJson(text) : /^(true|false)$/.test(text);
    return isSame ? (JSON.parse(text) as Json) : text;
  }
}

function hasTwin(name: string, object: JsonObject): boolean {
  const twin = name.startsWith('_') ? name.slice(1) : `_${name}`;
  return Object.hasOwn(FIELDS, name) && Object.hasOwn(FIELDS, twin) && Array.isArray(object[twin]);
}

function holds(value: Json | undefined, equals: string): boolean {
  if (Array.isArray(value)) return value.length === 1 && holds(value[0], equals);
  return typeof value === 'string' ? value === equals : JSON.stringify(value) === equals;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const NAMES = [...Object.keys(FIELDS), 'unknown', 'subject'];
const leaf = fc.oneof(
  fc.constantFrom<Json>(
    'a',
    'abc"\\',
    'a\u0001é😀xyz',
    '2000-01-01',
    '2000-01-01T10:00:00Z',
    '1930',
    '',
    1,
    1.5,
    -3,
    89,
    true,
    false,
    null,
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const { object } = fc.letrec<{ object: JsonObject; value: Json }>((tie) => ({
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { selector: ([name]) => name, maxLength: 8 })
    .map((members) => Object.fromEntries(members) as JsonObject),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }) as fc.Arbitrary<Json>,
    tie('object'),
  ),
}));

/** JSON as others may write it: with blanks, and with escapes where none is needed. */
function writtenOddly(value: Json, odd: () => boolean): string {
  const blank = (): string => (odd() ? ' \t' : '');
  const text = (one: string): string => {
    const parts = Array.from({ length: one.length }, (_, i) =>
      odd() ? `\\u${one.charCodeAt(i).toString(16).padStart(4, '0')}` : JSON.stringify(one[i]).slice(1, -1),
    );
    return `"${parts.join('')}"`;
  };
  const write = (one: Json): string => {
    if (typeof one === 'string') return text(one);
    if (one === null || typeof one !== 'object') return JSON.stringify(one);
    if (Array.isArray(one)) return `[${blank()}${one.map(write).join(`${blank()},`)}]`;
    const members = Object.entries(one).map(([name, each]) => `${blank()}${text(name)}${blank()}:${write(each)}`);
    return `{${members.join(`${blank()},`)}${blank()}}`;
  };
  return write(value);
}

test('any record under any rules is what a slow walk over its values makes of it, however it is written', () => {
  fc.assert(
    fc.property(
      object,
      fc.constantFrom('pat-1', 'pat-2'),
      fc.array(fc.boolean(), { minLength: 7 }),
      (fields, id, oddities) => {
        const record = { resourceType: 'Patient', ...fields, id };
        const expected = new Reference(id).object(TABLES.fhir.nodes[0], record);
        let next = 0;
        const odd = (): boolean => oddities[next++ % oddities.length];
        for (const text of [JSON.stringify(record), writtenOddly(record, odd)]) {
          const written = runUnder(TABLES, text);
          expect(written.code).toBeUndefined();
          expect(JSON.parse(written.text)).toEqual(expected);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
