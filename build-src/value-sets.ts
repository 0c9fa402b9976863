import type { DefinitionResource } from './definitions';

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface CodeSystem extends DefinitionResource {
  readonly content?: string;
  readonly concept?: readonly Concept[];
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly unknown[];
  readonly valueSet?: readonly string[];
}

interface ValueSet extends DefinitionResource {
  readonly compose?: { readonly include: readonly Include[]; readonly exclude?: readonly Include[] };
}

/** Lists the codes of value sets, and numbers each set that was asked for. */
export class ValueSetExpander {
  /** Codes of each numbered set. */
  public readonly valueSets: string[][] = [];
  private readonly sets = new Map<string, ValueSet>();
  private readonly systems = new Map<string, CodeSystem>();
  private readonly numbers = new Map<string, number | undefined>();

  constructor(resources: readonly DefinitionResource[]) {
    for (const resource of resources) {
      if (resource.resourceType === 'ValueSet') this.sets.set(resource.url, resource);
      if (resource.resourceType === 'CodeSystem') this.systems.set(resource.url, resource);
    }
  }

  /** The number of a set; `undefined` where its codes cannot be listed (MIME types: their list is open). */
  public add(canonical: string): number | undefined {
    const url = canonical.split('|')[0];
    if (this.numbers.has(url)) return this.numbers.get(url);
    const codes = this.expand(url);
    const number = codes && codes.size > 0 ? this.valueSets.push([...codes].sort()) - 1 : undefined;
    this.numbers.set(url, number);
    return number;
  }

  private expand(url: string): Set<string> | undefined {
    const compose = this.sets.get(url)?.compose;
    if (!compose) return undefined;
    const codes = new Set<string>();
    for (const include of compose.include) {
      const listed = this.codesOf(include);
      if (!listed) return undefined;
      listed.forEach((code) => codes.add(code));
    }
    for (const exclude of compose.exclude ?? []) this.codesOf(exclude)?.forEach((code) => codes.delete(code));
    return codes;
  }

  private codesOf(include: Include): Set<string> | undefined {
    if (include.filter) return undefined;
    const codes = new Set<string>();
    const collect = (concepts: readonly Concept[]): void =>
      concepts.forEach((concept) => {
        codes.add(concept.code);
        collect(concept.concept ?? []);
      });
    if (include.concept) {
      collect(include.concept);
    } else if (include.system !== undefined) {
      const system = this.systems.get(include.system);
      if (system?.content !== 'complete') return undefined;
      collect(system.concept ?? []);
    }
    for (const url of include.valueSet ?? []) {
      const nested = this.expand(url);
      if (!nested) return undefined;
      nested.forEach((code) => codes.add(code));
    }
    return codes;
  }
}
