import * as fc from 'fast-check';
import { plainName } from '../../../src/deidentification/private/csv/column-name';
import { compileCsv } from '../../../src/deidentification/private/csv/compile-csv';
import { COLUMN_GROUPS, columnsOf, PATIENT_COLUMNS } from '../../../src/deidentification/private/csv/dictionary';
import type { CompiledColumn, CompiledCsv } from '../../../src/deidentification/private/csv/tables';
import { RESTRICTED_ZIP3 } from '../../../src/deidentification/private/geography';
import { IDENTIFIERS } from '../../../src/deidentification/private/identifiers';
import { type PolicyProblem, PolicyProblems } from '../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../src/deidentification/private/profile';

const SETTINGS: ProfileSettings = {
  name: 'safe-harbor',
  restrictedZip3: RESTRICTED_ZIP3,
  ids: 'hash',
  unmatched: 'redact',
};

interface Compiled {
  readonly csv: CompiledCsv;
  readonly errors: readonly PolicyProblem[];
  readonly warnings: readonly PolicyProblem[];
  of(column: string): CompiledColumn | undefined;
}

function compile(rules: readonly unknown[] = [], settings: Partial<ProfileSettings> = {}): Compiled {
  const problems = new PolicyProblems();
  const csv = compileCsv({ ...SETTINGS, ...settings }, rules, problems);
  const { errors, warnings } = problems;
  return { csv, errors, warnings, of: (column) => csv.meanings[csv.columns[plainName(column)]] };
}

