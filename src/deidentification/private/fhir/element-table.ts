import { readPackagedTable } from '../packaged-table';

/** One JSON field of a FHIR type; each type of a choice (`value[x]`) is a field of its own (`valueString`). */
export interface ElementField {
  /** Name of a type in the table; an anonymous (backbone) type is named by its path. */
  readonly type: string;
  /** Whether the field is an array. */
  readonly many?: true;
  /** Name of the choice that the field belongs to, without `[x]`. */
  readonly choice?: string;
  /** Number of the value set that a `code` must come from. */
  readonly valueSet?: number;
}

export interface ElementType {
  readonly kind: 'resource' | 'complex' | 'backbone' | 'primitive';
  readonly abstract?: true;
  readonly fields: Readonly<Record<string, ElementField>>;
}

/** FHIR R4 as the policy compiler sees it; generated at our build from the published definitions. */
export interface ElementTable {
  readonly fhirVersion: string;
  readonly types: Readonly<Record<string, ElementType>>;
  /** Codes of each value set that a `code` element is bound to with strength `required`. */
  readonly valueSets: readonly (readonly string[])[];
  /** Common UCUM units. */
  readonly units: readonly string[];
}

/** FHIR R4 4.0.1, all resource types. */
export function readElementTable(): ElementTable {
  return readPackagedTable<ElementTable>('fhir-r4-elements.json');
}
