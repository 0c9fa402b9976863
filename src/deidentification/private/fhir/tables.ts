import type { ValueRule } from '../value-rule';

/**
 * What happens to one JSON field. The words of a policy file's methods are resolved to these, with the field's type:
 *
 * - `drop`: cut, with all below it
 * - `type`: the `resourceType` itself
 * - `keep T`: the bytes as they are, once they match the grammar of primitive type T; with `age`, cut from the age limit
 *   on where the object may hold an age
 * - `code S`: kept where the value is in value set S, else cut
 * - `year T`: the year of a date or dateTime, as written
 * - `id`, `ref`: the pseudonym of a logical id, of the id in a literal reference; `ref 1` where no guard of the object
 *   has parsed the reference: one that cannot be read is cut
 * - `state`, `zip3`, `system`, `coded`, `unit`: the guarded texts of addresses, codings and quantities
 * - `walk N`: node N decides; a second number is the node for objects whose code says that they hold an age
 * - `resource`: a resource of its own, judged by its own type
 * - `extension E`: extension set E decides, by URL
 * - `modifier`: an extension that may turn the meaning: known to no policy, so the record is rejected
 * - `any`: kept, whatever primitive it is: bytes as they are
 * - `rule R`: value rule R writes a primitive; `age` as for `keep`
 * - `whole R`: value rule R (a substitute) stands in for a primitive, an object or each item of an array; after it
 *   perhaps a node, which says what of an object stays beside the constant
 * - `cases C`: the object's own fields decide which action is taken for it
 */
export type FieldAction =
  | 'drop'
  | 'type'
  | 'keep'
  | 'code'
  | 'year'
  | 'id'
  | 'ref'
  | 'state'
  | 'zip3'
  | 'system'
  | 'coded'
  | 'unit'
  | 'walk'
  | 'resource'
  | 'extension'
  | 'modifier'
  | 'any'
  | 'rule'
  | 'whole'
  | 'cases';

/** Action, then its arguments: a type's name, or the number of a value set, a node or an extension set. */
export type CompiledField = readonly [FieldAction, ...(string | number)[]];

/** What an object needs beyond a decision per field. */
export type NodeKind =
  | 'plain'
  /** A code means nothing, or anything, without its system. */
  | 'coding'
  /** A span of 90 years or more is an age that Safe Harbor aggregates. */
  | 'quantity'
  /** The same where a number without a unit is an age in years. */
  | 'age'
  /** Nothing is left where the reference itself cannot be kept. */
  | 'reference'
  /** Nothing is left where no more than the URL can be kept. */
  | 'extension'
  /** The country decides whether a state and a ZIP are what they seem. */
  | 'address'
  /** `code` may say that the value is an age. */
  | 'observed'
  /** Nothing says what its numbers count: each may be an age. */
  | 'answer'
  /** A dropped date of death must still say that the patient is dead, and bounds the year of birth. */
  | 'mortal';

export interface CompiledNode {
  /** Type name, or the path of an anonymous type. */
  readonly name: string;
  readonly kind: NodeKind;
  /** By JSON name, in the order of the standard. A name that is absent is unknown: dropped. */
  readonly fields: Readonly<Record<string, CompiledField>>;
}

/** A decision that depends on fields of the object itself: `where(use = 'home')`. */
export interface CompiledCases {
  readonly conditions: readonly { readonly field: string; readonly equals: string }[];
  /** By the conditions that hold, as bits (the first condition is bit 0): 2^n actions. */
  readonly actions: readonly CompiledField[];
}

export interface CompiledFhir {
  /** Root node of each concrete resource type. */
  readonly resources: Readonly<Record<string, number>>;
  readonly nodes: readonly CompiledNode[];
  readonly valueSets: readonly (readonly string[])[];
  /** By set: URL of an extension (or of a part of one) to the node that decides over it. */
  readonly extensions: readonly Readonly<Record<string, number>>[];
  readonly rules: readonly ValueRule[];
  readonly cases: readonly CompiledCases[];
  readonly ids: 'hash' | 'drop';
  /** A character per ZIP prefix, 000 to 999: `1` where the three digits may be shown. */
  readonly zip3: string;
  /** Upper-case names and codes of states and territories. */
  readonly states: readonly string[];
  /** Upper-case spellings of the one country whose ZIP codes these are. */
  readonly countries: readonly string[];
  readonly codings: CompiledCodings;
  readonly ages: CompiledAges;
}

export interface CompiledCodings {
  /** Prefixes of systems that hold identifiers of people: a coding of theirs is dropped. */
  readonly identifierSystems: readonly string[];
  /** Prefixes of published terminologies. Codes of other systems must not look like a number of a person. */
  readonly knownSystems: readonly string[];
  readonly unitSystem: string;
  /** Units that may be shown. */
  readonly units: readonly string[];
}

export interface CompiledAges {
  /** Years from which an age, and a year that is as long ago, are no longer shown. */
  readonly limit: number;
  /** By unit, the number of units from which an age is over the limit. */
  readonly units: Readonly<Record<string, number>>;
  /** Present where no unit alone makes a quantity an age: a rule has to say so. */
  readonly byRule?: true;
  /** Codes that say that an observation's value is an age. */
  readonly codes: readonly string[];
}
