import { componentCount, componentTypes, fieldTypes, type Hl7FieldTable } from './field-table';
import { describe } from '../policy-file';
import { didYouMean } from '../suggestion';

/** Where a path of a policy leads: `PID-11.5`, or a segment. */
export interface Hl7Path {
  readonly segment: string;
  /** Field, component and sub-component, as far as the path names them: none for a whole segment. */
  readonly numbers: readonly number[];
}

/** Why a text is none. */
export interface NoHl7Path {
  readonly wrong: string;
  readonly code: 'POLICY_INVALID' | 'POLICY_UNKNOWN_PATH';
}

/** Types that may hold anything: OBX-5, and composites that the first version left open. */
export const OPEN_TYPES = ['VARIES', 'CM'];

const PATH = /^([A-Z][A-Z0-9]{2})(?:[-.](\d{1,3})(?:\.(\d{1,3})(?:\.(\d{1,3}))?)?)?$/;
const ENVELOPES = ['FHS', 'BHS', 'BTS', 'FTS'];

export function readHl7Path(table: Hl7FieldTable, text: string): Hl7Path | NoHl7Path {
  const match = PATH.exec(text);
  if (!match) {
    const must = 'path must be a segment, field, component or sub-component';
    const wrong = `${must}, got ${describe(text)}; write it like PID-5, PID-5.1 or PID-5.1.2`;
    return { wrong, code: 'POLICY_INVALID' };
  }
  const [, segment, ...rest] = match;
  const numbers = rest.filter((part) => part !== undefined).map(Number);
  const wrong = ENVELOPES.includes(segment) ? 'a batch envelope is never written' : unknown(table, segment, numbers);
  return wrong === undefined ? { segment, numbers } : { wrong, code: 'POLICY_UNKNOWN_PATH' };
}

/** What is wrong with a path that the standard does not have; Z-segments are everybody's own. */
function unknown(table: Hl7FieldTable, segment: string, numbers: readonly number[]): string | undefined {
  const [field, ...parts] = numbers;
  if (numbers.includes(0)) return 'fields and components are counted from 1';
  if (segment.startsWith('Z')) return undefined;
  const known = table.segments[segment];
  if (!known) {
    const hint = didYouMean(segment, Object.keys(table.segments)) || 'name a segment of HL7 2.1 to 2.8';
    return `there is no segment ${segment}; ${hint}`;
  }
  if (field === undefined) return undefined;
  let types = fieldTypes(table, segment, field);
  if (types.length === 0) {
    return `${segment} has no field ${field}; did you mean one of ${segment}-1 to ${segment}-${known.length}?`;
  }
  for (const [depth, part] of parts.entries()) {
    const count = componentCount(table, types);
    const open = types.some((type) => OPEN_TYPES.includes(type));
    if (part > Math.max(1, count) && !open) {
      const name = `${segment}-${[field, ...parts.slice(0, depth)].join('.')}`;
      return `${name} has no part ${part}; did you mean one of ${name}.1 to ${name}.${Math.max(1, count)}?`;
    }
    types = partTypes(table, types, part);
  }
  return undefined;
}

/** The first part of a primitive value is the value itself. */
export function partTypes(table: Hl7FieldTable, types: readonly string[], part: number): string[] {
  const primitives = part === 1 ? types.filter((type) => table.types[type] === undefined) : [];
  return [...new Set([...primitives, ...componentTypes(table, types, part)])];
}
