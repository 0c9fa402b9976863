import { CLINICAL_COLUMNS } from './clinical';
import { CMS_COLUMNS } from './cms';
import type { ColumnGroup } from './column-group';
import { IDENTIFIER_COLUMNS } from './identifiers';
import { RECORD_COLUMNS } from './records';

export { type ColumnGroup, columnsOf } from './column-group';

/**
 * The columns that are known: those of Synthea's tables, of the Research Identifiable Files of CMS, and common names.
 * An allow-list as the other formats have: a name that means different things in different tables stands where it
 * does no harm in any of them.
 */
export const COLUMN_GROUPS: readonly ColumnGroup[] = [
  ...IDENTIFIER_COLUMNS,
  ...RECORD_COLUMNS,
  ...CLINICAL_COLUMNS,
  ...CMS_COLUMNS,
];

/** Columns that say whose row it is, those that name nothing else first. */
export const PATIENT_COLUMNS = [
  'PATIENT',
  'PATIENT_ID',
  'SUBJECT',
  'SUBJECT_ID',
  'PERSON_ID',
  'PAT_ID',
  'PT_ID',
  'BENE_ID',
  'DESYNPUF_ID',
  'MRN',
  'PATIENT_MRN',
];

/** The same in a table of people: elsewhere an id is that of a visit, or of a claim. */
export const PERSON_COLUMNS = ['ID'];

/** How surveys write race, ethnicity, sex and marital status in more than a word. */
export const SURVEY_PHRASES = [
  'AMERICAN INDIAN',
  'AMERICAN INDIAN OR ALASKA NATIVE',
  'AMERICAN INDIAN/ALASKA NATIVE',
  'ALASKA NATIVE',
  'BLACK OR AFRICAN AMERICAN',
  'AFRICAN AMERICAN',
  'BLACK/AFRICAN AMERICAN',
  'NATIVE HAWAIIAN',
  'NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER',
  'NATIVE HAWAIIAN OR PACIFIC ISLANDER',
  'NATIVE HAWAIIAN/OTHER PACIFIC ISLANDER',
  'PACIFIC ISLANDER',
  'MIDDLE EASTERN OR NORTH AFRICAN',
  'HISPANIC OR LATINO',
  'NOT HISPANIC OR LATINO',
  'NON HISPANIC',
  'NOT HISPANIC',
  'OTHER RACE',
  'SOME OTHER RACE',
  'MORE THAN ONE RACE',
  'TWO OR MORE RACES',
  'MULTIPLE RACES',
  'NEVER MARRIED',
  'LEGALLY SEPARATED',
  'DOMESTIC PARTNER',
  'DECLINED TO ANSWER',
  'PREFER NOT TO SAY',
  'CHOOSE NOT TO DISCLOSE',
  'NOT REPORTED',
  'NOT SPECIFIED',
];
