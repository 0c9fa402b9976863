import type { ElementField, ElementTable } from './element-table';

/** An element of the standard: its name without the type of a choice, and one type that it may have. */
export interface Element {
  readonly name: string;
  readonly type: string;
  /** The type that has it; absent for the root of a resource. */
  readonly owner?: string;
  readonly many?: boolean;
}

/** What a path may ask of the element table. */
export class ElementGraph {
  private readonly below = new Map<string, readonly Element[]>();

  constructor(public readonly table: ElementTable) {}

  public get resourceTypes(): readonly string[] {
    return Object.entries(this.table.types)
      .filter(([, type]) => type.kind === 'resource' && !type.abstract)
      .map(([name]) => name);
  }

  public isType(name: string): boolean {
    return Object.hasOwn(this.table.types, name);
  }

  public isPrimitive(type: string): boolean {
    return this.table.types[type].kind === 'primitive';
  }

  public isResource(type: string): boolean {
    return this.table.types[type]?.kind === 'resource';
  }

  /** The JSON fields of a type; a primitive has those of every element. */
  public fields(type: string): Readonly<Record<string, ElementField>> {
    return this.table.types[this.isPrimitive(type) ? 'Element' : type].fields;
  }

  public children(type: string): Element[] {
    return Object.entries(this.fields(type)).map(([name, field]) => ({
      name: field.choice ?? name,
      type: field.type,
      owner: type,
      many: field.many,
    }));
  }

  /** All elements below types, within one resource. */
  public descendants(types: readonly string[]): readonly Element[] {
    const key = types.join();
    const known = this.below.get(key);
    if (known) return known;
    const found: Element[] = [];
    const seen = new Set<string>();
    const open = [...types];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const child of this.children(next)) {
        found.push(child);
        if (!this.isResource(child.type)) open.push(child.type);
      }
    }
    this.below.set(key, found);
    return found;
  }

  /** The types themselves and all in them; extensions, which may be anything, are left out. */
  public typesWithin(types: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [...types];
    for (let type = open.pop(); type !== undefined; type = open.pop()) {
      if (found.has(type)) continue;
      found.add(type);
      if (this.isResource(type) && !types.includes(type)) continue;
      open.push(...this.children(type).flatMap((child) => (child.type === 'Extension' ? [] : child.type)));
    }
    return found;
  }
}
