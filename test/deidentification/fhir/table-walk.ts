import type { ElementTable } from '../../../src/deidentification/private/fhir/element-table';
import type { CompiledFhir, CompiledField } from '../../../src/deidentification/private/fhir/tables';

type JsonObject = Readonly<Record<string, unknown>>;

/** A primitive value: the resource that it stands in, where in that it is, and what the tables say. */
export interface Leaf {
  /** Where the resource is in the outermost one: `''`, `contained[0]`. */
  readonly resource: string;
  readonly location: string;
  readonly action: CompiledField;
}

/** Interprets tables over a resource, plainly; every primitive is a leaf, also below what is dropped. */
export class TableWalk {
  public readonly leaves: Leaf[] = [];
  /** The resources by where they are. */
  public readonly resources = new Map<string, JsonObject>();

  constructor(
    private readonly table: ElementTable,
    private readonly fhir: CompiledFhir,
    resource: JsonObject,
  ) {
    this.resource(resource, '', undefined);
  }

  /** @param dropped the action that has decided over all of it already */
  private resource(resource: JsonObject, at: string, dropped: CompiledField | undefined): void {
    this.resources.set(at, resource);
    const type = resource.resourceType as string;
    this.object(resource, type, dropped ?? ['walk', this.fhir.resources[type]], { at, location: '' });
  }

  private object(object: JsonObject, type: string, action: CompiledField, place: Place): void {
    const chosen = this.chosen(action, object);
    const fields = chosen[0] === 'walk' ? this.fhir.nodes[chosen[1] as number].fields : undefined;
    const known = this.table.types[this.table.types[type].kind === 'primitive' ? 'Element' : type].fields;
    for (const [name, value] of Object.entries(object)) {
      if (name === 'resourceType') continue;
      const plain = name.replace(/^_/, '');
      const field = known[plain];
      const next = fields ? (fields[name] ?? ['drop']) : chosen;
      const element = field.choice ?? plain;
      const items: unknown[] = Array.isArray(value) ? value : [value];
      items.forEach((item, i) => {
        const index = Array.isArray(value) ? `[${i}]` : '';
        const location = `${place.location}${place.location === '' ? '' : '.'}${element}${index}`;
        this.value(item, field.type, next, { at: place.at, location });
      });
    }
  }

  private value(value: unknown, type: string, action: CompiledField, place: Place): void {
    if (typeof value !== 'object' || value === null) {
      if (value !== null) this.leaves.push({ resource: place.at, location: place.location, action });
    } else if (this.table.types[type].kind === 'resource') {
      const at = `${place.at}${place.at === '' ? '' : '.'}${place.location}`;
      this.resource(value as JsonObject, at, action[0] === 'drop' ? action : undefined);
    } else {
      this.object(value as JsonObject, type, action, place);
    }
  }

  private chosen(action: CompiledField, object: JsonObject): CompiledField {
    if (action[0] !== 'cases') return action;
    const { conditions, actions } = this.fhir.cases[action[1] as number];
    const holds = conditions.map(({ field, equals }) => object[field] === equals);
    return actions[holds.reduce((sum, one, i) => sum + (one ? 2 ** i : 0), 0)];
  }
}

interface Place {
  readonly at: string;
  readonly location: string;
}
