import { fieldTypes, type Hl7FieldTable } from './field-table';
import { KEPT } from './safe-harbor';
import type { IdentifierLetter as Letter } from '../identifiers';

/** The identifiers of 45 CFR 164.514(b)(2)(i) by their letters, where HL7 v2 carries them: why a field is dropped. */
export interface IdentifierClass {
  readonly what: string;
  /** Data types that hold nothing else. */
  readonly types: readonly string[];
  /** Fields whose type does not say it. */
  readonly fields: readonly string[];
}

/** E-mail and fax have the data type of the telephone (D); no field is for vehicles, IP addresses or biometrics. */
export type IdentifierLetter = Exclude<Letter, 'E' | 'F' | 'L' | 'O' | 'P'>;

export const IDENTIFIERS: Readonly<Record<IdentifierLetter, IdentifierClass>> = {
  A: {
    what: 'names, also of relatives, of staff (with their numbers) and of employers',
    types: ['PN', 'XPN', 'PPN', 'CN', 'XCN', 'NDL', 'CM_NDL', 'CM_PRACTITIONER', 'XON'],
    fields: ['PID-6', 'PID-9', 'GT1-16', 'GT1-21', 'IN1-9', 'IN1-11', 'NK1-10', 'NK1-13', 'OBR-10'],
  },
  B: {
    what: 'places smaller than a state: addresses, wards and rooms, places of birth and of accidents',
    types: ['AD', 'XAD', 'PL', 'LA1', 'LA2', 'CM_LA1', 'CM_INTERNAL_LOCATION', 'DLD', 'CM_DLD'],
    fields: ['PID-12', 'PID-23', 'NK1-38', 'GT1-56', 'IN1-52', 'ACC-3', 'PV1-39', 'PV1-40', 'FT1-16'],
  },
  C: { what: 'times of day, and dates that say no year of an event', types: ['TM', 'TQ', 'RPT'], fields: [] },
  D: { what: 'numbers of telephone and fax, addresses of e-mail', types: ['TN', 'XTN'], fields: [] },
  G: {
    what: 'social security numbers',
    types: [],
    fields: ['PID-19', 'NK1-37', 'GT1-12', 'IN2-2'],
  },
  H: {
    what: 'record numbers',
    types: ['CX', 'CK', 'CM_PAT_ID', 'CM_PAT_ID_0192'],
    fields: ['PID-2', 'PID-4', 'MRG-2', 'MRG-4'],
  },
  I: {
    what: 'numbers of health plans and their members',
    types: [],
    fields: ['IN1-8', 'IN1-10', 'IN1-36', 'IN1-49', 'IN2-6', 'IN2-8', 'IN2-10', 'IN2-61'],
  },
  J: { what: 'account numbers', types: [], fields: ['PID-18', 'MRG-3', 'BLG-3', 'FT1-30', 'PV1-50'] },
  K: {
    what: 'numbers of certificates and licences',
    types: ['DLN', 'CM_LICENSE_NO', 'PLN', 'CM_PLN', 'SPD', 'CM_SPD'],
    fields: ['PID-20'],
  },
  M: { what: 'devices', types: [], fields: ['OBX-18', 'PRT-10', 'RXA-15', 'RXD-18', 'RXG-19'] },
  N: { what: 'URLs', types: ['RP'], fields: [] },
  Q: { what: 'images and other documents', types: ['ED'], fields: [] },
  R: {
    what: 'every other number, code or name that is given to one thing only',
    types: ['EI', 'EIP', 'CM_EIP', 'CM_PLACER', 'CM_FILLER', 'CM_GROUP_ID', 'HD', 'AUI', 'CM_AUI'],
    fields: ['FT1-2', 'FT1-3', 'FT1-42', 'RXE-15', 'RXD-7', 'PV1-5', 'OBR-18', 'OBR-19', 'OBR-20', 'OBR-21'],
  },
};

/** The identifier that a dropped field holds; `undefined` where it is kept, or dropped as text or for want of a rule. */
export function identifierOf(table: Hl7FieldTable, segment: string, field: number): IdentifierLetter | undefined {
  if (isKept(segment, field)) return undefined;
  const types = fieldTypes(table, segment, field);
  const classes = Object.entries(IDENTIFIERS) as [IdentifierLetter, IdentifierClass][];
  const named = classes.find(([, { fields }]) => fields.includes(`${segment}-${field}`));
  return (named ?? classes.find((each) => each[1].types.some((type) => types.includes(type))))?.[0];
}

/** Whether the profile keeps anything of a field. */
export function isKept(segment: string, field: number): boolean {
  return (KEPT[segment] ?? '').split(' ').some((entry) => entry.split(':')[0] === String(field));
}
