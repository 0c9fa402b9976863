/**
 * Sound files of every format, with a canary wherever a record may hold what identifies somebody. The canary has
 * spaces and letters: nothing that may be kept (a code, a number, a date, a state) has its form.
 */
import { Random } from '../test/support/random';
import { syntheticFile } from '../test/support/synthetic-patients';

export const CANARY = 'Zq Kanarie 77';
/** Where a city or a state stands: a limited data set keeps it. */
const PLACE = 'Zp Ort 77';
/** The canary in any spelling that a writer could give it. */
export const LEAK = /Zq(?: |\\u0020|\\X20\\|%20|\+)Kanarie/i;

export type TargetName = 'fhir' | 'bundle' | 'hl7v2' | 'csv';

export const SEEDS: Readonly<Record<TargetName, (random: Random) => string>> = {
  fhir: (random) => lines(random).join('\n'),
  bundle: (random) => {
    const entry = lines(random).map((line) => `{"fullUrl":"urn:uuid:${random.uuid()}","resource":${line}}`);
    return `{"resourceType":"Bundle","type":"collection","entry":[${entry.join(',\n')}]}`;
  },
  hl7v2: (random) => messages(random).join(random.pick(['', '\n', '\r\n'])),
  csv: (random) => table(random),
};

function lines(random: Random): string[] {
  const seed = random.between(1, 1000);
  const synthetic = [...syntheticFile({ patients: 1, seed })].join('').split('\n').filter(Boolean);
  return [planted(random), ...synthetic.slice(0, random.between(0, 12)).map(withCanaries), planted(random)];
}

const TEXTS = /"(family|display|text|div|value|line|valueString|authorString)":"[^"\\]*"/g;

/** Texts of a made-up record, replaced. */
function withCanaries(line: string): string {
  return line.replace(TEXTS, (_, name: string) => `"${name}":"${CANARY}"`);
}

/** A patient with the canary in every place that Safe Harbor empties, some of them unusual. */
function planted(random: Random): string {
  const escaped = random.chance(30) ? CANARY.replace(/ /g, '\\u0020') : CANARY;
  const extension = `[{"url":"http://example.org/${random.digits(3)}","valueString":"${escaped}"}]`;
  const members = [
    `"id":"${random.uuid()}"`,
    `"meta":{"source":"${escaped}","tag":[{"display":"${escaped}"}]}`,
    `"text":{"status":"generated","div":"<div>${escaped}</div>"}`,
    `"name":[{"family":"${escaped}","given":["${escaped}"],"_family":{"extension":${extension}}}]`,
    `"telecom":[{"system":"phone","value":"${escaped}"}]`,
    `"address":[{"line":["${escaped}"],"city":"${PLACE}","state":"${PLACE}","postalCode":"${PLACE}","country":"US"}]`,
    `"birthDate":"1950-01-0${random.between(1, 9)}"`,
    `"_birthDate":{"extension":${extension}}`,
    `"identifier":[{"system":"${escaped}","value":"${escaped}"}]`,
    `"contact":[{"name":{"text":"${escaped}"},"gender":"male"}]`,
    `"generalPractitioner":[{"reference":"Practitioner/${escaped}","display":"${escaped}","identifier":{"value":"${escaped}"}}]`,
    `"maritalStatus":{"coding":[{"system":"http://loinc.org","code":"${escaped}","display":"${escaped}"}],"text":"${escaped}"}`,
    `"contained":[{"resourceType":"Basic","id":"a","subject":{"display":"${escaped}"}}]`,
    `"extension":${extension}`,
    `"${escaped}":"${escaped}"`,
    `"\\u006eame":[{"text":"${escaped}"}]`,
  ];
  const chosen = members.filter(() => random.chance(70)).sort(() => random.int(3) - 1);
  chosen.splice(random.int(chosen.length + 1), 0, '"resourceType":"Patient"');
  return `{${chosen.join(',')}}`;
}

function messages(random: Random): string[] {
  const end = random.pick(['\r', '\n', '\r\n']);
  const message = (): string =>
    [
      `MSH|^~\\&|${CANARY}|${CANARY}|${CANARY}||20240131093000||ADT^A01^ADT_A01|${random.digits(8)}|P|${random.pick(['2.3', '2.5.1', '2.8', ''])}`,
      `EVN|A01|20240131|||${CANARY}^${CANARY}`,
      `PID|1|${CANARY}|${random.digits(7)}^^^${CANARY}^MR~${CANARY}|${CANARY}|${CANARY}^${CANARY}||19500101|F|${CANARY}|2106-3|${CANARY}^^${PLACE}^MI^48109^USA||${CANARY}|${CANARY}||M||${CANARY}|${CANARY}`,
      `NK1|1|${CANARY}^${CANARY}|SPO|${CANARY}`,
      `PV1|1|I|${CANARY}^${CANARY}|||${CANARY}|${CANARY}^${CANARY}||||||||||||${CANARY}`,
      `OBX|1|${random.pick(['NM', 'ST', 'TX', 'CE'])}|8867-4^${CANARY}^LN||${random.pick(['72', CANARY])}|/min^${CANARY}^UCUM|||||F|||20240131`,
      `NTE|1||${CANARY}\\T\\${CANARY}`,
      `ZPD|${CANARY}|${CANARY}`,
      '',
    ].join(end);
  const count = random.between(1, 3);
  const all = Array.from({ length: count }, message);
  return random.chance(30) ? [`BHS|^~\\&|${CANARY}${end}`, ...all, `BTS|${count}${end}`] : all;
}

function table(random: Random): string {
  const delimiter = random.pick([',', '|', '\t']);
  const header = [
    'Id',
    'BIRTHDATE',
    'SSN',
    'FIRST',
    'LAST',
    'ADDRESS',
    'CITY',
    'STATE',
    'ZIP',
    'GENDER',
    'NOTE',
    'INCOME',
  ];
  const cell = (text: string): string => (random.chance(30) ? `"${text}"` : text);
  const row = (): string =>
    [random.uuid(), '1950-01-02', CANARY, CANARY, CANARY, CANARY, PLACE, PLACE, '48109', 'F', CANARY, '1.00']
      .map(cell)
      .join(delimiter);
  const rows = Array.from({ length: random.between(1, 6) }, row);
  return [header.join(delimiter), ...rows, ''].join(random.pick(['\n', '\r\n']));
}