/** Header lines of tables that are known in full. */
const HEADERS = {
  'Synthea patients':
    'Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,MIDDLE,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,' +
    'BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,FIPS,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE,INCOME',
  'Synthea allergies':
    'START,STOP,PATIENT,ENCOUNTER,CODE,SYSTEM,DESCRIPTION,TYPE,CATEGORY,REACTION1,DESCRIPTION1,SEVERITY1,REACTION2,' +
    'DESCRIPTION2,SEVERITY2',
  'Synthea medications':
    'START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,DISPENSES,TOTALCOST,REASONCODE,' +
    'REASONDESCRIPTION',
  'Synthea conditions': 'START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION',
  'Synthea careplans': 'Id,START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION',
  'Synthea observations': 'DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE',
  'Synthea procedures': 'START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION,BASE_COST,REASONCODE,REASONDESCRIPTION',
  'Synthea immunizations': 'DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST',
  'Synthea encounters':
    'Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,' +
    'TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION',
  'Synthea imaging_studies':
    'Id,DATE,PATIENT,ENCOUNTER,SERIES_UID,BODYSITE_CODE,BODYSITE_DESCRIPTION,MODALITY_CODE,MODALITY_DESCRIPTION,' +
    'INSTANCE_UID,SOP_CODE,SOP_DESCRIPTION,PROCEDURE_CODE',
  'Synthea devices': 'START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,UDI',
  'Synthea supplies': 'DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,QUANTITY',
  'Synthea organizations': 'Id,NAME,ADDRESS,CITY,STATE,ZIP,LAT,LON,PHONE,REVENUE,UTILIZATION,NPI',
  'Synthea providers':
    'Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS,CITY,STATE,ZIP,LAT,LON,ENCOUNTERS,PROCEDURES,NPI',
  'Synthea payers':
    'Id,NAME,OWNERSHIP,ADDRESS,CITY,STATE_HEADQUARTERED,ZIP,PHONE,AMOUNT_COVERED,AMOUNT_UNCOVERED,REVENUE,' +
    'COVERED_ENCOUNTERS,UNCOVERED_ENCOUNTERS,COVERED_MEDICATIONS,UNCOVERED_MEDICATIONS,COVERED_PROCEDURES,' +
    'UNCOVERED_PROCEDURES,COVERED_IMMUNIZATIONS,UNCOVERED_IMMUNIZATIONS,UNIQUE_CUSTOMERS,QOLS_AVG,MEMBER_MONTHS',
  'Synthea payer_transitions':
    'PATIENT,MEMBERID,START_DATE,END_DATE,PAYER,SECONDARY_PAYER,PLAN_OWNERSHIP,OWNER_NAME,START_YEAR,END_YEAR',
  'Synthea claims':
    'Id,PATIENTID,PROVIDERID,PRIMARYPATIENTINSURANCEID,SECONDARYPATIENTINSURANCEID,DEPARTMENTID,PATIENTDEPARTMENTID,' +
    'DIAGNOSIS1,DIAGNOSIS2,DIAGNOSIS3,DIAGNOSIS4,DIAGNOSIS5,DIAGNOSIS6,DIAGNOSIS7,DIAGNOSIS8,REFERRINGPROVIDERID,' +
    'APPOINTMENTID,CURRENTILLNESSDATE,SERVICEDATE,SUPERVISINGPROVIDERID,STATUS1,STATUS2,STATUSP,OUTSTANDING1,' +
    'OUTSTANDING2,OUTSTANDINGP,LASTBILLEDDATE1,LASTBILLEDDATE2,LASTBILLEDDATEP,HEALTHCARECLAIMTYPEID1,' +
    'HEALTHCARECLAIMTYPEID2',
  'Synthea claims_transactions':
    'ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,METHOD,FROMDATE,TODATE,PLACEOFSERVICE,PROCEDURECODE,MODIFIER1,MODIFIER2,' +
    'DIAGNOSISREF1,DIAGNOSISREF2,DIAGNOSISREF3,DIAGNOSISREF4,UNITS,DEPARTMENTID,NOTES,UNITAMOUNT,TRANSFEROUTID,' +
    'TRANSFERTYPE,PAYMENTS,ADJUSTMENTS,TRANSFERS,OUTSTANDING,APPOINTMENTID,LINENOTE,PATIENTINSURANCEID,FEESCHEDULEID,' +
    'PROVIDERID,SUPERVISINGPROVIDERID',
  'CMS beneficiaries':
    'DML_IND|BENE_ID|STATE_CODE|BENE_COUNTY_CD|BENE_ZIP_CD|BENE_BIRTH_DT|BENE_SEX_IDENT_CD|BENE_RACE_CD|' +
    'BENE_ENTLMT_RSN_ORIG|BENE_CRNT_HIC_NUM|BENE_SRNM_NAME|BENE_GVN_NAME|BENE_MDL_NAME|MBI_NUM|DEATH_DT|RFRNC_YR|' +
    'A_MO_CNT|AGE|COVSTART|FIPS_STATE_CNTY_SEPT_CD|MDCR_STUS_JAN_CD|PTC_CNTRCT_DEC_ID|PTD_SGMT_MAY_ID|DRVD_LINE_6_ADR|' +
    'CITY_NAME|STATE_CD|STATE_CNTY_ZIP_CD|EFCTV_BGN_DT|BENE_LINK_KEY',
  'CMS claims':
    'BENE_ID|CLM_ID|NCH_CLM_TYPE_CD|CLM_FROM_DT|CLM_THRU_DT|PRVDR_NUM|CLM_PMT_AMT|ORG_NPI_NUM|AT_PHYSN_NPI|' +
    'PRNCPAL_DGNS_CD|ICD_DGNS_CD1|ICD_DGNS_CD25|ICD_DGNS_VRSN_CD7|CLM_POA_IND_SW3|ICD_PRCDR_CD25|PRCDR_DT25|' +
    'FI_DOC_CLM_CNTL_NUM|CLM_LINE_NUM|REV_CNTR|HCPCS_CD|REV_CNTR_TOT_CHRG_AMT|RNDRNG_PHYSN_NPI',
  'CMS prescription drug events':
    'PDE_ID|BENE_ID|SRVC_DT|PD_DT|SRVC_PRVDR_ID|PRSCRBR_ID|RX_SRVC_RFRNC_NUM|PROD_SRVC_ID|QTY_DSPNSD_NUM|' +
    'DAYS_SUPLY_NUM|FILL_NUM|TOT_RX_CST_AMT',
  'DE-SynPUF beneficiaries': 'DESYNPUF_ID,BENE_BIRTH_DT,BENE_DEATH_DT,SP_STATE_CODE,BENE_COUNTY_CD,SP_CHF,MEDREIMB_IP',
};

