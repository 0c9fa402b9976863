import { createHash } from 'node:crypto';
import { compat, Compiled, rule, safeHarbor, settings } from './compile';
import { RESTRICTED_ZIP3 } from '../../../src/deidentification/private/geography';

describe('the first listed rule that matches an element or one around it decides', () => {
  test('an earlier rule for a part beats a later one for the whole, and not the other way', () => {
    const partFirst = compat([rule('Patient.name.use', 'keep'), rule("nodesByType('HumanName')", 'redact')]);
    expect(partFirst.at('Patient.name.use')).toEqual(['any']);
    expect(partFirst.at('Patient.name.family')).toEqual(['drop']);
    const wholeFirst = compat([rule("nodesByType('HumanName')", 'redact'), rule('Patient.name.use', 'keep')]);
    expect(wholeFirst.at('Patient.name')).toEqual(['drop']);
  });

  test('a rule stops where another resource begins', () => {
    const compiled = compat([rule('Bundle.entry', 'redact'), rule('Patient', 'redact')]);
    expect(compiled.at('Bundle.entry.resource')).toEqual(['resource']);
    expect(compiled.at('Bundle.entry.fullUrl')).toEqual(['drop']);
    expect(compiled.at('Patient.contained')).toEqual(['resource']);
    expect(compat([rule('Patient.contained', 'redact')]).at('Patient.contained')).toEqual(['drop']);
  });

  test('a rule for every resource holds for those within others as well', () => {
    const compiled = compat([rule('Resource.id', 'cryptoHash')]);
    for (const type of ['Patient', 'Bundle', 'Binary']) expect(compiled.at(`${type}.id`)).toEqual(['id']);
  });

  test('a name that R4 does not know stays unknown, whatever is kept', () => {
    expect(compat([rule('Patient', 'keep')]).at('Patient.nickname')).toEqual(['drop']);
  });

  test('a condition is a case of the table, with the other rules in each', () => {
    const compiled = compat([
      rule("Patient.address.where(use = 'work')", 'keep'),
      rule("Patient.address.where(use = 'home').city", 'keep'),
      rule("nodesByType('Address')", 'redact'),
    ]);
    const [action, number] = compiled.at('Patient.address');
    expect(action).toBe('cases');
    const { conditions, actions } = compiled.fhir.cases[number as number];
    expect(conditions).toEqual([
      { field: 'use', equals: 'work' },
      { field: 'use', equals: 'home' },
    ]);
    expect(actions[0]).toEqual(['drop']);
    const fieldsOf = (bits: number) => compiled.fhir.nodes[actions[bits][1] as number].fields;
    expect(fieldsOf(1)).toMatchObject({ city: ['any'], line: ['any'] });
    expect(fieldsOf(2)).toMatchObject({ city: ['any'], line: ['drop'] });
  });

  test('more conditions on one element than the tables can hold are an error', () => {
    const uses = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const [error] = compat(uses.map((use) => rule(`Patient.name.where(family = '${use}')`, 'redact'))).errors;
    expect(error).toMatchObject({ rule: 7, message: expect.stringContaining('at most 6 conditions') });
  });
});

