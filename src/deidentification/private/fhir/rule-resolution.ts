import type { Element, ElementGraph } from './element-graph';
import { ANY_RESOURCE, PathError, type PathStep, type RulePath } from './rule-path';
import { didYouMean } from '../suggestion';

/** A path of which some element, type or name is none of R4. */
export class UnknownPathError extends Error {}

const TEXTS = ['string', 'code', 'uri', 'url', 'canonical', 'id', 'markdown', 'oid', 'uuid'];

/** Types that no element has: only profiles of FHIR know them, or others are made from them. What to write instead. */
const TYPES_OF_NOTHING: Readonly<Record<string, string>> = {
  SimpleQuantity: "write nodesByType('Quantity')",
  MoneyQuantity: "write nodesByType('Quantity')",
  DomainResource: "write nodesByType('Resource')",
  BackboneElement: "name those that are meant: nodesByType('Patient.contact'), say",
  Element: "name the types that are meant: nodesByType('HumanName'), say",
};

/**
 * The elements that a path selects, as far as types go; none where its names are known but never meet.
 *
 * @throws UnknownPathError for what R4 does not know
 * @throws PathError for what cannot be asked
 */
export function resolvePath(graph: ElementGraph, path: RulePath): readonly Element[] {
  return new Resolution(graph, path).elements;
}

class Resolution {
  public elements: readonly Element[];
  private soFar: string;

  constructor(
    private readonly graph: ElementGraph,
    { start, steps }: RulePath,
  ) {
    this.soFar = start ?? '';
    this.elements = this.roots(start).map((type) => ({ name: type, type }));
    const [first] = steps;
    if (start && ANY_RESOURCE.includes(start) && first?.is === 'child') this.requireInAbstract(start, first.name);
    for (const step of steps) {
      const before = this.elements;
      this.elements = this.follow(step);
      this.soFar += textOf(step, this.soFar);
      // What two types of a choice have in common is said once.
      const distinct = new Map(this.elements.map((one) => [`${one.owner ?? ''} ${one.name} ${one.type}`, one]));
      this.elements = [...distinct.values()];
      if (before.length > 0 && this.elements.length === 0) return;
    }
  }

  private roots(start: string | undefined): readonly string[] {
    const all = this.graph.resourceTypes;
    if (start === undefined || ANY_RESOURCE.includes(start)) return all;
    if (all.includes(start)) return [start];
    if (this.graph.isType(start)) {
      throw new PathError(`a path must begin with a resource type, got ${start}; write nodesByType('${start}')`);
    }
    const hint = didYouMean(start, all) || 'it must be one of R4';
    throw new UnknownPathError(`there is no resource type ${start}; ${hint}`);
  }

  private requireInAbstract(start: string, name: string): void {
    if (this.graph.table.types[start].fields[name]) return;
    if (this.graph.table.types.DomainResource.fields[name]) {
      throw new UnknownPathError(`${start} has no element ${name}; did you mean DomainResource.${name}?`);
    }
    const holder = this.elements.find(({ type }) => this.childrenNamed(type, name).length > 0);
    const hint = holder ? `name the type: ${holder.type}.${name}, say` : 'it has those that all resources have';
    throw new UnknownPathError(`${start} has no element ${name}; ${hint}`);
  }

  private follow(step: PathStep): readonly Element[] {
    switch (step.is) {
      case 'child':
        return this.children(step.name);
      case 'nodes':
        return step.by === 'type' ? this.nodesByType(step.value) : this.nodesByName(step.value);
      case 'as':
        return this.as(step.type);
      case 'where':
        return this.where(step.field);
    }
  }

  private children(name: string): Element[] {
    this.requireWithinResource(name);
    const found = this.elements.flatMap(({ type }) => this.childrenNamed(type, name));
    if (found.length > 0) return found;
    throw new UnknownPathError(`${this.soFar} has no element ${name}; ${this.childHint(name)}`);
  }

  private childrenNamed(type: string, name: string): Element[] {
    return this.graph.children(type).filter((child) => child.name === name);
  }

