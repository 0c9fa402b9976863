import { readFieldTable, type Hl7FieldTable } from './field-table';
import { Forms, keptFields, WORDS } from './forms';
import { COUNTRIES, shownZip3, STATES } from '../geography';
import { overlaySegment } from './overlay';
import { Hl7RuleReader, type Hl7Rule } from './policy-rules';
import { AGE_CODES, AGE_LIMIT, AGE_UNITS } from '../fhir/safe-harbor';
import { PERSON_WORDS } from '../person-words';
import type { PolicyProblems } from '../policy-problems';
import { isLimitedDataSet, type ProfileSettings } from '../profile';
import {
  IDENTIFYING_SYSTEMS,
  KNOWN_SYSTEMS,
  NEWER_SEGMENTS,
  OUTSIDE_BRANCH,
  OUTSIDE_ISSUERS,
  PATIENT_ID_TYPES,
} from './safe-harbor';
import type { CompiledHl7v2, CompiledSegment } from './tables';
import type { ValueRule } from '../value-rule';
import { warnOfWidenings, withProfileIds } from './widening';

/**
 * Resolves profile and rules against the field table. `unmatched` is a word of FHIR rules: a field of HL7 v2 that no rule
 * mentions is never kept for want of one.
 *
 * @param rules the `hl7v2` section of a policy file, as parsed JSON; decides before the profile does
 */
export function compileHl7v2(
  settings: ProfileSettings,
  rules: readonly unknown[],
  problems: PolicyProblems,
): CompiledHl7v2 {
  const table = readFieldTable();
  const forms = new Forms(settings);
  const profile = profileSegments(table, forms);
  const values: ValueRule[] = [];
  const read = new Hl7RuleReader(table, values, problems).read(rules);
  const given = { settings, profile, forms: forms.all, values };
  warnOfWidenings(read, given, problems);
  const effective = read.map((rule) => withProfileIds(rule, given));
  return {
    segments: { ...profile, ...overlays(profile, effective, forms, problems) },
    standard: [...Object.keys(table.segments), ...NEWER_SEGMENTS],
    values: forms.values(),
    forms: forms.all,
    words: WORDS,
    rules: values,
    messageTypes: table.messageTypes,
    codings: { known: KNOWN_SYSTEMS, identifying: IDENTIFYING_SYSTEMS },
    identifiers: { types: PATIENT_ID_TYPES, outsideIssuers: OUTSIDE_ISSUERS, outsideBranch: OUTSIDE_BRANCH },
    zip3: shownZip3(settings.restrictedZip3),
    states: STATES,
    persons: PERSON_WORDS,
    countries: COUNTRIES,
    ages: { limit: AGE_LIMIT, aggregated: !isLimitedDataSet(settings), units: AGE_UNITS, codes: AGE_CODES },
  };
}

function profileSegments(table: Hl7FieldTable, forms: Forms): Record<string, CompiledSegment> {
  const segments: Record<string, CompiledSegment> = {};
  for (const [segment, treatments] of Object.entries(keptFields(table))) {
    const fields: Record<string, number> = {};
    for (const [field, treatment] of Object.entries(treatments)) {
      const form = forms.of(treatment);
      if (form !== undefined) fields[field] = form;
    }
    segments[segment] = { fields };
  }
  return segments;
}

function overlays(
  profile: Readonly<Record<string, CompiledSegment>>,
  rules: readonly Hl7Rule[],
  forms: Forms,
  problems: PolicyProblems,
): Record<string, CompiledSegment> {
  const named = [...new Set(rules.map(({ segment }) => segment))];
  return Object.fromEntries(
    named.map((name) => {
      const own = rules.filter(({ segment }) => segment === name);
      return [name, overlaySegment(profile[name], own, forms, problems)];
    }),
  );
}
