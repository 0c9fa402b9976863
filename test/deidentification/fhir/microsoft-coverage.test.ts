import { rule, table } from './compile';
import { microsoftCoverage } from '../../../src/deidentification/private/fhir/microsoft-coverage';

const parameters = { enablePartialAgesForRedact: true, enablePartialZipCodesForRedact: true };

describe('how far a configuration of Microsoft’s does here what it does there', () => {
  test.each([
    [rule('Patient.name', 'redact'), 'full', ''],
    [rule('Patient.active', 'keep'), 'full', ''],
    [rule('Patient.name.family', 'substitute', { replaceWith: 'x' }), 'full', ''],
    [rule('Patient.id', 'cryptoHash'), 'different', 'written as a UUID'],
    [rule('Patient.managingOrganization', 'CRYPTOHASH'), 'different', 'references that cannot be read are removed'],
    [rule("nodesByType('date')", 'dateshift'), 'different', 'shifted by patient'],
    [rule("nodesByType('date')", 'dateShift'), 'different', 'of a date without a day the year is shown'],
    [rule("nodesByType('Age')", 'redact'), 'different', 'an age keeps its unit'],
    [rule('Patient.address', 'redact'), 'different', 'more ZIP codes become zeros'],
    [rule("Patient.name.where(use = 'old')", 'redact'), 'different', 'conditions are asked of the source'],
    [rule('HealthcareService.notAvaliable.description', 'redact'), 'different', 'correct the path'],
    [rule('Patient.nme', 'redact'), 'none', 'did you mean Patient.name?'],
    [rule('Patient.name', 'tokenize'), 'none', 'method must be one of'],
    ['Patient.name', 'none', 'a rule must be an object'],
  ])('case %#', (one, coverage, reason) => {
    const [, found] = microsoftCoverage(table, [rule('Patient.photo', 'redact'), one], parameters);
    expect(found).toMatchObject({ rule: 2, coverage });
    expect(found.reasons.join('\n')).toContain(reason);
    expect(found.reasons.length > 0).toBe(coverage !== 'full');
  });
});
