import { compat, Compiled, rule, safeHarbor, settings } from './compile';

function messages(problems: readonly { readonly message: string }[]): string {
  return problems.map(({ message }) => message).join('\n');
}

describe('a method must fit what its rule selects', () => {
  test.each([
    [rule('Patient.gender', 'dateShift'), 'dateShift must fit what the path selects, got code'],
    [rule('Patient.name', 'perturb', { span: 1 }), 'it takes numbers and quantities'],
    [rule('Patient.active', 'cryptoHash'), 'it takes texts'],
    [rule('Patient.name', 'generalize', { cases: { true: "'x'" } }), 'it takes primitives'],
    [rule('Patient.birthDate', 'generalize', { cases: { '$this > 5': '1' } }), 'compare with values of their kind'],
    [rule('Patient.name', 'substitute', { replaceWith: 'x' }), 'HumanName is an object'],
    [rule('Patient.name', 'substitute', { replaceWith: { famly: 'x' } }), 'did you mean family?'],
    [rule('Patient.name', 'substitute', { replaceWith: { given: 'x' } }), 'HumanName.given is a list'],
    [rule('Patient.name', 'substitute', { replaceWith: { period: { start: 1 } } }), 'dateTime is a text'],
    [rule('Patient.active', 'substitute', { replaceWith: 'yes' }), 'boolean is true or false'],
    [rule('Patient.birthDate', 'substitute', { replaceWith: 'unknown' }), 'date is like 2000-01-31'],
    [rule('Patient.birthDate', 'substitute', { replaceWith: '2000-02-30' }), 'date is like 2000-01-31'],
    [rule('Patient.birthDate', 'substitute', { replaceWith: '2000-01-31T10:30:00Z' }), 'date is like 2000-01-31'],
    [rule('Encounter.period.start', 'substitute', { replaceWith: '2000-01-31T10' }), 'dateTime is like 2000-01-31'],
    [rule('Observation.issued', 'substitute', { replaceWith: '2000-01-31' }), 'instant is like 2000-01-31T10:30:00Z'],
    [rule('Patient.id', 'substitute', { replaceWith: 'a b' }), 'id is at most 64 letters'],
    [rule('Patient.gender', 'substitute', { replaceWith: ' male' }), 'code is a text without blanks around it'],
    [rule('Appointment.priority', 'substitute', { replaceWith: -1 }), 'whole number from 0 to 2147483647'],
    [rule('Coverage.order', 'substitute', { replaceWith: '0' }), 'whole number from 1 to 2147483647'],
    [rule('Patient.multipleBirth as integer', 'substitute', { replaceWith: 2147483648 }), 'to 2147483647'],
    [rule('Patient.name', 'substitute', { replaceWith: { given: [] } }), 'HumanName.given is empty; leave it out'],
    [rule('Patient.name', 'substitute', { replaceWith: { given: ['J', ''] } }), 'HumanName.given is empty'],
    [rule('Patient.name', 'substitute', { replaceWith: { period: {} } }), 'HumanName.period is empty'],
    [rule('Patient.birthDate', 'generalize', { cases: { true: '@2000-13-01' } }), 'got "2000-13-01"'],
    [rule('Patient.birthDate', 'generalize', { cases: { true: '@2000-01-01T00:00:00Z' } }), 'become such'],
    [rule('Patient.contained', 'cryptoHash'), 'must not be for a whole resource within another; redact it'],
    [rule('Bundle.entry.resource', 'substitute', { replaceWith: { id: 'x' } }), 'it is judged on its own'],
  ])('case %#: one that does not is an error that names the rule', (wrong, message) => {
    const { errors } = compat([rule('Patient.photo', 'redact'), wrong]);
    expect(errors).toMatchObject([{ code: 'POLICY_INVALID', rule: 2 }]);
    expect(errors[0].message).toContain(message);
  });

  test.each([
    rule('Patient.birthDate', 'substitute', { replaceWith: '2000-02-29' }),
    rule('Patient.birthDate', 'substitute', { replaceWith: '2000-02' }),
    rule('Patient.birthDate', 'substitute', { replaceWith: '' }),
    rule('Encounter.period.start', 'substitute', { replaceWith: '2000-01-31T10:30:00.5-05:00' }),
    rule('Observation.issued', 'generalize', { cases: { true: '@2000-01-31T10:30:00Z' } }),
    rule('Observation.value as time', 'substitute', { replaceWith: '10:30:00' }),
    rule('Patient.gender', 'substitute', { replaceWith: 'unknown' }),
    rule('Coverage.order', 'substitute', { replaceWith: '1' }),
    rule('Patient.photo.data', 'substitute', { replaceWith: 'eA==' }),
    rule('Patient.contained', 'redact'),
  ])('case %#: one that does is taken', (right) => {
    expect(compat([right])).toMatchObject({ errors: [], warnings: [] });
  });

  test('a resource within another that is to be kept is judged on its own all the same, which is said', () => {
    expect(messages(safeHarbor([rule('Patient.contained', 'keep')]).warnings)).toContain('judged on its own');
  });

  test('of a choice, one type is enough', () => {
    expect(compat([rule('Condition.onset', 'perturb', { span: 1 })]).errors).toEqual([]);
  });

  test.each([
    [{ path: 'Patient.name', method: 'redacted' }, 'did you mean redact?'],
    [{ path: 'Patient.name' }, 'got nothing'],
    [{ method: 'redact' }, 'path must be a text'],
    ['Patient.name', 'a rule must be an object'],
    [rule('Patient.name', 'redact', { replaceWith: 'x' }), 'has no parameter "replaceWith"'],
    [rule('Patient.name', 'substitute'), 'substitute must have replaceWith'],
    [rule('Observation.value', 'perturb', { span: -1 }), 'must have a span of 0 or more'],
    [rule('Observation.value', 'perturb', { span: 1, rangeType: 'big' }), 'rangeType must be fixed or proportional'],
    [rule('Observation.value', 'perturb', { span: 1, roundTo: 1.5 }), 'roundTo must be a number of decimal places'],
    [rule('Observation.value', 'perturb', { span: 1, roundto: 1 }), 'did you mean roundTo?'],
    [rule('Patient.birthDate', 'generalize'), 'generalize must have cases'],
    [rule('Patient.birthDate', 'generalize', { cases: { x: '1' } }), 'a case must be'],
    [
      rule('Patient.birthDate', 'generalize', { cases: { true: '@2000' }, otherValues: 'drop' }),
      'otherValues must be keep or redact',
    ],
  ])('case %#: what is missing or unknown in a rule is said once', (wrong, message) => {
    const { errors } = compat([wrong]);
    expect(errors).toHaveLength(1);
    expect(errors[0].message).toContain(message);
  });

  test('all errors of a policy are said at once', () => {
    const { errors } = compat([
      rule('Patient.nme', 'redact'),
      rule('Patient.name', 'x'),
      rule('Patient.gender', 'year'),
    ]);
    expect(errors.map(({ rule: number }) => number)).toEqual([1, 2, 3]);
  });
});

