import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { RESTRICTED_ZIP3 } from '../../../src/deidentification/private/geography';
import { compileHl7v2 } from '../../../src/deidentification/private/hl7v2/compile-hl7v2';
import type { CompiledForm, CompiledHl7v2 } from '../../../src/deidentification/private/hl7v2/tables';
import { PolicyProblems } from '../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../src/deidentification/private/profile';

const SETTINGS: ProfileSettings = {
  name: 'safe-harbor',
  restrictedZip3: RESTRICTED_ZIP3,
  ids: 'hash',
  unmatched: 'redact',
};

function compile(
  rules: readonly unknown[],
  settings: Partial<ProfileSettings> = {},
): { tables: CompiledHl7v2; problems: PolicyProblems } {
  const problems = new PolicyProblems();
  return { tables: compileHl7v2({ ...SETTINGS, ...settings }, rules, problems), problems };
}

/** The form of a field, with its rules in place of their numbers. */
function formOf(rules: readonly unknown[], segment: string, field: number): CompiledForm | undefined {
  const { tables, problems } = compile(rules);
  expect(problems.errors).toEqual([]);
  const form = tables.segments[segment]?.fields[field];
  return form === undefined ? undefined : tables.forms[form];
}

describe('a policy without rules', () => {
  test('is small enough to be read at each cold start', () => {
    expect(JSON.stringify(compile([]).tables).length).toBeLessThan(20_000);
  });

  test('is the same for every profile but the limited data set, and for what is unmatched in FHIR', () => {
    const { tables } = compile([]);
    expect(compile([], { name: 'validate-only' }).tables).toEqual(tables);
    expect(compile([], { name: 'ms-r4-compat', unmatched: 'keep' }).tables).toEqual(tables);
    expect(compile([], { name: 'limited-data-set' }).tables).not.toEqual(tables);
  });

  test('names forms and word sets that there are', () => {
    const { forms, segments, values, words } = compile([]).tables;
    const numbers = [
      ...Object.values(segments).flatMap(({ fields }) => Object.values(fields)),
      ...Object.values(values),
    ];
    for (const number of numbers) expect(forms[number]).toBeDefined();
    for (const { parts } of forms) {
      for (const [action, argument] of Object.values(parts)) {
        if (action === 'form') expect(forms[argument!]).toBeDefined();
        if (action === 'one') expect(words[argument!]).toBeDefined();
      }
    }
  });
});

