import { DROPPED_PATHS, DROPPED_TYPES } from './fhir/safe-harbor';
import type { CompiledField } from './fhir/tables';
import { isLimitedDataSet, type ProfileSettings } from './profile';

const TEXTS = ['string', 'markdown', 'xhtml'];
const LOCATORS = ['uri', 'url', 'canonical', 'oid', 'uuid'];

/** Why the profile decides as it does over an element that no rule matches, in a sentence. */
export function explainProfile(settings: ProfileSettings, path: string, type: string, action: CompiledField): string {
  if (settings.unmatched === 'keep') return 'no rule matches it, and what no rule matches is kept (unmatched: keep)';
  if (settings.name === 'ms-r4-compat') return 'no rule matches it, and what no rule matches is redacted';
  const name = isLimitedDataSet(settings)
    ? 'a limited data set (45 CFR 164.514(e))'
    : 'Safe Harbor (45 CFR 164.514(b)(2))';
  return `no rule matches it, so ${name} decides: ${reason(path, type, action, isLimitedDataSet(settings))}`;
}

function reason(path: string, type: string, [action]: CompiledField, limited: boolean): string {
  if (action !== 'drop') return kept(action, limited);
  if (DROPPED_PATHS.includes(path)) return 'it is finer than a state, or says how a person can be reached';
  if (type === 'Extension') return 'an unknown extension may say anything';
  if (DROPPED_TYPES.includes(type)) return `a ${type} names, describes or reaches a person, or is free text`;
  if (TEXTS.includes(type)) return 'free text may hold a name';
  if (LOCATORS.includes(type)) return 'a URL or a unique number may lead to a person';
  if (type === 'code') return 'no required value set bounds what the code may be';
  if (type === 'instant' || type === 'time') return 'it is finer than a year, and has no form of one';
  return 'what the allow-list does not name, or stands in what it does not name, is removed';
}

function kept(action: CompiledField[0], limited: boolean): string {
  switch (action) {
    case 'year':
      return 'of a date directly related to an individual the year may be shown';
    case 'id':
    case 'ref':
      return 'records stay joined by keyed codes, which are not derived from anything about the person';
    case 'state':
    case 'zip3':
      return 'a state, and three digits of a ZIP code that more than 20,000 people share, may be shown';
    case 'extension':
      return 'race, ethnicity, birth sex, sex and gender identity are none of the identifiers; other extensions may say anything';
    case 'walk':
    case 'resource':
      return 'what is in it is judged part by part';
    case 'modifier':
      return 'it may turn the meaning of what is around it';
    default:
      return limited ? 'it is none of the sixteen direct identifiers' : 'it is none of the eighteen identifiers';
  }
}