  private requireWithinResource(next: string): void {
    const inner = this.elements.some(({ type, owner }) => owner !== undefined && this.graph.isResource(type));
    if (!inner) return;
    const must = `a path must end where another resource begins, got .${next} after ${this.soFar}`;
    throw new PathError(`${must}; write a rule for the inner resource's own type: it is judged on its own`);
  }

  private childHint(name: string): string {
    for (const { type } of this.elements) {
      const field = this.graph.fields(type)[name];
      if (field?.choice) return `did you mean ${this.soFar}.${field.choice} as ${field.type}?`;
    }
    const names = new Set(this.elements.flatMap(({ type }) => this.graph.children(type).map((child) => child.name)));
    const hint = didYouMean(name, names);
    if (hint) return hint.replace('did you mean ', `did you mean ${this.soFar}.`);
    return `it has ${[...names].slice(0, 8).join(', ')}${names.size > 8 ? ' ...' : ''}`;
  }

  private nodesByType(value: string): Element[] {
    const instead = TYPES_OF_NOTHING[value] as string | undefined;
    if (instead) throw new UnknownPathError(`no element of R4 is of the type ${value} itself; ${instead}`);
    this.requireType(value);
    return this.selfAndDescendants().filter(({ type }) => type === value);
  }

  private nodesByName(value: string): Element[] {
    const found = this.selfAndDescendants().filter(({ name }) => name === value);
    if (found.length > 0) return found;
    const names = new Set(this.selfAndDescendants().map(({ name }) => name));
    const choice = this.selfAndDescendants()
      .map(({ type }) => this.graph.fields(type)[value])
      .find((field) => field?.choice !== undefined);
    const meant = choice && `did you mean nodesByName('${choice.choice!}') as ${choice.type}?`;
    const hint = meant || didYouMean(value, names) || 'see the names of R4';
    throw new UnknownPathError(`no element ${this.soFar && `of ${this.soFar} `}has the name ${value}; ${hint}`);
  }

  private selfAndDescendants(): Element[] {
    const within = this.elements.filter(({ type, owner }) => owner === undefined || !this.graph.isResource(type));
    return [...this.elements, ...this.graph.descendants([...new Set(within.map(({ type }) => type))])];
  }

  private as(wanted: string): Element[] {
    this.requireType(wanted);
    const found = this.elements.filter(({ type }) => type === wanted);
    if (found.length > 0) return found;
    const types = [...new Set(this.elements.map(({ type }) => type))];
    throw new UnknownPathError(
      `${this.soFar} is never of type ${wanted}; ${didYouMean(wanted, types) || `it may be ${types.join(', ')}`}`,
    );
  }

  private requireType(name: string): void {
    if (this.graph.isType(name)) return;
    const hint = didYouMean(name, Object.keys(this.graph.table.types)) || 'types are written as in R4: HumanName, date';
    throw new UnknownPathError(`there is no type ${name}; ${hint}`);
  }

  private where(field: string): Element[] {
    if (this.elements.some(({ type }) => this.graph.isResource(type))) {
      throw new PathError(`where must stand after an element, got it on a whole resource; write it further down`);
    }
    const found = this.elements.filter(({ type }) => this.childrenNamed(type, field).length > 0);
    if (found.length === 0) {
      throw new UnknownPathError(`${this.soFar} has no element ${field} for where; ${this.childHint(field)}`);
    }
    for (const { type } of found) {
      const [child] = this.childrenNamed(type, field);
      if (child.many || !TEXTS.includes(child.type) || !Object.hasOwn(this.graph.fields(type), field)) {
        const got = child.many ? 'a list' : child.type;
        throw new PathError(`where must compare one text with another, got ${field}, which is ${got}; choose a text`);
      }
    }
    return found;
  }
}

function textOf(step: PathStep, before: string): string {
  const dot = before === '' ? '' : '.';
  switch (step.is) {
    case 'child':
      return dot + step.name;
    case 'nodes':
      return `${dot}nodesBy${step.by === 'type' ? 'Type' : 'Name'}('${step.value}')`;
    case 'as':
      return ` as ${step.type}`;
    case 'where':
      return `${dot}where(${step.field} = '${step.equals}')`;
  }
}
