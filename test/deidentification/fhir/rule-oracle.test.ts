import * as fc from 'fast-check';
import { ArbitraryElements, ArbitraryPaths, RESOURCE_TYPES, smallTable } from './arbitrary-elements';
import { selectedBy } from './fhirpath-oracle';
import { type Leaf, TableWalk } from './table-walk';
import { compileFhir } from '../../../src/deidentification/private/fhir/compile-fhir';
import { readElementTable } from '../../../src/deidentification/private/fhir/element-table';
import type { CompiledFhir } from '../../../src/deidentification/private/fhir/tables';
import { PolicyProblems } from '../../../src/deidentification/private/policy-problems';
import { Random } from '../../support/random';

const table = smallTable(readElementTable());

function compile(unmatched: 'keep' | 'redact', rules: readonly object[]): CompiledFhir {
  const problems = new PolicyProblems();
  const settings = { name: 'ms-r4-compat', unmatched, ids: 'hash', restrictedZip3: [] } as const;
  const fhir = compileFhir(table, settings, rules, {}, problems);
  expect(problems.errors).toEqual([]);
  return fhir;
}

/** The place itself and all around it, up to its resource: `a[0].b` has `a[0]` and `''`. */
function selfAndAncestors(location: string): string[] {
  const parts = location.split('.');
  return [...parts.map((_, i) => parts.slice(0, parts.length - i).join('.')), ''];
}

/** By FHIRPath: the first listed rule that selects a leaf or something around it, in its own resource. */
class Oracle {
  private readonly selections = new Map<string, Set<string>[]>();

  /** @param dropping rules that redact: one that selects a resource within another one removes all of it */
  constructor(
    private readonly paths: readonly string[],
    private readonly resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
    private readonly dropping: readonly number[],
  ) {}

  public decider({ resource, location }: Leaf): number {
    return this.outerDecider(resource) ?? this.firstOf(resource, selfAndAncestors(location));
  }

  private outerDecider(resource: string): number | undefined {
    if (resource === '') return undefined;
    const outer = [...this.resources.keys()]
      .filter((one) => one !== resource && (one === '' || resource.startsWith(`${one}.`)))
      .sort((a, b) => b.length - a.length)[0];
    const location = outer === '' ? resource : resource.slice(outer.length + 1);
    const first = this.firstOf(outer, selfAndAncestors(location));
    const removes = this.dropping.includes(first) && this.selected(outer)[first].has(location);
    return this.outerDecider(outer) ?? (removes ? first : undefined);
  }

  private firstOf(resource: string, places: readonly string[]): number {
    return this.selected(resource).findIndex((selected) => places.some((place) => selected.has(place)));
  }

  private selected(resource: string): Set<string>[] {
    const known = this.selections.get(resource);
    if (known) return known;
    const found = this.paths.map((path) => selectedBy(path, this.resources.get(resource)!));
    this.selections.set(resource, found);
    return found;
  }
}

interface Case {
  readonly paths: readonly string[];
  readonly resource: Readonly<Record<string, unknown>>;
}

const cases: fc.Arbitrary<Case> = fc
  .record({ seed: fc.nat(), rules: fc.integer({ min: 1, max: 6 }) })
  .map(({ seed, rules }) => {
    const random = new Random(seed);
    const paths = new ArbitraryPaths(table, random);
    const elements = new ArbitraryElements(table, random);
    return {
      paths: Array.from({ length: rules }, () => paths.path()),
      resource: elements.resource(random.pick(RESOURCE_TYPES)),
    };
  });

describe('the first listed rule that FHIRPath finds at a node or around it decides', () => {
  test('with everything else kept, the values that a rule redacts are those it selects', () => {
    fc.assert(
      fc.property(cases, ({ paths, resource }) => {
        paths.forEach((_, chosen) => {
          const rules = paths.map((path, i) => ({ path, method: i === chosen ? 'redact' : 'keep' }));
          const walk = new TableWalk(table, compile('keep', rules), resource);
          const oracle = new Oracle(paths, walk.resources, [chosen]);
          for (const leaf of walk.leaves) {
            expect([leaf.location, leaf.action[0] === 'drop']).toEqual([
              leaf.location,
              oracle.decider(leaf) === chosen,
            ]);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  test('with everything else redacted, the values that a rule keeps are those it selects', () => {
    fc.assert(
      fc.property(cases, ({ paths, resource }) => {
        paths.forEach((_, chosen) => {
          const rules = paths.map((path, i) => ({ path, method: i === chosen ? 'keep' : 'redact' }));
          const walk = new TableWalk(table, compile('redact', rules), resource);
          const others = [...paths.keys()].filter((rule) => rule !== chosen);
          const oracle = new Oracle(paths, walk.resources, others);
          for (const leaf of walk.leaves) {
            const isKept = oracle.decider(leaf) === chosen;
            expect([leaf.location, leaf.action[0] === 'any']).toEqual([leaf.location, isKept]);
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});
