import type { RecordView } from './record';
import { END, NEXT, TOKEN } from './token';
import type { CompiledCases, CompiledField } from '../../../src/deidentification/private/fhir/tables';
import { sameBytes } from '../values/byte-dictionary';
import { encoded } from '../values/encoded';

/** A decision that fields of the object itself take, ready to be asked. */
export interface LoadedCases {
  readonly conditions: readonly { readonly field: string; readonly equals: Uint8Array }[];
  /** Number under which the first of the actions was loaded. */
  readonly first: number;
}

/** Numbers the actions of all cases from `from` on and has each of them loaded. */
export function loadCases(
  all: readonly CompiledCases[],
  from: number,
  load: (number: number, action: CompiledField) => void,
): LoadedCases[] {
  let next = from;
  return all.map(({ conditions, actions }) => {
    const first = next;
    for (const action of actions) load(next++, action);
    return { conditions: conditions.map(({ field, equals }) => ({ field, equals: encoded(equals) })), first };
  });
}

/** The number of the action for an object, by the conditions that hold for it: the first condition is bit 0. */
export function chooseCase({ conditions, first }: LoadedCases, record: RecordView, object: number): number {
  let number = first;
  for (let i = 0; i < conditions.length; i++) {
    const { field, equals } = conditions[i];
    const value = record.isObject(object) ? record.member(object, field) : -1;
    if (value >= 0 && isEqual(record, value, equals)) number += 2 ** i;
  }
  return number;
}

/** As FHIRPath has it: a list is equal to a text where it holds that text and nothing else. */
function isEqual(record: RecordView, value: number, text: Uint8Array): boolean {
  const { tokens } = record;
  if (record.isArray(value)) {
    const item = value + TOKEN;
    return item < tokens[value + NEXT] && record.next(item) === tokens[value + NEXT] && isEqual(record, item, text);
  }
  if (!record.isString(value)) {
    const length = tokens[value + END] - tokens[value];
    return length === text.length && sameBytes(record.bytes, tokens[value], text, 0, length);
  }
  record.text(value);
  const { textBytes, textFrom, textTo } = record;
  return textTo - textFrom === text.length && sameBytes(textBytes, textFrom, text, 0, text.length);
}