describe('the dictionary', () => {
  test.each(Object.entries(HEADERS))('knows every column of %s', (_, header) => {
    const { of } = compile();
    expect(header.split(/[,|]/).filter((column) => of(column) === undefined)).toEqual([]);
  });

  test('says one thing of each name, however it is written', () => {
    const all = COLUMN_GROUPS.flatMap(columnsOf).map(plainName);
    expect(all.filter((name, i) => all.indexOf(name) < i)).toEqual([]);
    for (const name of all) expect(name).toMatch(/^[a-z0-9]+$/);
  });

  test('names columns for each of the eighteen identifiers', () => {
    const named = new Set(COLUMN_GROUPS.map(({ identifier }) => identifier));
    expect(Object.keys(IDENTIFIERS).filter((letter) => !named.has(letter as keyof typeof IDENTIFIERS))).toEqual([]);
  });

  test('lets no identifier through Safe Harbor as it stands', () => {
    const coarse = { drop: 'BDR', year: 'C', age: 'C', zip3: 'B', id: 'R' } as Record<string, string | undefined>;
    for (const { identifier, safeHarbor } of COLUMN_GROUPS) {
      if (identifier === undefined || safeHarbor === 'drop') continue;
      expect(coarse[safeHarbor]).toContain(identifier);
    }
  });

  test('lets no more into a limited data set than 45 CFR 164.514(e) does: dates, ages, towns, states, ZIP codes', () => {
    const widened = COLUMN_GROUPS.filter(({ limited }) => limited !== undefined);
    expect(widened.map(({ identifier }) => identifier).sort()).toEqual(['B', 'B', 'C', 'C', 'C', 'C']);
    const { of } = compile([], { name: 'limited-data-set' });
    const actions = ['DOB', 'AGE', 'CITY', 'ZIP', 'SSN', 'NAME', 'ADDRESS', 'LAT', 'MRN', 'NPI', 'NOTES', 'Id'].map(
      (column) => of(column)?.action,
    );
    expect(actions).toEqual(['date', 'number', 'text', 'text', ...Array(7).fill('drop'), 'id']);
  });

  test.each(['COUNTY', 'PATIENT_COUNTY', 'FIPS', 'BENE_COUNTY_CD', 'COUNTRY'])(
    'keeps no %s in a limited data set: postal address information that 45 CFR 164.514(e)(2)(ii) does not admit',
    (column) => {
      expect(compile([], { name: 'limited-data-set' }).of(column)?.action).toBe('drop');
    },
  );

  test('is an allow-list even where all of FHIR is kept', () => {
    const { csv } = compile();
    expect(compile([], { name: 'ms-r4-compat', unmatched: 'keep' }).csv).toEqual(csv);
    expect(compile([], { name: 'validate-only' }).csv).toEqual(csv);
    expect(csv.meanings.some(({ action }) => action === 'text')).toBe(false);
  });

  test('drops ids where the policy does', () => {
    const { csv, of } = compile([], { ids: 'drop' });
    expect([of('PATIENT')?.action, csv.meanings.some(({ action }) => action === 'id')]).toEqual(['drop', false]);
  });

  test('knows the columns that say whose row it is', () => {
    const { csv, of } = compile();
    for (const column of PATIENT_COLUMNS) expect(of(column)).toBeDefined();
    expect([csv.patients[0], csv.people]).toEqual(['patient', ['id']]);
  });
});