describe('methods become actions', () => {
  test('ids and references are hashed as the profile hashes them, so that they join', () => {
    const compiled = compat([rule('Resource.id', 'cryptoHash'), rule("nodesByType('Reference')", 'cryptoHash')]);
    expect(compiled.at('Patient.id')).toEqual(['id']);
    expect(compiled.at('Observation.subject.reference')).toEqual(['ref', 1]);
    expect(compiled.ruleAt('Observation.subject.display')).toEqual({ method: 'cryptoHash' });
  });

  test('dates are shifted in the form of their type', () => {
    const compiled = compat([rule('Patient', 'dateShift'), rule('Observation', 'dateShift')]);
    expect(compiled.ruleAt('Patient.birthDate')).toEqual({ method: 'dateShift', form: 'date' });
    expect(compiled.ruleAt('Observation.issued')).toEqual({ method: 'dateShift', form: 'instant' });
    expect(compiled.at('Patient.gender')).toEqual(['any']);
  });

  test('what a method cannot change is kept only where everything is, and never where it was to be hidden', () => {
    expect(compat([rule('Patient.contact', 'dateShift')]).at('Patient.contact.gender')).toEqual(['any']);
    expect(safeHarbor([rule('Patient.contact', 'dateShift')]).at('Patient.contact.gender')).toEqual(['drop']);
    expect(compat([rule('Patient', 'cryptoHash')]).at('Patient.active')).toEqual(['drop']);
    expect(compat([rule('Patient', 'encrypt')]).at('Patient.active')).toEqual(['drop']);
  });

  test('noise changes the number of a quantity and leaves the rest', () => {
    const perturb = { span: 2, roundTo: 1 };
    const compiled = compat([rule('Observation.value as Quantity', 'perturb', perturb)]);
    const noise = { method: 'perturb', rangeType: 'fixed', ...perturb };
    expect(compiled.ruleAt('Observation.valueQuantity.value')).toEqual(noise);
    expect(compiled.at('Observation.valueQuantity.unit')).toEqual(['any']);
    const harbor = safeHarbor([rule('Observation.value as Quantity', 'perturb', perturb)]);
    expect(harbor.ruleAt('Observation.valueQuantity.value')).toEqual(noise);
    expect(harbor.at('Observation.valueQuantity.unit')).toEqual(['unit']);
    expect(harbor.kindAt('Observation.valueQuantity')).toBe('quantity');
  });

  test('counts stay counts under noise', () => {
    const compiled = compat([rule("nodesByType('positiveInt')", 'perturb', { span: 4, roundTo: 2 })]);
    expect(compiled.ruleAt('Claim.item.sequence')).toMatchObject({ roundTo: 0, integer: true, least: 1 });
  });

  test('a constant stands in for the whole, but for what an earlier rule decides in it', () => {
    const constant = { replaceWith: { family: 'Doe', given: ['J'] } };
    const alone = compat([rule('Patient.name', 'substitute', constant)]);
    expect(alone.at('Patient.name')).toHaveLength(2);
    expect(alone.ruleAt('Patient.name')).toEqual({ method: 'substitute', value: constant.replaceWith });
    const after = compat([rule('Patient.name.use', 'keep'), rule('Patient.name', 'substitute', constant)]);
    const [action, , beside] = after.at('Patient.name');
    expect(action).toBe('whole');
    expect(after.fhir.nodes[beside as number].fields).toMatchObject({ use: ['any'], family: ['drop'] });
  });

  test('a number that a configuration writes as text is taken as a number', () => {
    const compiled = compat([rule('Patient.multipleBirth', 'substitute', { replaceWith: '1' })]);
    expect(compiled.ruleAt('Patient.multipleBirthInteger')).toEqual({ method: 'substitute', value: 1 });
    expect(compiled.at('Patient.multipleBirthBoolean')).toEqual(['drop']);
  });

  test('extensions of a primitive follow the rules of the primitive', () => {
    const compiled = compat([rule("nodesByType('date')", 'dateShift')]);
    expect(compiled.ruleAt('Patient._birthDate.extension.valueDateTime')).toEqual({
      method: 'dateShift',
      form: 'dateTime',
    });
    expect(compiled.at('Patient._birthDate.extension.url')).toEqual(['any']);
    expect(compat([rule('Patient.birthDate', 'redact')]).at('Patient._birthDate')).toEqual(['drop']);
    expect(safeHarbor([rule('Patient.birthDate', 'dateShift')]).at('Patient._birthDate')).toEqual(['drop']);
  });
});

