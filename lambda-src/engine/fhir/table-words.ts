import type { FieldAction, NodeKind } from '../../../src/deidentification/private/fhir/tables';

/** What the tables say in words, and the engine knows by the place of the word in its list. */

/** From `keep` to `type` a value is written as it stands, if at all. */
export const ACTIONS: readonly FieldAction[] = [
  'drop',
  'keep',
  'code',
  'system',
  'coded',
  'unit',
  'any',
  'type',
  'walk',
  'year',
  'ref',
  'id',
  'state',
  'zip3',
  'extension',
  'resource',
  'modifier',
  'rule',
  'whole',
  'cases',
];
export const enum Action {
  DROP,
  KEEP,
  CODE,
  SYSTEM,
  CODED,
  UNIT,
  ANY,
  TYPE,
  WALK,
  YEAR,
  REF,
  ID,
  STATE,
  ZIP3,
  EXTENSION,
  RESOURCE,
  MODIFIER,
  RULE,
  WHOLE,
  CASES,
}

export const KINDS: readonly NodeKind[] = [
  'plain',
  'coding',
  'reference',
  'quantity',
  'age',
  'address',
  'observed',
  'answer',
  'mortal',
  'extension',
];
export const enum Kind {
  PLAIN,
  CODING,
  REFERENCE,
  QUANTITY,
  AGE,
  ADDRESS,
  OBSERVED,
  ANSWER,
  MORTAL,
  EXTENSION,
}

export const PRIMITIVES = [
  'boolean',
  'decimal',
  'integer',
  'unsignedInt',
  'positiveInt',
  'uri',
  'date',
  'dateTime',
  'instant',
  'time',
] as const;
export const enum Primitive {
  BOOLEAN,
  DECIMAL,
  INTEGER,
  UNSIGNED,
  POSITIVE,
  URI,
  DATE,
  DATE_TIME,
  INSTANT,
  TIME,
}