describe('a rule', () => {
  test('of a field decides over the profile', () => {
    expect(formOf([{ path: 'PID-8', method: 'redact' }], 'PID', 8)).toBeUndefined();
    expect(formOf([{ path: 'PID.5', method: 'KEEP' }], 'PID', 5)).toEqual({
      guard: 'plain',
      parts: {},
      rest: ['keep'],
    });
    expect(formOf([{ path: 'ZPD-3', method: 'keep' }], 'ZPD', 3)).toEqual({
      guard: 'plain',
      parts: {},
      rest: ['keep'],
    });
    expect(formOf([{ path: 'PID-7', method: 'dateShift' }], 'PID', 7)).toEqual({
      guard: 'plain',
      parts: { 1: ['rule', 0] },
    });
  });

  test('of a component leaves the others to the profile', () => {
    expect(formOf([{ path: 'PID-11.3', method: 'keep' }], 'PID', 11)).toEqual({
      guard: 'address',
      parts: { 3: ['keep'], 4: ['state'], 5: ['zip3'] },
    });
    expect(formOf([{ path: 'PID-5.2', method: 'cryptoHash' }], 'PID', 5)).toEqual({
      guard: 'plain',
      parts: { 2: ['rule', 0] },
    });
  });

  test('of a sub-component leaves the others too', () => {
    const { tables } = compile([{ path: 'FT1-11.1.2', method: 'redact' }]);
    const form = tables.forms[tables.segments.FT1.fields[11]];
    const [action, inner] = form.parts[1];
    expect(action).toBe('form');
    expect(tables.forms[inner!].parts).toEqual({ 1: ['number'], 2: ['drop'] });
  });

  test('that is listed first decides over one of a part, or leaves it what is listed before', () => {
    expect(
      formOf(
        [
          { path: 'PID-5.1', method: 'redact' },
          { path: 'PID-5', method: 'keep' },
        ],
        'PID',
        5,
      ),
    ).toEqual({ guard: 'plain', parts: { 1: ['drop'] }, rest: ['keep'] });
    const late = [
      { path: 'PID-5', method: 'keep' },
      { path: 'PID-5.1', method: 'redact' },
    ];
    expect(formOf(late, 'PID', 5)).toEqual({ guard: 'plain', parts: {}, rest: ['keep'] });
    const { problems } = compile(late);
    const unreached = problems.warnings.filter(({ rule }) => rule === 2);
    expect(unreached).toHaveLength(1);
    expect(unreached[0]).toMatchObject({ section: 'hl7v2', path: 'PID-5.1' });
    expect(unreached[0].message).toMatch(/never reached: rule 1 \(PID-5\) decides first/);
  });

  test('of a segment decides over all of its fields', () => {
    const { tables } = compile([
      { path: 'NTE-2', method: 'redact' },
      { path: 'NTE', method: 'keep' },
      { path: 'OBX', method: 'redact' },
    ]);
    const { fields, rest } = tables.segments.NTE;
    expect(tables.forms[fields[2]]).toEqual({ guard: 'plain', parts: {} });
    expect(tables.forms[rest!]).toEqual({ guard: 'plain', parts: {}, rest: ['keep'] });
    expect(tables.segments.OBX).toEqual({ fields: {} });
  });

  test('that substitutes stands in for a whole field with components', () => {
    expect(formOf([{ path: 'PID-5', method: 'substitute', replaceWith: 'X' }], 'PID', 5)).toEqual({
      guard: 'whole',
      parts: { 1: ['rule', 0] },
    });
  });

  test('of method zip3 is the action of the profile, which knows the country beside the value', () => {
    const address = { guard: 'address', parts: { 4: ['state'], 5: ['zip3'] } };
    expect(formOf([{ path: 'PID-11.5', method: 'zip3' }], 'PID', 11)).toEqual(address);
    expect(formOf([{ path: 'ZPD-1', method: 'zip3' }], 'ZPD', 1)).toEqual({ guard: 'plain', parts: { 1: ['zip3'] } });
  });

  test.each([
    ['year', 'PID-7', { method: 'year', form: 'hl7', birth: true }],
    ['year', 'OBX-14', { method: 'year', form: 'hl7' }],
    ['encrypt', 'PID-19', { method: 'encrypt' }],
    ['cryptoHash', 'ZPD-1.2.3', { method: 'cryptoHash' }],
  ])('of method %s on %s becomes a rule of its value', (method, path, rule) => {
    expect(compile([{ path, method }]).tables.rules).toEqual([rule]);
  });
});

