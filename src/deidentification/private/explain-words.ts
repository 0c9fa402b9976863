import type { CompiledField } from './fhir/tables';
import type { ValueRule } from './value-rule';

/** What an action of the tables does, as a reader of a policy would say it. */
export function effectInWords([action, first, second]: CompiledField, rules: readonly ValueRule[]): string {
  switch (action) {
    case 'drop':
      return 'removed';
    case 'type':
      return 'kept: it says what the resource is';
    case 'keep':
      return `kept as it is, once it is found to be ${first}${second === 'age' ? '; removed from 90 on where it may be an age' : ''}`;
    case 'any':
      return 'kept as it is';
    case 'code':
      return 'kept where it is a code of the value set that FHIR binds it to, else removed';
    case 'year':
      return 'reduced to its year; removed where the year is as old as an age over 89';
    case 'id':
      return 'replaced by a keyed code, the same wherever the id occurs';
    case 'ref':
      return 'its id is replaced by a keyed code, the same as that of the resource; removed where it cannot be read';
    case 'state':
      return 'kept where it is a state or territory of the US, else removed';
    case 'zip3':
      return "reduced to three digits, or '000' where few people share them or it is no US ZIP code";
    case 'system':
      return 'kept, unless the system numbers people';
    case 'coded':
      return 'kept with its system, within bounds that a number of a person does not fit';
    case 'unit':
      return 'kept where it is a common unit or the same as the code, else removed';
    case 'walk':
      return 'entered: each element in it is decided on its own';
    case 'resource':
      return 'a resource of its own: judged by the rules for its type';
    case 'extension':
      return 'kept where its URL is that of an extension that the profile knows, else removed';
    case 'modifier':
      return 'the record is rejected: without it, the rest might say something else';
    case 'rule':
    case 'whole':
      return ruleInWords(rules[first as number]);
    case 'cases':
      return 'decided by fields of the element itself';
  }
}

/** What a rule makes of a single value. */
export function ruleInWords(rule: ValueRule): string {
  switch (rule.method) {
    case 'cryptoHash':
      return 'replaced by a keyed code';
    case 'encrypt':
      return 'encrypted, for those who have the key to read';
    case 'dateShift':
      return "shifted by a number of days of the patient's own, its year where there is no patient or it lies 50 years ahead; removed where it is as old as an age over 89";
    case 'year':
      return 'reduced to its year; removed where the year is as old as an age over 89';
    case 'zip3':
      return rule.padded
        ? 'three digits of it kept, zeros for the rest; only zeros where few people share them'
        : "reduced to three digits, or '000' where few people share them";
    case 'age':
      return 'kept up to 89, removed above';
    case 'substitute':
      return `replaced by ${JSON.stringify(rule.value)}`;
    case 'generalize':
      return `replaced by the first of ${rule.cases.length} cases that holds; ${rule.otherwise === 'keep' ? 'kept' : 'removed'} where none does`;
    case 'perturb':
      return `changed by noise of up to half of ${rule.span}${rule.rangeType === 'proportional' ? ' times the value' : ''} to either side`;
  }
}