describe('rules', () => {
  test('decide before the dictionary does, and over columns that it does not know', () => {
    const { csv, of, errors } = compile([
      { column: 'ZIP', method: 'redact' },
      { column: 'ward', method: 'keep' },
      { column: 'Visit Day', method: 'YEAR' },
      { column: 'code', method: 'substitute', replaceWith: 'x' },
    ]);
    expect(errors).toEqual([]);
    expect(of('ZIP')).toEqual({ action: 'drop' });
    expect(of('WARD')).toEqual({ action: 'text' });
    expect(of('visit_day')).toEqual({ action: 'year' });
    expect(of('CODE')).toEqual({ action: 'rule', rule: 0, role: 'observed' });
    expect(csv.rules).toEqual([{ method: 'substitute', value: 'x' }]);
  });

  test('keep what a column says about the others of its row', () => {
    const { of } = compile([
      { column: 'DOB', method: 'dateShift' },
      { column: 'DEATH_DT', method: 'year' },
      { column: 'COUNTRY', method: 'cryptoHash' },
    ]);
    expect(of('DOB')).toEqual({ action: 'rule', rule: 0, role: 'birth' });
    expect(of('DEATH_DT')).toEqual({ action: 'year', role: 'death' });
    expect(of('COUNTRY')?.role).toBe('country');
  });

  test('hash the ids of the dictionary as it does itself', () => {
    expect(compile([{ column: 'PATIENT', method: 'cryptoHash' }]).of('PATIENT')).toEqual({ action: 'id' });
    expect(compile([{ column: 'PATIENT', method: 'cryptoHash' }], { ids: 'drop' }).of('PATIENT')?.action).toBe('rule');
  });

  test('name the column that says whose row it is', () => {
    const { csv } = compile([{ column: 'Who', method: 'redact', patient: true }]);
    expect([csv.patients, csv.people]).toEqual([['who'], []]);
  });

  test('decide by the first of them: what follows is told', () => {
    const { of, warnings } = compile([
      { column: 'SSN', method: 'cryptoHash' },
      { column: 's.s.n.', method: 'redact' },
    ]);
    expect(of('SSN')?.action).toBe('rule');
    expect(warnings.slice(1)).toEqual([
      expect.objectContaining({
        section: 'csv',
        rule: 2,
        path: 's.s.n.',
        message: expect.stringMatching(/rule 1 already/),
      }),
    ]);
  });

  test.each<[unknown, RegExp]>([
    ['ZIP', /a rule must be an object, got "ZIP"; write/],
    [{ method: 'keep' }, /column must be the name of a column, got nothing; write it as in the header/],
    [{ column: ' _', method: 'keep' }, /column must be the name/],
    [{ column: 7, method: 'keep' }, /column must be the name of a column, got 7/],
    [{ column: 'ZIP', method: 'zip' }, /method must be one of .*, got "zip"; did you mean zip3\?/],
    [{ column: 'ZIP' }, /method must be one of .*, got nothing/],
    [{ column: 'ZIP', method: 'zip3', colunm: 'x' }, /a rule with method zip3 has no "colunm"; did you mean column\?/],
    [{ column: 'ZIP', method: 'zip3', replaceWith: 'x' }, /has no "replaceWith"; it takes column, method, patient/],
    [{ column: 'ZIP', method: 'substitute' }, /substitute must have replaceWith/],
    [{ column: 'VALUE', method: 'perturb' }, /perturb must have a span/],
    [{ column: 'Id', method: 'keep', patient: 'yes' }, /patient must be true or false, got "yes"; omit it for false/],
  ])('%j is an error that says how to mend it', (rule, message) => {
    const { errors } = compile([{ column: 'x', method: 'redact' }, rule]);
    expect(errors).toEqual([expect.objectContaining({ section: 'csv', rule: 2, code: 'POLICY_INVALID' })]);
    expect(errors[0].message).toMatch(message);
  });

  test('name one column only that says whose row it is', () => {
    const { errors } = compile([
      { column: 'a', method: 'redact', patient: true },
      { column: 'b', method: 'redact', patient: true },
    ]);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/one column only, got a second/)]);
  });

  test.each([
    ['SSN', 'keep', /drops the column/],
    ['ward', 'keep', /drops the column/],
    ['ZIP', 'keep', /makes zip3 of it/],
    ['DOB', 'dateShift', /makes year of it/],
    ['SSN', 'cryptoHash', /drops the column/],
    ['NAME', 'encrypt', /drops the column/],
    ['VALUE', 'perturb', /makes number of it/],
  ])('that keep more of %s than Safe Harbor does (%s) are told', (column, method, message) => {
    const rule = { column, method, ...(method === 'perturb' && { span: 1 }) };
    const { warnings } = compile([rule]);
    expect(warnings.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['SSN', 'keep', /than a limited data set, which drops the column/],
    ['NAME', 'encrypt', /than a limited data set, which drops the column/],
    ['PATIENT', 'keep', /than a limited data set, which makes id of it/],
  ])('that keep more of %s than a limited data set does (%s) are told', (column, method, message) => {
    const { warnings } = compile([{ column, method }], { name: 'limited-data-set' });
    expect(warnings.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['ZIP', 'keep'],
    ['DOB', 'dateShift'],
    ['AGE', 'perturb'],
    ['VALUE', 'perturb'],
  ])('that keep no more of %s than a limited data set does (%s) are not', (column, method) => {
    const rule = { column, method, ...(method === 'perturb' && { span: 1 }) };
    expect(compile([rule], { name: 'limited-data-set' }).warnings).toEqual([]);
  });

  test.each([
    { method: 'generalize', cases: { "$this = 'x'": "'y'" }, otherValues: 'keep' },
    { method: 'generalize', cases: { true: '$this.substring(0, 6)' } },
    { method: 'perturb', span: 1 },
    { method: 'encrypt' },
  ])('that show an id otherwise than as a code are told: %j', (rule) => {
    const { warnings } = compile([{ column: 'PATIENT_ID', ...rule }]);
    expect(warnings.map((one) => one.message)).toEqual([expect.stringMatching(/makes id of it/)]);
  });

  test('that keep whatever stands in a column of numbers or dates are told: it may be a name', () => {
    const number = { column: 'HEIGHT', method: 'generalize', cases: { '$this > 200': '200' } };
    const date = { column: 'DOB', method: 'generalize', cases: { '$this < @1950-01-01': '@1900-01-01' } };
    const limited = { name: 'limited-data-set' } as const;
    expect(compile([{ ...number, otherValues: 'keep' }]).warnings).toHaveLength(1);
    expect(compile([{ ...date, otherValues: 'keep' }], limited).warnings).toHaveLength(1);
    expect([...compile([number]).warnings, ...compile([date], limited).warnings]).toEqual([]);
  });

  test('that write constants are not', () => {
    const cases = { "$this in ('a' | 'b')": "'c'" };
    expect(compile([{ column: 'SSN', method: 'generalize', cases }]).warnings).toEqual([]);
  });

  test.each(['redact', 'year', 'zip3', 'age'])('that do not (%s) are not', (method) => {
    expect(compile([{ column: 'SSN', method }]).warnings).toEqual([]);
  });

  test('that replace ids by codes, or numbers by others, are not', () => {
    const rules = [
      { column: 'PATIENT', method: 'cryptoHash' },
      { column: 'AMOUNT', method: 'perturb', span: 1 },
    ];
    expect(compile(rules).warnings).toEqual([]);
  });

  test('of any shape lead to tables or to errors that name the rule, never to an exception', () => {
    const rule = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          column: fc.oneof(fc.constantFrom('ZIP', 'DOB', 'VALUE', 'x', ''), fc.jsonValue()),
          method: fc.oneof(
            fc.constantFrom('keep', 'year', 'zip3', 'perturb', 'generalize', 'substitute'),
            fc.jsonValue(),
          ),
          patient: fc.jsonValue(),
          span: fc.jsonValue(),
          cases: fc.jsonValue(),
          replaceWith: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        const { csv, errors } = compile(rules);
        expect(Object.values(csv.columns).every((number) => csv.meanings[number])).toBe(true);
        for (const { rule: number = -1 } of csv.meanings) expect(number).toBeLessThan(csv.rules.length);
        for (const { section, rule: number } of errors) {
          expect(section).toBe('csv');
          expect(number).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