describe('redact under ms-r4-compat coarsens what the configuration says', () => {
  const switches = {
    enablePartialDatesForRedact: true,
    enablePartialAgesForRedact: true,
    enablePartialZipCodesForRedact: true,
  };
  const rules = ['Patient', 'Condition', 'Appointment'].map((type) => rule(type, 'redact'));

  test('dates become years, ZIP codes three digits and zeros, ages are kept up to 89', () => {
    const compiled = compat(rules, switches);
    expect(compiled.at('Patient.birthDate')).toEqual(['year', 'date']);
    expect(compiled.ruleAt('Appointment.start')).toEqual({ method: 'year', form: 'instant' });
    expect(compiled.ruleAt('Patient.address.postalCode')).toEqual({ method: 'zip3', padded: true });
    expect(compiled.at('Patient.address.city')).toEqual(['drop']);
    expect(compiled.kindAt('Condition.onsetAge')).toBe('age');
    expect(compiled.at('Condition.onsetAge.value')).toEqual(['keep', 'decimal']);
    expect(compiled.at('Condition.onsetString')).toEqual(['drop']);
  });

  test('without the switches nothing is left', () => {
    const compiled = compat(rules);
    for (const path of ['Patient.birthDate', 'Patient.address', 'Condition.onsetAge', 'Appointment.start']) {
      expect(compiled.at(path)).toEqual(['drop']);
    }
  });

  test('with unmatched: redact, what no rule matches is redacted in the same way', () => {
    const compiled = new Compiled(settings('ms-r4-compat', 'redact'), [rule('Patient.gender', 'keep')], switches);
    expect(compiled.at('Patient.gender')).toEqual(['any']);
    expect(compiled.at('Patient.active')).toEqual(['drop']);
    expect(compiled.at('Patient.birthDate')).toEqual(['year', 'date']);
    expect(compiled.warnings).toEqual([]);
  });
});

