import { DeidPolicy, IdTreatment } from '../../src/deidentification/deid-policy';
import { RESTRICTED_ZIP3 } from '../../src/deidentification/private/geography';

describe('a policy can only narrow Safe Harbor', () => {
  test('a list without a restricted prefix fails and names what is missing', () => {
    const list = RESTRICTED_ZIP3.filter((prefix) => prefix !== '036' && prefix !== '893');
    expect(() => DeidPolicy.safeHarbor({ restrictedZip3: list })).toThrow(
      'restrictedZip3 must not widen Safe Harbor, got a list without 036, 893; add them, or omit the prop',
    );
  });

  test('a list with more of them is taken', () => {
    const { fhir } = DeidPolicy.safeHarbor({ restrictedZip3: [...RESTRICTED_ZIP3, '021'] })._compile();
    expect([fhir.zip3[21], fhir.zip3[22], fhir.zip3[36]]).toEqual(['0', '1', '0']);
  });

  test.each([['36'], ['0361'], ['abc'], ['']])('case %#: what is no prefix fails', (prefix) => {
    expect(() => DeidPolicy.safeHarbor({ restrictedZip3: [...RESTRICTED_ZIP3, prefix] })).toThrow(
      'must hold prefixes of three digits',
    );
  });
});

describe('compiled tables', () => {
  const tables = DeidPolicy.safeHarbor()._compile();

  test('they survive JSON, are small, and know every resource type', () => {
    const text = JSON.stringify(tables);
    expect(JSON.parse(text)).toEqual(tables);
    expect(text.length).toBeLessThan(1e6);
    expect(Object.keys(tables.fhir.resources)).toHaveLength(146);
    expect(tables.limits).toEqual({ maxRecordBytes: 16777216, maxDepth: 128, maxRejectRatio: 0.05, maxExpansion: 200 });
  });

  test('the hash is the same each time, and another for every setting that changes an output', () => {
    const hash = (policy: DeidPolicy): string => policy._compile().policy.sha256;
    expect(hash(DeidPolicy.safeHarbor())).toBe(tables.policy.sha256);
    expect(hash(DeidPolicy.safeHarbor({ restrictedZip3: [...RESTRICTED_ZIP3].reverse() }))).toBe(tables.policy.sha256);
    expect(hash(DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }))).not.toBe(tables.policy.sha256);
    expect(hash(DeidPolicy.safeHarbor({ restrictedZip3: [...RESTRICTED_ZIP3, '021'] }))).not.toBe(tables.policy.sha256);
  });

  test('no node lets a free text, a name, an identifier or an address line through', () => {
    const texts = [
      'display',
      'text',
      'div',
      'family',
      'given',
      'line',
      'city',
      'district',
      'note',
      'description',
      'comment',
      'title',
      'identifier',
      'telecom',
      'photo',
      'valueString',
      'valueUri',
      'valueUrl',
      'valueIdentifier',
      'linkId',
      'meta',
      'issued',
      'fullUrl',
    ];
    for (const node of tables.fhir.nodes) {
      for (const text of texts) {
        const action = node.fields[text]?.[0] ?? 'drop';
        // A backbone of the same name is walked, and judged field by field.
        expect(['drop', 'walk', 'keep', 'year']).toContain(action);
        if (action === 'keep') expect(node.fields[text][1]).not.toMatch(/string|markdown|uri|url/);
      }
    }
  });

  test('every word of a code that may be shown can be written as it stands', () => {
    for (const set of tables.fhir.valueSets) {
      for (const code of set) expect(code).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });
});
