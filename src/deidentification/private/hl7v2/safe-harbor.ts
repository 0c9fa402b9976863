/**
 * Profile `safe-harbor` as data: 45 CFR 164.514(b)(2) as an allow-list over the fields of HL7 v2. A field that is not
 * named here is dropped, whatever a message says of it; the data type of a named one restricts further what is kept.
 */

/**
 * How a field is treated, where its data types do not say it, or say several things.
 *
 * Ids: of the things that messages are about (patient, visit, order, appointment, message), the ids live on as keyed
 * codes, as logical ids do in FHIR: without them no result could be joined to its patient. All other numbers (accounts,
 * SSN, licences, policies, alternate and prior ids, prescriptions) are dropped, not hashed.
 */
export type Treatment =
  | 'count'
  | 'number'
  | 'coding'
  | 'person'
  | 'word'
  | 'words'
  | 'unit'
  | 'year'
  | 'birth'
  | 'range'
  | 'quantity'
  | 'money'
  | 'address'
  | 'patient'
  | 'id'
  | 'valueType'
  | 'value'
  | 'charset';

/** By data type. A type that is not here is kept in no field unless the field says how. */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  SI: 'count',
  NM: 'number',
  ID: 'coding',
  IS: 'coding',
  CE: 'coding',
  CWE: 'coding',
  CNE: 'coding',
  CF: 'coding',
  TS: 'year',
  DTM: 'year',
  DT: 'year',
  DR: 'range',
  CQ: 'quantity',
  MO: 'money',
  CP: 'money',
};

/** Fields that are kept, each with its treatment where the type is not enough. */
export const KEPT: Readonly<Record<string, string>> = {
  // Message
  MSH: '7 9:words 10:id 11:words 12:word 18:charset',
  MSA: '1 2:id',
  EVN: '1:word 2 3 4 6',

  // Patient, relatives, visit
  PID: '1 3:patient 7:birth 8:person 10:person 11:address 15:coding 16:person 22:person 24:person 25 29 30:person',
  PD1: '1 2 5 6',
  MRG: '1:patient',
  NK1: '1 3:person',
  PV1: '1 2 4 10 12 13 14 15 18 19:patient 20:word 36 41 44 45',
  PV2: '3 7 8 9 10 11 24 25 27 38 40',
  DB1: '1 2 4 5 6',
  GT1: '1',
  IN1: '1 2 12 13 15 17:person 20 21 22:word 31 32 33 34 35:coding 42 43:person 47',
  ACC: '1 2 5 6',

  // Orders and results
  ORC: '1:word 2:id 3:id 4:id 5:word 6:word 9 15 16 25 29',
  OBR: '1 2:id 3:id 4 5:word 6:year 7 8 11:word 14:year 22 24 25 30 31 36 37 44 45',
  OBX: '1 2:valueType 3 4:count 5:value 6:unit 8:coding 9 10 11 12 14 17 19 20:coding',
  SPM: '1 4 5 6 7 8 9 11 12 13 15 16 17 18 19 20 21 22 23 24 25 26 27 28',
  TQ1: '1 2 7 8 9 12 14',
  TXA: '1 2 4 6 7 8 17 19',

  // Problems, procedures, allergies
  DG1: '1 2:word 3 5 6 7:coding 8:coding 9:word 10:word 11:coding 12:number 15:count 17 18 19 21 26',
  DRG: '1 2 3 4 5 6 8 10 11 15',
  PR1: '1 2:word 3 5 6 7 9 10 13 14:count 15 16 17 18 20',
  AL1: '1:count 2 3 4 6:year',
  IAM: '1 2 3 4 6 9 10 11 13 15 17 20 22',

  // Drugs and vaccines
  RXA: '1:count 2 3 4 5 6 7:unit 8 13 14:unit 16 17 18 19 20 21 22',
  RXC: '1 2 3 4:unit 5 6:unit 7 8 9:unit',
  RXD: '1 2 3 4 5:unit 6 8 11 12:quantity 14 16 17:unit 19 20 21 22 23:unit',
  RXE: '2 3 4 5:unit 6 9 10 11:unit 12 16 17 18 19:quantity 20 24:unit 25 26:unit 27 28 29:unit 30 32 35 36',
  RXG: '1:count 2 4 5 6 7:unit 8 10 12 16:unit 17 18:unit 20 21 22',
  RXO: '1 2 3 4:unit 5 9 10 11 12:unit 13 16 18 19:unit 20 22:unit 23:quantity 28',
  RXR: '1 2 3 4 6',

  // Charges and appointments
  FT1: '1 4:range 5 6 7 10 11:money 12:money 17 18 19 22:money 25 26 27 29 36 41 43',
  SCH: '1:id 2:id 3 6 7 8 9:number 10:unit 25',
  RGS: '1 2',
  AIS: '1 2 3 4 5 6:unit 7 8:unit 9 10',
  AIG: '1 2 4 6 8 9 10:unit 11 12:unit 14',
  AIL: '1 2 4 6 7 8:unit 9 10:unit 12',
  AIP: '1 2 4 6 7 8:unit 9 10:unit 12',
};

