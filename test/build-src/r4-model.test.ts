import { isR4Element } from '../../build-src/r4-model';
import { readElementTable } from '../../src/deidentification/private/fhir/element-table';

test.each(['Patient.name', 'Patient.meta', 'Patient.contact.extension', 'Observation.value', 'Bundle.entry.link'])(
  '%s is of R4',
  (path) => expect(isR4Element(path)).toBe(true),
);

test.each(['ResearchStudy.label', 'ResearchStudy.label.id', 'Meta.project', 'Binary.url', 'Patient.nickname'])(
  '%s is not',
  (path) => expect(isR4Element(path)).toBe(false),
);

test('the table of elements has nothing of later versions', () => {
  const { types } = readElementTable();
  const paths = Object.entries(types).flatMap(([type, { kind, fields }]) =>
    kind === 'primitive' ? [] : Object.entries(fields).map(([name, { choice }]) => `${type}.${choice ?? name}`),
  );
  expect(paths.length).toBeGreaterThan(5000);
  expect(paths.filter((path) => !isR4Element(path))).toEqual([]);
});
