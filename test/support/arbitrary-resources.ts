import * as fc from 'fast-check';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const resource = fc
  .record(
    {
      id: fc.uuid(),
      text,
      nested: fc.constantFrom({ entry: [{ resource: { resourceType: 'Bundle' } }] }, { a: '}]"\\' }, []),
      n: fc.double(),
    },
    { requiredKeys: ['id'] },
  )
  .map((fields) => ({ resourceType: 'Patient', ...fields }));
/** Resources with all that might mislead a reader that looks for brackets, quotes or names. */
export const resources = fc.array(resource, { minLength: 1, maxLength: 6 });

export function bundle(all: readonly object[]): { resourceType: string; entry: { resource: object }[] } {
  return { resourceType: 'Bundle', entry: all.map((one) => ({ fullUrl: 'urn:uuid:x', resource: one })) };
}