/** What an observation's value is by its declared type. Text, times, documents, persons and pointers are dropped. */
export const VALUE_TREATMENTS: Readonly<Record<string, Treatment | 'structured'>> = {
  NM: 'number',
  SN: 'structured',
  SI: 'count',
  CE: 'coding',
  CWE: 'coding',
  CNE: 'coding',
  CF: 'coding',
  ID: 'coding',
  IS: 'coding',
  MO: 'money',
  CP: 'money',
  DT: 'year',
  TS: 'year',
  DTM: 'year',
  DR: 'range',
};

/** Data types that a message may name in OBX-2. */
export const VALUE_TYPES =
  'AD CE CF CK CN CNE CP CQ CWE CX DR DT DTM ED EI FT ID IS MA MO NA NM PN RP SI SN ST TM TN TS TX XAD XCN XON XPN XTN'.split(
    ' ',
  );

/** HL7 table 0211. What is kept is ASCII, and so is its own in each of these. */
export const CHARACTER_SETS = [
  'ASCII',
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '15'].map((part) => `8859/${part}`),
  'UNICODE',
  'UNICODE UTF-8',
  'UTF-8',
];

/** Published terminologies of HL7 table 0396, whose codes are longer numbers than a stranger's system is trusted with. */
export const KNOWN_SYSTEMS = (
  'LN SCT SCT2 SNM SNM3 SNT I9 I9C I9CDX I9CP I10 I10C I10P I10G I10PCS ICD10 ICD10CM ICD10PCS ICDO ICDO3 C4 C5 CPT CPTM ' +
  'CPT4 HCPCS HPC HCPT NDC RXNORM CVX MVX NDDF NDFRT MEDCIN ATC UNII UML NUBC NUCC CDT CD2 CDCREC UCUM ISO+ ANS+ NCIT ' +
  'NCI MDDX MDDID MMX FDDC GDDB UPC'
).split(' ');

/**
 * Systems whose "codes" number people, or places smaller than a state: counties and towns of FIPS, of the census and of
 * table 0289, and the wards, rooms, beds, buildings, floors and persons of a site's own tables.
 */
export const IDENTIFYING_SYSTEMS = (
  'SS SSA SSN USSSA MR MRN MRT PI PT PN PIN AN ACSN ACCMGR VN DL DLN PPN NPI UPIN DEA MC MCN MA MB MBI HIC HICN SB SR ' +
  'XX TAX EI EN FIPS64 FIPS6_4 FIPS6-4 FIPS55_3 FIPS55-3 GNIS ZIP ZIP5 USPS USZIPCODES HL70010 HL70289 HL70302 HL70303 HL70304 HL70307 HL70308'
).split(' ');

/** HL7 table 0203: numbers that an institution gives to its own patients and visits; an id without type counts as one. */
export const PATIENT_ID_TYPES = 'MR MRT PI PT PE VN VISIT RI'.split(' ');

/** Assigning authorities whose numbers are known outside, whatever type they are given. */
export const OUTSIDE_ISSUERS = 'SSA USSSA SSN USSSN CMS HCFA USDMV DMV NPI USPPN IRS'.split(' ');

/** The same by their OIDs: HL7's branch of external identifier namespaces. */
export const OUTSIDE_BRANCH = '2.16.840.1.113883.4.';

/** Segments of versions 2.7 to 2.9 that the table of fields does not have. Nothing of them is kept but that they were there. */
export const NEWER_SEGMENTS = 'BUI CDO CTR DEV DON DPS DST MCP OH1 OH2 OH3 OH4 OMC PM1 RXV SGH SGT'.split(' ');