describe('a rule that shows more than the profile', () => {
  const warned = (rule: object, settings: Partial<ProfileSettings> = {}): string[] =>
    compile([rule], settings).problems.warnings.map(({ message }) => message);

  test.each([
    { path: 'PID-5', method: 'keep' },
    { path: 'PID-5.1', method: 'keep' },
    { path: 'PID-5.1', method: 'encrypt' },
    { path: 'PID-19', method: 'cryptoHash' },
    { path: 'PID-7', method: 'dateShift' },
    { path: 'PID-8', method: 'keep' },
    { path: 'PID-11.5', method: 'keep' },
    { path: 'OBX-1', method: 'keep' },
    { path: 'OBX-3', method: 'keep' },
    { path: 'OBX-3.2', method: 'keep' },
    { path: 'NTE', method: 'keep' },
    { path: 'PID', method: 'keep' },
    { path: 'ZPD-1', method: 'keep' },
  ])('is said: %j', (rule) => {
    const message = 'shows more than safe-harbor would; have it reviewed, the evidence lists it as open';
    expect(warned(rule)).toEqual([message]);
  });

  test.each([
    { path: 'PID-5', method: 'redact' },
    { path: 'PID-5', method: 'substitute', replaceWith: 'X' },
    { path: 'PID-7', method: 'year' },
    { path: 'PID-11.5', method: 'zip3' },
    { path: 'PID-3.1', method: 'cryptoHash' },
    { path: 'FT1-11.1.1', method: 'perturb', span: 1, rangeType: 'fixed' },
    { path: 'PID-25', method: 'perturb', span: 1 },
    { path: 'ZPD', method: 'redact' },
  ])('is not one like %j', (rule) => {
    expect(warned(rule)).toEqual([]);
  });

  test('is one that keeps whatever stands in a field of numbers', () => {
    const rule = { path: 'PID-25', method: 'generalize', cases: { '$this > 2': '3' } };
    expect(warned(rule)).toEqual([]);
    expect(warned({ ...rule, otherValues: 'keep' })).toHaveLength(1);
  });

  test('is judged by the profile of the policy: a limited data set shows dates and cities', () => {
    const limited = { name: 'limited-data-set' } as const;
    expect(warned({ path: 'PID-7', method: 'dateShift' }, limited)).toEqual([]);
    expect(warned({ path: 'PID-11.3', method: 'keep' }, limited)).toEqual([]);
    expect(warned({ path: 'PID-5', method: 'keep' }, limited)).toEqual([
      expect.stringMatching(/than limited-data-set/),
    ]);
  });
});

describe('a faulty rule', () => {
  test.each([
    [{ path: 'PDI-5', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /there is no segment PDI; did you mean P/],
    [
      { path: 'PID-41', method: 'keep' },
      'POLICY_UNKNOWN_PATH',
      /PID has no field 41; did you mean one of PID-1 to PID-40/,
    ],
    [{ path: 'PID-0', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /counted from 1/],
    [{ path: 'PID-8.30', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /PID-8 has no part 30/],
    [{ path: 'PID-19.2', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /PID-19 has no part 2/],
    [{ path: 'PID-5.2.2', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /PID-5.2 has no part 2/],
    [{ path: 'BHS-3', method: 'keep' }, 'POLICY_UNKNOWN_PATH', /envelope is never written/],
    [{ path: 'MSH-2', method: 'redact' }, 'POLICY_INVALID', /MSH-1 and MSH-2 must stay/],
    [{ path: 'pid-5', method: 'keep' }, 'POLICY_INVALID', /path must be a segment, field/],
    [{ path: 'PID-5-1', method: 'keep' }, 'POLICY_INVALID', /write it like PID-5/],
    [{ path: 'PID-5', method: 'kept' }, 'POLICY_INVALID', /method must be one of/],
    [{ path: 'PID-5', method: 'cryptoHash' }, 'POLICY_INVALID', /must be applied to a single value.*write PID-5.1/],
    [{ path: 'PID-19', method: 'year' }, 'POLICY_INVALID', /year must fit the type of the value, got ST/],
    [{ path: 'PID-19', method: 'substitute' }, 'POLICY_INVALID', /replaceWith/],
    [{ path: 'NTE', method: 'cryptoHash' }, 'POLICY_INVALID', /a whole segment must be kept or redacted/],
    [{ path: 'OBX-5.1', method: 'keep' }, 'POLICY_INVALID', /must have one rule for all of it/],
    [{ method: 'keep' }, 'POLICY_INVALID', /a rule must be an object with path and method/],
    ['PID-5', 'POLICY_INVALID', /a rule must be an object/],
  ])('%j is an error that names it', (rule, code, message) => {
    const { errors } = compile([{ path: 'PID-8', method: 'keep' }, rule]).problems;
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ section: 'hl7v2', rule: 2, code });
    expect(errors[0].message).toMatch(message);
  });
});

test('the tables of HL7 v2 are part of what the hash of a policy stands for', () => {
  expect(DeidPolicy.safeHarbor()._compile().hl7v2).toEqual(compile([]).tables);
});
