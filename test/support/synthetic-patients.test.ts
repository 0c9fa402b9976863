import { syntheticFile, syntheticPerson, syntheticResources } from './synthetic-patients';

const text = (options: Parameters<typeof syntheticFile>[0]): string => [...syntheticFile(options)].join('');

test('the same seed makes the same file, another seed another', () => {
  expect(text({ patients: 5 })).toBe(text({ patients: 5 }));
  expect(text({ patients: 5, seed: 2 })).not.toBe(text({ patients: 5 }));
});

test('every record has an id of its own', () => {
  const ids = [...syntheticResources(500)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a person stands in its own records and in no others', () => {
  const lines = text({ patients: 5 }).trimEnd().split('\n');
  const { family, ssn, mrn, phone, email, street } = syntheticPerson(3);
  for (const mark of [family, ssn, mrn, phone, email, street]) {
    const holders = lines.filter((line) => line.includes(mark));
    expect(holders.length).toBeGreaterThan(0);
    expect(holders.every((line) => line.includes(syntheticPerson(3).id))).toBe(true);
  }
});

test('a Bundle holds the same records as the lines do', () => {
  const bundle = JSON.parse(text({ patients: 4, format: 'bundle' })) as { entry: { resource: object }[] };
  const lines = text({ patients: 4 }).trimEnd().split('\n');
  expect(bundle.entry.map(({ resource }) => JSON.stringify(resource))).toEqual(lines);
});

test('as many records are broken as were asked for', () => {
  const lines = text({ patients: 10, broken: 4 }).trimEnd().split('\n');
  const broken = lines.filter((line) => {
    try {
      return !JSON.parse(line);
    } catch {
      return true;
    }
  });
  expect(broken).toHaveLength(4);
});