describe('rules that decide nothing', () => {
  test.each([
    [["nodesByType('HumanName')", 'Patient.name.family'], "rule 1 (nodesByType('HumanName'))"],
    [['Patient', 'Patient.name'], 'rule 1 (Patient)'],
    [['Patient.name', 'Patient.contact.name', "Patient.nodesByName('name').use"], 'rule 2 (Patient.contact.name)'],
    [['Patient.name', "Patient.nodesByName('name').use"], undefined],
    [['Patient.name', "Patient.name.where(use = 'home')"], 'rule 1 (Patient.name)'],
    [["Patient.name.where(use = 'home')", 'Patient.name'], undefined],
    [['Condition.onset', 'Condition.onset as Age'], 'rule 1 (Condition.onset)'],
    [['Condition.onset as Age', 'Condition.onset'], undefined],
  ])('case %#: they are warned of, with the rule that was faster', (paths, faster) => {
    const { errors, warnings } = compat(paths.map((path) => rule(path, 'redact')));
    expect(errors).toEqual([]);
    if (faster === undefined) expect(warnings).toEqual([]);
    else expect(warnings).toMatchObject([{ rule: paths.length, message: expect.stringContaining(faster) }]);
  });

  test('two earlier rules together may leave nothing', () => {
    const paths = ['Condition.onset as Age', 'Condition.onset as Period', '(Condition.onset as Period).start'];
    const [warning] = compat(paths.map((path) => rule(path, 'redact'))).warnings;
    expect(warning.message).toContain('rule 2 (Condition.onset as Period)');
  });

  test('the same rule twice is called that', () => {
    const { warnings } = compat([rule('Patient.name', 'redact'), rule('Patient.name', 'redact')]);
    expect(messages(warnings)).toBe('is the same as rule 1 (Patient.name); remove one of them');
  });

  test('a path whose names R4 knows but never brings together is warned of', () => {
    const { warnings } = compat([rule("Patient.nodesByType('Observation')", 'redact')]);
    expect(messages(warnings)).toContain('matches nothing');
  });
});

