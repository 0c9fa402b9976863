/** Sound files of every format, with canaries wherever a record may hold what identifies somebody. */
import { table } from './csv-seeds';
import { messages } from './hl7-seeds';
import { CANARY, PLACE } from './marks';
import type { Random } from '../test/support/random';
import { syntheticFile } from '../test/support/synthetic-patients';

export type TargetName = 'fhir' | 'bundle' | 'hl7v2' | 'csv';

export const SEEDS: Readonly<Record<TargetName, (random: Random) => string>> = {
  fhir: (random) => lines(random).join('\n'),
  bundle: (random) => {
    const entry = lines(random).map((line) => `{"fullUrl":"urn:uuid:${random.uuid()}","resource":${line}}`);
    return `{"resourceType":"Bundle","type":"collection","entry":[${entry.join(',\n')}]}`;
  },
  hl7v2: (random) => messages(random).join(random.pick(['', '\n', '\r\n'])),
  csv: table,
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
