import { DEFAULT_PREFIXES, runKeys } from '../../../lambda-src/commit/run-identity';

test.each([
  ['fhir-ndjson', 'ndjson'],
  ['fhir-bundle', 'ndjson'],
  ['hl7v2', 'hl7'],
  ['csv', 'csv'],
])(
  'A10 the result of a source of %s is named .%s.gz, under its format and the day of the source',
  (format, extension) => {
    const { output } = runKeys(DEFAULT_PREFIXES, '2024-03-05', 'run');
    expect(output(format)).toBe(`deidentified/format=${format}/ingest_date=2024-03-05/run-part-00000.${extension}.gz`);
  },
);
