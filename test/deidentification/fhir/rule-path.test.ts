import * as fc from 'fast-check';
import { compat, rule } from './compile';
import { parsePath, PathError } from '../../../src/deidentification/private/fhir/rule-path';

describe('paths in the forms that Microsoft’s configurations have', () => {
  test.each([
    ['Patient', { start: 'Patient', steps: [] }],
    ['Patient.name.family', { start: 'Patient', steps: [child('name'), child('family')] }],
    ["nodesByType('HumanName')", { steps: [nodes('type', 'HumanName')] }],
    ['nodesByType("HumanName").use', { steps: [nodes('type', 'HumanName'), child('use')] }],
    ["Patient.nodesByName('telecom').value", { start: 'Patient', steps: [nodes('name', 'telecom'), child('value')] }],
    ['Condition.onset as Age', { start: 'Condition', steps: [child('onset'), { is: 'as', type: 'Age' }] }],
    [
      '(Observation.value as Quantity).value',
      { start: 'Observation', steps: [child('value'), { is: 'as', type: 'Quantity' }, child('value')] },
    ],
    [
      "Patient.nodesByType('Address').where(city='It\\'s')",
      {
        start: 'Patient',
        steps: [nodes('type', 'Address'), { is: 'where', field: 'city', equals: "It's" }],
      },
    ],
  ])('%s is read', (text, expected) => {
    expect(parsePath(text)).toEqual(expected);
  });

  test('blanks between the parts mean nothing', () => {
    expect(parsePath(' ( Condition . onset  as Age ) . value ')).toEqual(parsePath('(Condition.onset as Age).value'));
  });

  test.each([
    ["nodesByType('Address').state | nodesByType('Address').country", 'write a rule for each side'],
    ['Patient.name[0]', 'leave [...] out'],
    ['Observation.value.ofType(Quantity)', 'write (x as T) instead of x.ofType(T)'],
    ["Patient.extension('http://x')", "write extension.where(url = '...')"],
    ["Patient.name.where(use = 'home' and family = 'x')", 'chain them'],
    ["Patient.name.where(use = 'home' or use = 'work')", 'write a rule for each side'],
    ['Patient.name.where(use)', "where must read like where(use = 'home')"],
    ["Patient.nodesByTyp('HumanName')", 'did you mean nodesByType?'],
    ['name.family', 'must begin with a resource type'],
    ['Patient.', 'got its end'],
    ['(Patient.name', 'got its end instead of ")"'],
    ['', 'got its end'],
  ])('%s is refused, and the message says what to write', (text, message) => {
    expect(() => parsePath(text)).toThrow(PathError);
    expect(() => parsePath(text)).toThrow(message);
  });

  test('any text is read or refused as a path; nothing else is thrown', () => {
    const pieces = ['Patient', 'name', '.', '(', ')', "'", '"', 'as', 'where', 'nodesByType', '=', ' ', '\\', '|', 'é'];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
        ),
        (text) => {
          try {
            parsePath(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PathError);
          }
        },
      ),
    );
  });
});

describe('paths are those of R4', () => {
  test.each([
    ['Patient.nmae', 'Patient has no element nmae; did you mean Patient.name?'],
    ['Patient.deceasedDateTime', 'did you mean Patient.deceased as dateTime?'],
    ['Patient.name.valueString', 'Patient.name has no element valueString'],
    ['Patiant.name', 'did you mean Patient?'],
    ["nodesByType('Adress')", 'did you mean Address?'],
    ["nodesByType('SimpleQuantity')", "write nodesByType('Quantity')"],
    ["nodesByType('BackboneElement')", "nodesByType('Patient.contact'), say"],
    ["Patient.nodesByType('Element')", "nodesByType('HumanName'), say"],
    ["nodesByType('DomainResource')", "write nodesByType('Resource')"],
    ["nodesByName('familly')", 'did you mean family?'],
    ["nodesByName('valueString')", "did you mean nodesByName('value') as string?"],
    ['Condition.onset as Agee', 'did you mean Age?'],
    ['Condition.onset as HumanName', 'Condition.onset is never of type HumanName'],
    ["Patient.name.where(usee = 'home')", 'did you mean Patient.name.use?'],
    ['Resource.text', 'did you mean DomainResource.text?'],
    ['Resource.birthDate', 'name the type: Patient.birthDate'],
  ])('%s is unknown', (path, message) => {
    const [error, ...others] = compat([rule(path, 'redact')]).errors;
    expect(others).toEqual([]);
    expect(error).toMatchObject({ code: 'POLICY_UNKNOWN_PATH', section: 'fhir', rule: 1, path });
    expect(error.message).toContain(message);
  });

  test.each([
    ['HumanName.family', "write nodesByType('HumanName')"],
    ['Bundle.entry.resource.id', "a rule for the inner resource's own type"],
    ["Patient.where(id = 'x')", 'where must stand after an element'],
    ["Patient.name.where(given = 'x')", 'got given, which is a list'],
    ["Observation.component.where(value = 'x')", 'where'],
    ["Patient.communication.where(preferred = 'x')", 'got preferred, which is boolean'],
  ])('%s cannot be asked', (path, message) => {
    const [error] = compat([rule(path, 'redact')]).errors;
    expect(error.message).toContain(message);
  });

  test('the one slip of Microsoft’s own sample is read as what it means, with a warning', () => {
    const compiled = compat([rule('HealthcareService.notAvaliable.description', 'redact')]);
    expect(compiled.errors).toEqual([]);
    expect(compiled.warnings).toMatchObject([{ rule: 1, message: expect.stringContaining('notAvailable') }]);
    expect(compiled.at('HealthcareService.notAvailable.description')).toEqual(['drop']);
  });
});

function child(name: string): object {
  return { is: 'child', name };
}

function nodes(by: 'type' | 'name', value: string): object {
  return { is: 'nodes', by, value };
}
