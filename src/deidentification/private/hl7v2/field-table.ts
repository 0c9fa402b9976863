import { readPackagedTable } from '../packaged-table';

/**
 * HL7 v2 as the policy compiler sees it, generated at our build from a published dictionary. The versions are taken
 * together: which one a message claims is the sender's word, and must not decide what is kept.
 */
export interface Hl7FieldTable {
  readonly versions: readonly string[];
  /** By segment, the data types of field 1, 2, ... in any version, with blanks between them; '' for a gap. */
  readonly segments: Readonly<Record<string, readonly string[]>>;
  /** The same for the components of composite data types. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** First parts of message types: `ADT`, `ORU`. */
  readonly messageTypes: readonly string[];
}

/** Versions 2.1 to 2.8. */
export function readFieldTable(): Hl7FieldTable {
  return readPackagedTable<Hl7FieldTable>('hl7v2-fields.json');
}

/** Data types of a field in any version; empty where no version has it. */
export function fieldTypes(table: Hl7FieldTable, segment: string, field: number): string[] {
  return split(table.segments[segment]?.[field - 1]);
}

/** Data types of a component of any of these types; empty where none of them has it. */
export function componentTypes(table: Hl7FieldTable, types: readonly string[], component: number): string[] {
  return [...new Set(types.flatMap((type) => split(table.types[type]?.[component - 1])))];
}

/** How many components the longest of these types has; 0 where all are primitive. */
export function componentCount(table: Hl7FieldTable, types: readonly string[]): number {
  return Math.max(0, ...types.map((type) => table.types[type]?.length ?? 0));
}

function split(types: string | undefined): string[] {
  return types ? types.split(' ') : [];
}
