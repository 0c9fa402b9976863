import { rule, settings, table } from './fhir/compile';
import type { ProfileName } from '../../src/deidentification/private/compiled-tables';
import { explainFhir } from '../../src/deidentification/private/explain-fhir';
import type { Explanation } from '../../src/deidentification/private/explain-fhir';

function explain(profile: ProfileName, rules: readonly object[], path: string): Explanation[] {
  return explainFhir(table, settings(profile), rules, {}, path);
}

describe('what decides over an element, and what becomes of it', () => {
  const rules = [
    rule("nodesByType('Address').state", 'keep'),
    rule("Patient.address.where(use = 'work')", 'keep'),
    rule("nodesByType('Address')", 'redact'),
    rule('Patient.address.city', 'cryptoHash'),
  ];

  test('the first rule that matches decides, later ones lose', () => {
    expect(explain('ms-r4-compat', rules, 'Patient.address.state')).toEqual(
      [[], ['work']].map(([use]) => ({
        path: 'Patient.address.state',
        type: 'string',
        when: [`Patient.address: use ${use ? '=' : 'is not'} 'work'`],
        decidedBy: { kind: 'rule', number: 1, rulePath: "nodesByType('Address').state", method: 'keep' },
        effect: 'kept as it is',
        reason: "rule 1 (nodesByType('Address').state) is the first that matches it",
        losing: [
          { number: 2, rulePath: "Patient.address.where(use = 'work')", method: 'keep' },
          { number: 3, rulePath: "nodesByType('Address')", method: 'redact' },
        ],
      })),
    );
  });

  test('a rule around an element decides over it, and each condition is a case', () => {
    const [otherwise, atWork] = explain('ms-r4-compat', rules, 'Patient.address.city');
    expect(otherwise).toMatchObject({ decidedBy: { number: 3 }, effect: 'removed', losing: [{ number: 4 }] });
    expect(otherwise.reason).toContain('is the first that matches an element around it');
    expect(atWork).toMatchObject({
      when: ["Patient.address: use = 'work'"],
      decidedBy: { number: 2 },
      effect: 'kept as it is',
    });
  });

  test('a choice has an answer for each type, under its name of FHIRPath or of JSON', () => {
    const answers = explain('safe-harbor', [], 'Patient.deceased');
    expect(answers.map(({ path, effect }) => [path, effect])).toEqual([
      ['Patient.deceased as boolean', 'kept as it is, once it is found to be boolean'],
      ['Patient.deceased as dateTime', expect.stringContaining('reduced to its year')],
    ]);
    expect(explain('safe-harbor', [], 'Patient.deceasedDateTime')).toEqual([answers[1]]);
    expect(explain('safe-harbor', [], 'Patient.deceased as dateTime')).toEqual([answers[1]]);
  });

  test.each([
    ['Patient.name.family', 'removed', 'a HumanName names, describes or reaches a person'],
    ['Patient.address.postalCode', 'three digits', 'more than 20,000 people'],
    ['Observation.subject.display', 'removed', 'free text may hold a name'],
    ['Observation.issued', 'removed', 'finer than a year'],
    ['Observation.code.coding.code', 'kept with its system', 'none of the eighteen identifiers'],
    ['Observation.value as integer', 'removed from 90 on where it may be an age', 'none of the eighteen identifiers'],
    ['Observation.extension.valueCode', 'removed', 'an unknown extension may say anything'],
    ['Patient.extension.valueCode', 'extension that the profile knows', 'race, ethnicity'],
    ['Location.position.latitude', 'removed', 'finer than a state'],
    ['Patient.id', 'keyed code', 'not derived from anything about the person'],
    ['Bundle.entry.resource', 'judged by the rules for its type', 'part by part'],
    ['Patient.modifierExtension.valueCode', 'the record is rejected', 'turn the meaning'],
  ])('%s: Safe Harbor says why', (path, effect, reason) => {
    const [answer] = explain('safe-harbor', [], path);
    expect(answer.decidedBy).toEqual({ kind: 'profile', name: 'safe-harbor' });
    expect(answer.effect).toContain(effect);
    expect(answer.reason).toContain(reason);
    expect(answer.losing).toEqual([]);
  });

  test('an element with parts is removed by a rule that leaves none of them, and entered by another', () => {
    const effectOf = (given: object[], path: string) => explain('safe-harbor', given, path)[0].effect;
    expect(effectOf([rule('Patient.contact', 'redact')], 'Patient.contact')).toBe('removed');
    const first = rule('Patient.contact.gender', 'keep');
    expect(effectOf([first, rule('Patient.contact', 'redact')], 'Patient.contact')).toContain(
      'entered: the rule holds',
    );
    expect(effectOf([rule('Patient.name', 'keep')], 'Patient.name')).toContain('entered: the rule holds');
    expect(effectOf([rule('Patient.modifierExtension', 'redact')], 'Patient.modifierExtension')).toContain('rejected');
  });

  test('the other profiles speak for themselves', () => {
    expect(explain('ms-r4-compat', [], 'Patient.name.family')[0]).toMatchObject({
      effect: 'kept as it is',
      reason: expect.stringContaining('unmatched: keep'),
    });
    expect(explain('limited-data-set', [], 'Patient.birthDate')[0].reason).toContain('a limited data set');
  });

  test.each([
    ['safe-harbor', 'Patient._birthDate', 'removed'],
    ['safe-harbor', 'Patient._deceasedDateTime', 'removed'],
    ['ms-r4-compat', 'Patient._birthDate', 'entered: each element in it is decided on its own'],
  ] as const)('under %s, %s is not its value: it is %s', (profile, path, effect) => {
    expect(explain(profile, [], path)).toEqual([expect.objectContaining({ path, effect })]);
  });

  test('what stands beside a value goes where a rule takes the value, and nothing stands beside an element with parts', () => {
    const redact = [rule('Patient.birthDate', 'redact')];
    expect(explain('ms-r4-compat', redact, 'Patient._birthDate')).toMatchObject([
      { decidedBy: { number: 1 }, effect: 'removed' },
    ]);
    expect(() => explain('ms-r4-compat', [], 'Patient._name')).toThrow('must have the element, got _name');
  });

  test('the extensions of a primitive are explained through it', () => {
    const shift = [rule("nodesByType('date')", 'dateShift')];
    const path = 'Patient.birthDate.extension.valueDateTime';
    expect(explain('ms-r4-compat', shift, path)[0]).toMatchObject({
      decidedBy: { number: 1 },
      effect: expect.stringContaining('shifted'),
    });
    expect(explain('safe-harbor', shift, path)[0].effect).toBe('removed');
    expect(explain('ms-r4-compat', shift, 'Patient._birthDate.extension.valueDateTime')[0].type).toBe('dateTime');
  });

  test.each([
    ['Patiant.name', 'did you mean Patient?'],
    ['Patient.nmae', 'did you mean name?'],
    ["nodesByType('HumanName')", 'must begin with a resource type'],
    ["Patient.name.where(use = 'home')", 'must name elements only'],
    ['Bundle.entry.resource.id', 'explained by its own type'],
    ['Patient.deceased as Age', 'must have the type'],
  ])('%s is refused with a hint', (path, message) => {
    expect(() => explain('safe-harbor', [], path)).toThrow(message);
  });
});
