/** Made-up messages as hospitals send them: every identifying field filled, each with marks that must not come out. */

export interface SyntheticPerson {
  readonly mrn: string;
  readonly family: string;
  readonly given: string;
  readonly ssn: string;
  readonly birth: string;
  readonly street: string;
  readonly city: string;
  readonly zip: string;
  readonly phone: string;
  readonly account: string;
  readonly visit: string;
}

export function syntheticPerson(index: number): SyntheticPerson {
  const digits = (factor: number, length: number): string =>
    String((index * factor + 7_654_321) % 10 ** length).padStart(length, '1');
  return {
    mrn: `M${digits(7919, 8)}`,
    family: `Canary${index}family`,
    given: `Canary${index}given`,
    ssn: `9${digits(104_729, 8)}`,
    birth: `${1940 + (index % 70)}${two(1 + (index % 12))}${two(1 + (index % 28))}`,
    street: `${1000 + index} Canary${index} Street`,
    city: `Canary${index}ville`,
    zip: `02139-${digits(31, 4)}`,
    phone: `(617)555-${digits(37, 4)}`,
    account: `A${digits(15_485_863, 8)}`,
    visit: `V${digits(32_452_843, 8)}`,
  };
}

/** Texts that say who it is. */
export function marksOf(index: number): string[] {
  return Object.values(syntheticPerson(index));
}

/** Admissions and results in turn; three messages of each patient. */
export function syntheticMessage(index: number, end = '\r'): string {
  const person = syntheticPerson(Math.floor(index / 3));
  const segments = index % 3 === 0 ? admission(person, index) : results(person, index);
  return segments.map((segment) => segment + end).join('');
}

function header(type: string, index: number): string {
  const control = `MSG${String(index).padStart(9, '0')}`;
  return `MSH|^~\\&|CanaryADT|Canary Hospital^1.2.3^ISO|EHR|CanaryFacility|20240611083015-0500||${type}|${control}|P|2.5.1|||AL|NE|USA|ASCII`;
}

function patient({ mrn, family, given, ssn, birth, street, city, zip, phone, account }: SyntheticPerson): string {
  const name = `${family}^${given}^Q^^Dr.^^L`;
  const address = `${street}^Apt 4^${city}^MA^${zip}^USA^H^^Middlesex`;
  return `PID|1|${ssn}^^^SSA^SS|${mrn}^^^CANARYHOSP&1.2.3&ISO^MR~${ssn}^^^USSSA^SS|ALT${mrn}|${name}|${family}^Mother|${birth}|F|${name}|2106-3^White^HL70005|${address}|017|${phone}^PRN^PH|${phone}^WPN^PH|eng^English^ISO6392|M^Married^HL70002|CHR|${account}^^^CANARYHOSP^AN|${ssn}|S${ssn}^MA^20300101||2186-5^Not Hispanic^HL70189|${city}|N|1`;
}

function visit({ family, visit: number }: SyntheticPerson): string {
  const doctor = `1234^${family}^Doctor^A^^Dr.^MD^^NPI`;
  return `PV1|1|I|2NORTH^201^A^CanaryHospital|E|||${doctor}|${doctor}|${doctor}|MED||||7|||${doctor}|IN|${number}^^^CANARYHOSP^VN|MC|||||||||||||||01||||||||20240610143000|20240611080000`;
}

function admission(person: SyntheticPerson, index: number): string[] {
  const { family, given, street, city, zip, phone, ssn, account } = person;
  return [
    header('ADT^A01^ADT_A01', index),
    `EVN|A01|20240611083000||01|5678^${family}^Clerk|20240610143000`,
    patient(person),
    `NK1|1|${family}^${given}|SPO^Spouse^HL70063|${street}^^${city}^MA^${zip}|${phone}`,
    visit(person),
    `DG1|1||I50.9^Heart failure of ${family}^I10|Heart failure, ${given}|20240610|A`,
    `AL1|1|DA|7980^Penicillin^RXNORM|SV|Hives of ${given}|20010203`,
    `GT1|1|${account}|${family}^${given}||${street}^^${city}^MA^${zip}|${phone}||19700101|M||SEL|${ssn}`,
    `IN1|1|PLAN1^${family} Health|INS${account}|Canary Insurance|${street}^^${city}^MA^${zip}|||GRP${account}|||||20240101|20241231||HMO|${family}^${given}|SEL|19700101|${street}|||||||||||||||||POL${account}`,
    `NTE|1||Seen with ${given} ${family}, call ${phone}`,
    `ZPD|1|${family}^${given}|${ssn}`,
  ];
}

const PANEL = [
  '2345-7^Glucose^LN||98|mg/dL|70-105|N',
  '2951-2^Sodium^LN||141|mmol/L|136-145|N',
  '2823-3^Potassium^LN||4.20|mmol/L|3.5-5.1|N',
  '718-7^Hemoglobin^LN||13.5|g/dL|12-16|N',
  '6690-2^Leukocytes^LN||7.1|10*3/uL|4-11|N',
  '777-3^Platelets^LN||251|10*3/uL|150-400|N',
];

function results(person: SyntheticPerson, index: number): string[] {
  const { family, given, phone } = person;
  const order = `ORD${index}CANARY`;
  const doctor = `1234^${family}^Doctor^A^^Dr.^MD^^NPI`;
  return [
    header('ORU^R01^ORU_R01', index),
    patient(person),
    visit(person),
    `ORC|RE|${order}^EHR|F${order}^LAB||CM||||20240610150000|${doctor}||${doctor}`,
    `OBR|1|${order}^EHR|F${order}^LAB|24323-8^Comprehensive panel^LN|||20240610145500|||${doctor}||||20240610151000||${doctor}|${phone}|||||20240611070000||LAB|F`,
    ...PANEL.map((observation, i) => `OBX|${i + 1}|NM|${observation}|||F|||20240610145500||9876^${family}^Tech`),
    `OBX|7|TX|11502-2^Report^LN||Discussed with ${given} ${family}||||||F|||20240610145500`,
    `NTE|1|L|Called ${phone}`,
  ];
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