describe('parameters of Microsoft’s configurations', () => {
  test('a key in the file, a scope and an offset have no effect, which is said', () => {
    const { warnings } = compat([], {
      dateShiftKey: '123',
      cryptoHashKey: '',
      dateShiftScope: 'resource',
      dateShiftFixedOffsetInDays: 5,
      customSettings: {},
    });
    expect(warnings.map(({ message }) => message.split(' ')[0])).toEqual([
      'dateShiftKey',
      'dateShiftScope',
      'dateShiftFixedOffsetInDays',
      'customSettings',
    ]);
    expect(messages(warnings)).not.toContain('123');
  });

  test('the switches of redact are for ms-r4-compat only', () => {
    const given = { enablePartialDatesForRedact: true, enablePartialAgesForRedact: false };
    const { warnings } = new Compiled(settings('safe-harbor'), [], given);
    expect(messages(warnings)).toContain('enablePartialDatesForRedact is ignored under safe-harbor');
    expect(warnings).toHaveLength(1);
    expect(compat([], given).warnings).toEqual([]);
  });

  test('what is no parameter is an error', () => {
    expect(messages(compat([], { dateshiftkey: 'x' }).errors)).toContain('did you mean dateShiftKey?');
    expect(messages(compat([], { enablePartialDatesForRedact: 'yes' }).errors)).toContain('must be true or false');
  });
});

describe('rules that show more than the profile would', () => {
  const warnings = (name: 'safe-harbor' | 'limited-data-set' | 'ms-r4-compat', ...rules: readonly object[]) =>
    new Compiled(settings(name), rules).warnings.filter(({ message }) => message.startsWith('shows more'));
  /** The elements that a warning names. */
  const widened = (name: 'safe-harbor' | 'limited-data-set' | 'ms-r4-compat', one: object) =>
    warnings(name, one).flatMap(({ message }) => /: (.*);/.exec(message)![1].split(', '));

  test.each([
    [rule('Patient.name.family', 'keep'), ['HumanName.family']],
    [rule('Patient.birthDate', 'dateShift'), ['Patient.birthDate']],
    [rule('Patient.identifier.value', 'cryptoHash'), ['Identifier.value']],
    [rule('Patient.identifier.value', 'encrypt'), ['Identifier.value']],
    [rule('Observation.value as integer', 'keep'), ['Observation.valueInteger']],
    [rule('Patient.name.id', 'keep'), ['HumanName.id']],
    [rule("nodesByType('Period').id", 'encrypt'), ['Period.id']],
    [rule('Patient.address.city', 'generalize', { cases: { true: '$this.substring(0, 2)' } }), ['Address.city']],
    [rule('Patient.address.city', 'generalize', { cases: { true: "'x'" }, otherValues: 'keep' }), ['Address.city']],
  ])('case %#: it is an open item, and a warning', (one, elements) => {
    expect(widened('safe-harbor', one)).toEqual(elements);
    expect(messages(safeHarbor([one]).warnings)).toContain('shows more than safe-harbor would: ');
  });

  test.each([
    rule('Patient.name', 'redact'),
    rule('Patient.birthDate', 'year'),
    rule('Patient.active', 'keep'),
    rule('Patient.address.postalCode', 'zip3'),
    rule('Patient.id', 'cryptoHash'),
    rule('Observation.subject.reference', 'cryptoHash'),
    rule('Patient.name.family', 'substitute', { replaceWith: 'Doe' }),
    rule('Patient.address.city', 'generalize', { cases: { true: "'x'" } }),
    rule('(Observation.value as Quantity).value', 'perturb', { span: 1 }),
    rule('Condition.onset as Age', 'age'),
  ])('case %#: what shows no more is none', (one) => {
    expect(widened('safe-harbor', one)).toEqual([]);
  });

  test('each rule is an open item of its own', () => {
    const rules = [rule('Patient.name', 'keep'), rule('Practitioner.name', 'keep')];
    expect(warnings('safe-harbor', ...rules).map(({ rule: number }) => number)).toEqual([1, 2]);
  });

  test('each profile is measured by itself', () => {
    expect(widened('limited-data-set', rule('Patient.birthDate', 'keep'))).toEqual([]);
    expect(widened('limited-data-set', rule('Patient.name.family', 'keep'))).toEqual(['HumanName.family']);
    expect(widened('ms-r4-compat', rule('Patient.name.family', 'keep'))).toEqual([]);
  });
});