describe('rules over Safe Harbor', () => {
  const HARBOR = 'b6fceb623ab7acbbc88d4efdfd79ecbd1159cc31f5ce32d562871fdc38094f5c';

  test('the tables of the profile alone are the bytes they were: the hashes of policies in use hold them', () => {
    const whole = new Compiled({ ...settings('safe-harbor'), restrictedZip3: RESTRICTED_ZIP3 }, []);
    expect(createHash('sha256').update(JSON.stringify(whole.fhir)).digest('hex')).toBe(HARBOR);
  });

  test('validate-only checks what Safe Harbor checks', () => {
    const [checked, harbor] = (['validate-only', 'safe-harbor'] as const).map(
      (name) => new Compiled(settings(name), []),
    );
    expect(checked.fhir).toEqual(harbor.fhir);
  });

  test('the guards of an object stay where the profile decides, and go where a rule does', () => {
    const part = safeHarbor([rule("nodesByType('Coding').display", 'keep')]);
    expect(part.kindAt('Observation.code.coding')).toBe('coding');
    expect(part.at('Observation.code.coding.display')).toEqual(['any']);
    expect(part.at('Observation.code.coding.system')).toEqual(['system']);
    const whole = safeHarbor([rule('Observation.code', 'keep')]);
    expect(whole.kindAt('Observation.code.coding')).toBe('plain');
    expect(whole.at('Observation.code.coding.system')).toEqual(['any']);
  });

  test('what a rule removes, no guard brings back', () => {
    const value = safeHarbor([rule('(Observation.value as Quantity).value', 'redact')]);
    const [, node] = value.at('Observation.valueQuantity');
    expect(value.fhir.nodes[node as number].fields).not.toHaveProperty('value');
    expect(safeHarbor([rule('Patient.deceased', 'redact')]).kindAt('Patient')).toBe('plain');
    expect(safeHarbor([rule('Patient.gender', 'redact')]).kindAt('Patient')).toBe('mortal');
  });

  test('a rule for every name finds those in objects that the profile drops, but not in unknown extensions', () => {
    const compiled = safeHarbor([rule("nodesByType('HumanName').use", 'keep')]);
    expect(compiled.at('Patient.name.use')).toEqual(['any']);
    expect(compiled.at('Patient.name.family')).toEqual(['drop']);
    expect(compiled.at('Practitioner.extension')).toEqual(['drop']);
    expect(compiled.at('Patient.extension')[0]).toBe('extension');
  });

  test('a rule around an unknown extension does not mean it', () => {
    const compiled = safeHarbor([rule('Observation.code', 'keep')]);
    expect(compiled.at('Observation.code.text')).toEqual(['any']);
    expect(compiled.at('Observation.code.extension')).toEqual(['drop']);
    expect(compiled.at('Observation.code._text')).toEqual(['drop']);
    const named = safeHarbor([rule('Observation.code.extension', 'keep'), rule('Observation.code', 'keep')]);
    expect(named.at('Observation.code.extension.valueString')).toEqual(['any']);
    expect(named.at('Observation.code.extension.extension')[0]).toBe('walk');
    expect(safeHarbor([rule('Patient', 'keep')]).at('Patient.extension')[0]).toBe('extension');
  });

  test('rules hold within the extensions that the profile knows, conditions too', () => {
    const compiled = safeHarbor([rule("nodesByType('Coding').where(system = 'urn:x')", 'redact')]);
    const race = (set: number, url: string) => compiled.fhir.nodes[compiled.fhir.extensions[set][url]].fields;
    const [, set] = compiled.at('Patient.extension');
    const [action, parts] = race(
      set as number,
      'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
    ).extension;
    expect(action).toBe('extension');
    expect(race(parts as number, 'ombCategory').valueCoding[0]).toBe('cases');
  });

  test('an extension that a rule names is kept with its URL, without which it says nothing', () => {
    const compiled = safeHarbor([rule('Practitioner.extension.value as code', 'keep')]);
    expect(compiled.kindAt('Practitioner.extension')).toBe('extension');
    expect(compiled.at('Practitioner.extension.url')).toEqual(['keep', 'uri']);
    expect(compiled.at('Practitioner.extension.valueCode')).toEqual(['any']);
    expect(compiled.at('Practitioner.extension.valueString')).toEqual(['drop']);
  });

  test('a modifier extension still rejects the record, unless a rule keeps it', () => {
    const redacted = safeHarbor([rule("nodesByType('Extension')", 'redact')]);
    expect(redacted.at('Patient.modifierExtension')).toEqual(['modifier']);
    expect(redacted.at('Patient.extension')).toEqual(['drop']);
    expect(safeHarbor([rule('Patient.modifierExtension', 'keep')]).at('Patient.modifierExtension')[0]).toBe('walk');
  });

  test('unmatched: keep would not be Safe Harbor', () => {
    const [error] = new Compiled(settings('safe-harbor', 'keep'), []).errors;
    expect(error.message).toContain('unmatched must be redact under safe-harbor');
  });
});

describe('a limited data set', () => {
  const compiled = new Compiled(settings('limited-data-set'), []);

  test.each([
    ['Patient.birthDate', ['keep', 'date']],
    ['Observation.issued', ['keep', 'instant']],
    ['Patient.address.city', ['any']],
    ['Patient.address.postalCode', ['any']],
    ['Condition.onsetAge.value', ['keep', 'decimal']],
  ])('keeps %s', (path, action) => {
    expect(compiled.at(path)).toEqual(action);
  });

  test.each([
    'Patient.name',
    'Patient.telecom',
    'Patient.identifier',
    'Patient.address.line',
    'Patient.address.district',
  ])('removes %s, one of the sixteen direct identifiers', (path) => {
    expect(compiled.at(path)).toEqual(['drop']);
  });

  test('aggregates no age', () => {
    expect(compiled.kindAt('Condition.onsetAge')).toBe('quantity');
    expect(compiled.fhir.ages).toMatchObject({ units: {}, codes: [] });
  });
});
