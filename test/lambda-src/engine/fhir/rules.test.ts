import { type Fields, runUnder, tablesOf } from './rule-tables';
import type { CompiledCases, CompiledField } from '../../../../src/deidentification/private/fhir/tables';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';

/** What becomes of `{"resourceType":"Patient",...}` where the fields of a Patient have these actions. */
function patient(fields: Fields, members: string, rules: ValueRule[] = [], cases: CompiledCases[] = []): string {
  const tables = tablesOf({ Patient: fields }, [{ a: ['any'], b: ['any'], n: ['walk', 1] }], rules, cases);
  const { code, text } = runUnder(tables, `{"resourceType":"Patient",${members}}`);
  return code ?? text.replace(/^\{"resourceType":"Patient",?/, '').slice(0, -1);
}

/** The same of one member `x`. */
function member(action: CompiledField, value: string, rules: ValueRule[] = [], cases: CompiledCases[] = []): string {
  return patient({ x: action }, `"x":${value}`, rules, cases).replace(/^"x":/, '');
}

const upTo: (length: number) => ValueRule = (length) => ({
  method: 'generalize',
  otherwise: 'redact',
  cases: [{ when: { op: 'always' }, to: { start: 0, length, then: '' } }],
});

describe('any', () => {
  test.each([
    '1.00',
    '-0.0e-5',
    'true',
    '"Anna"',
    '"a\\u0022\\n\\u00e9"',
    '""',
    '["a",1.50,false]',
    '123456789012345678901',
  ])('keeps %s byte for byte', (value) => {
    expect(member(['any'], value)).toBe(value);
    expect(patient({ x: ['any'] }, ` "x" : ${value} `)).toBe(`"x":${value}`);
  });

  test('keeps no object, no array of arrays and no null', () => {
    expect(member(['any'], '{"a":1}')).toBe('');
    expect(member(['any'], '[["a"]]')).toBe('');
    expect(member(['any'], 'null')).toBe('');
    expect(member(['any'], '[{"a":1},"b",["c"],null]')).toBe('["b"]');
  });
});

describe('rule', () => {
  test('reads the text without the escapes of JSON, and writes its own', () => {
    expect(member(['rule', 0], '"\\u0041\\u00e9\\n\\"\\\\rest"', [upTo(5)])).toBe('"Aé\\n\\"\\\\"');
    expect(member(['rule', 0], '"\\ud83d\\ude00x"', [upTo(1)])).toBe('"😀"');
    expect(member(['rule', 0], '"x"', [{ method: 'substitute', value: 'say "no"\n' }])).toBe('"say \\"no\\"\\n"');
    expect(member(['rule', 0], '"x"', [{ method: 'substitute', value: '\u007f\u2028é' }])).toBe('"\u007f\u2028é"');
  });

  test('a number stays a number where what is left is one, and becomes a text where it is none', () => {
    expect(member(['rule', 0], '12.50', [upTo(4)])).toBe('12.5');
    expect(member(['rule', 0], '12.50', [upTo(3)])).toBe('"12."');
    expect(member(['rule', 0], '12.50', [{ method: 'substitute', value: true }])).toBe('"true"');
    expect(member(['rule', 0], '12.50', [{ method: 'substitute', value: 'null' }])).toBe('"null"');
    const perturb: ValueRule = { method: 'perturb', span: 0, rangeType: 'fixed', roundTo: 1 };
    expect(member(['rule', 0], '12.50', [perturb])).toBe('12.5');
    expect(member(['rule', 0], '"12.50"', [perturb])).toBe('"12.5"');
  });

  test('a boolean stays one, and a text never becomes anything else', () => {
    expect(member(['rule', 0], 'true', [{ method: 'substitute', value: false }])).toBe('false');
    expect(member(['rule', 0], 'true', [{ method: 'substitute', value: 5 }])).toBe('"5"');
    expect(member(['rule', 0], 'true', [{ method: 'substitute', value: 'null' }])).toBe('"null"');
    expect(member(['rule', 0], '"x"', [{ method: 'substitute', value: false }])).toBe('"false"');
    expect(member(['rule', 0], '"x"', [{ method: 'substitute', value: 5 }])).toBe('"5"');
  });

  test('judges an array item by item, and nothing but primitives', () => {
    expect(member(['rule', 0], '["abc",null,"def",{"a":"x"},["x"],7]', [upTo(2)])).toBe('["ab","de",7]');
    expect(member(['rule', 0], '{"a":"x"}', [upTo(2)])).toBe('');
    expect(member(['rule', 0], '[""]', [upTo(2)])).toBe('');
  });

  test('a year of birth may be older where the death is known and shown', () => {
    const fields: Fields = { birthDate: ['rule', 0], deceasedDateTime: ['year', 'dateTime'] };
    const tables = tablesOf({ Patient: fields }, [], [{ method: 'year', form: 'date', birth: true }]);
    const mortal = {
      ...tables,
      fhir: { ...tables.fhir, nodes: [{ ...tables.fhir.nodes[0], kind: 'mortal' as const }] },
    };
    const record = { resourceType: 'Patient', birthDate: '1930-05-05', deceasedDateTime: '2000-01-01' };
    expect(JSON.parse(runUnder(mortal, record).text)).toMatchObject({ birthDate: '1930', deceasedDateTime: '2000' });
    expect(JSON.parse(runUnder(mortal, { ...record, deceasedDateTime: '2023' }).text)).not.toHaveProperty('birthDate');
  });
});

describe('whole', () => {
  const value = { family: 'Example', given: ['A', 'B'], rank: 1 };
  const rule: ValueRule = { method: 'substitute', value };
  const json = '{"family":"Example","given":["A","B"],"rank":1}';

  test('puts a constant for a primitive, an object, and each item of an array', () => {
    expect(member(['whole', 0], '{"family":"Real"}', [rule])).toBe(json);
    expect(member(['whole', 0], '"Real"', [rule])).toBe(json);
    expect(member(['whole', 0], '[{"family":"Real"},null,{}]', [rule])).toBe(`[${json},${json}]`);
    expect(member(['whole', 0], '"Real"', [{ method: 'substitute', value: 'a"b' }])).toBe('"a\\"b"');
    expect(member(['whole', 0], '"Real"', [{ method: 'substitute', value: 5 }])).toBe('5');
    expect(member(['whole', 0], 'null', [rule])).toBe('');
  });

  test.each([[null], [''], [{}], [[]]])('puts nothing where the constant is %j, which is no FHIR', (nothing) => {
    expect(member(['whole', 0], '{"family":"Real"}', [{ method: 'substitute', value: nothing }])).toBe('');
  });

  test('leaves beside it what a node keeps of the object', () => {
    const beside: ValueRule = { method: 'substitute', value: { b: 'constant', c: [1] } };
    const run = (given: string): string => member(['whole', 0, 1], given, [beside]);
    expect(run('{"a":1.0,"z":"Real"}')).toBe('{"a":1.0,"b":"constant","c":[1]}');
    expect(run('{"b":"kept"}')).toBe('{"b":"kept","c":[1]}');
    expect(run('{"z":"Real"}')).toBe('{"b":"constant","c":[1]}');
    expect(run('"Real"')).toBe('{"b":"constant","c":[1]}');
    expect(run('[{"a":1},{"z":2}]')).toBe('[{"a":1,"b":"constant","c":[1]},{"b":"constant","c":[1]}]');
    expect(member(['whole', 0, 1], '{"a":1}', [{ method: 'substitute', value: {} }])).toBe('{"a":1}');
  });
});

describe('cases', () => {
  const cases: CompiledCases[] = [
    {
      conditions: [
        { field: 'use', equals: 'home' },
        { field: 'city', equals: 'Köln "am Rhein"' },
      ],
      actions: [['drop'], ['walk', 1], ['whole', 0], ['cases', 1]],
    },
    { conditions: [{ field: 'rank', equals: '1' }], actions: [['drop'], ['whole', 1]] },
  ];
  const rules: ValueRule[] = [
    { method: 'substitute', value: 'city' },
    { method: 'substitute', value: 'both' },
  ];
  const choose = (object: string): string => member(['cases', 0], object, rules, cases);

  test('the fields of the object itself decide, wherever their keys stand and however they are written', () => {
    expect(choose('{"a":1,"use":"home"}')).toBe('{"a":1}');
    expect(choose('{"use":"home","a":1}')).toBe('{"a":1}');
    expect(choose('{"a":1,"\\u0075se":"h\\u006fme"}')).toBe('{"a":1}');
    expect(choose('{"a":1,"use":"work"}')).toBe('');
    expect(choose('{"a":1,"n":{"use":"home"}}')).toBe('');
    expect(choose('{"city":"Köln \\"am Rhein\\""}')).toBe('"city"');
  });

  test('each item of an array is judged by itself', () => {
    expect(choose('[{"use":"home","a":1},{"use":"work","a":2},{"use":"home","a":3}]')).toBe('[{"a":1},{"a":3}]');
  });

  test('a list is equal to a text where it holds nothing else, and what is no text is compared as it stands', () => {
    expect(choose('{"a":1,"use":["home"]}')).toBe('{"a":1}');
    expect(choose('{"a":1,"use":["home","home"]}')).toBe('');
    expect(choose('{"a":1,"use":[]}')).toBe('');
    expect(choose('{"a":1,"use":null}')).toBe('');
    expect(choose('{"a":1,"use":{"home":"home"}}')).toBe('');
    const both = '"use":"home","city":"Köln \\"am Rhein\\""';
    expect(choose(`{${both},"rank":1}`)).toBe('"both"');
    expect(choose(`{${both},"rank":1.0}`)).toBe('');
  });

  test('what is no object fulfils no condition', () => {
    expect(choose('"home"')).toBe('');
    expect(choose('[["home"]]')).toBe('');
  });
});

describe('extensions of primitives', () => {
  const fields: Fields = { birthDate: ['any'], _birthDate: ['walk', 1], given: ['rule', 0], _given: ['walk', 1] };
  const run = (members: string): string => patient(fields, members, [upTo(1)]);

  test('stand under the name with a line before it, as the tables say', () => {
    expect(run('"_birthDate":{"a":1,"z":2},"birthDate":"2000"')).toBe('"_birthDate":{"a":1},"birthDate":"2000"');
    expect(run('"\\u005fbirthDate":{"a":1}')).toBe('"_birthDate":{"a":1}');
    expect(patient({ birthDate: ['any'] }, '"_birthDate":{"a":1},"birthDate":"2000"')).toBe('"birthDate":"2000"');
  });

  test('stay beside the items that they belong to', () => {
    expect(run('"given":["Ann",null,""],"_given":[null,{"a":1},{"a":2}]')).toBe(
      '"given":["A",null,null],"_given":[null,{"a":1},{"a":2}]',
    );
    expect(run('"_given":[{"z":1},{"a":1}],"given":["Ann","Bea"]')).toBe('"_given":[null,{"a":1}],"given":["A","B"]');
    expect(run('"given":[null,null],"_given":[{"a":1},{"a":2}]')).toBe('"_given":[{"a":1},{"a":2}]');
  });

  test('no place is kept for extensions that are not there', () => {
    expect(run('"given":["Ann","",null,"Bea"]')).toBe('"given":["A","B"]');
    expect(run('"given":["Ann",null],"_given":null')).toBe('"given":["A"]');
    expect(patient({ ...fields, _given: ['drop'] }, '"given":["Ann",null],"_given":[null,{"a":1}]', [upTo(1)])).toBe(
      '"given":["A"]',
    );
  });
});

describe('counts', () => {
  const rules: ValueRule[] = [
    { method: 'cryptoHash' },
    { method: 'year', form: 'date' },
    { method: 'dateShift', form: 'date' },
    { method: 'substitute', value: 'x' },
  ];
  const tables = tablesOf(
    {
      Patient: { id: ['any'], a: ['rule', 0], b: ['rule', 1], c: ['rule', 2], d: ['whole', 3], e: ['keep', 'integer'] },
    },
    [],
    rules,
  );
  const record = { resourceType: 'Patient', id: 'p', a: 'x', b: '2000-01-01', c: '2000-01-01', d: {}, f: 1 };

  test('say what was done, of both kinds of actions', () => {
    const { transform } = runUnder(tables, { ...record, b: ['2000-01-01', 'no date'] });
    expect(transform.counts()).toEqual({ redacted: 2, hashed: 1, generalized: 2, shifted: 1 });
  });

  test('of a rejected record are taken back', () => {
    const { code, text, transform } = runUnder(tables, { ...record, e: 'no number' });
    expect([code, text]).toEqual(['FHIR_BAD_PRIMITIVE', '']);
    expect(transform.counts()).toEqual({ redacted: 0, hashed: 0, generalized: 0, shifted: 0 });
  });
});

describe('ids', () => {
  const entry = (fields: Fields): string => {
    const tables = tablesOf({ Patient: fields, Bundle: { entry: ['walk', 2] } }, [{ fullUrl: ['any'] }]);
    return runUnder(tables, { resourceType: 'Patient', active: true }, 'urn:uuid:pat-1').text;
  };

  test('of a Bundle entry become those of a resource without one, as the policy treats ids', () => {
    expect(entry({ id: ['any'] })).toBe('{"id":"pat-1","resourceType":"Patient"}');
    expect(entry({ id: ['id'] })).toMatch(/^\{"id":"[0-9a-f-]{36}","resourceType":"Patient"\}$/);
    expect(entry({ id: ['drop'] })).toBe('{"resourceType":"Patient"}');
    expect(entry({})).toBe('{"resourceType":"Patient"}');
  });

  test('in a reference that no guard has looked at are hashed, or the reference is cut', () => {
    const fields: Fields = { x: ['walk', 1] };
    const tables = tablesOf({ Patient: fields }, [{ reference: ['ref', 1], display: ['any'] }]);
    const run = (reference: string): unknown =>
      JSON.parse(runUnder(tables, { resourceType: 'Patient', x: { reference, display: 'shown' } }).text);
    expect(run('Patient/1')).toMatchObject({
      x: { reference: expect.stringMatching(/^Patient\/[0-9a-f-]{36}$/) },
    });
    expect(run('Patient?name=Real')).toEqual({ resourceType: 'Patient', x: { display: 'shown' } });
  });
});
