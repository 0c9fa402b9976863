import { CANARY, mark, PLACE } from './marks';
import type { Random } from '../test/support/random';

/** Segments of which something is kept, and some of which nothing is. A second PID could say its canary in a city. */
const SEGMENTS =
  'EVN PD1 MRG NK1 PV1 PV2 GT1 IN1 ACC ORC OBR OBX SPM TQ1 TXA DG1 DRG PR1 AL1 IAM RXA RXC RXD RXE RXG RXO RXR FT1 SCH AIS NTE ZPD IN2 ROL'.split(
    ' ',
  );
const VALUES =
  ',A,1,95,1.5,1080,20240131,202401310930,1950,19300101,2018,"",a,mo,mg/dL,30525-0,MA,48109,NM,SN,CE,>,F^^99LOC,^A^99LOC,95^a,^95^-^97,M1^^^H^MR,100&USD'.split(
    ',',
  );
/** Delimiters that a message may choose, in the order of MSH-1 and MSH-2. */
const CHOICES = ['|^~\\&', '|^~\\&', '|^~\\&', '$%*!?', '|`~{}', '^|~\\&'];

/** Messages of HL7 v2 with a canary in every field that Safe Harbor empties, some of them of any segments. */
export function messages(random: Random): string[] {
  const end = random.pick(['\r', '\n', '\r\n']);
  // Codes of a published system may be long numbers, and so is not every canary.
  const published = random.chance(30);
  const text = (): string => (published ? CANARY : mark(random));
  const system = published ? 'LN' : '99LOC';
  const message = (): string => {
    const more = Array.from({ length: random.int(5) }, () => anySegment(random, text));
    const lines = [
      `MSH|^~\\&|${text()}|${text()}|${text()}||20240131093000||ADT^A01^ADT_A01|${random.digits(8)}|P|${random.pick(['2.3', '2.5.1', '2.8', ''])}`,
      `EVN|A01|20240131|||${text()}^${text()}`,
      `PID|1|${text()}|${random.digits(7)}^^^${text()}^MR~${text()}|${text()}|${text()}^${text()}||19500101|F|${text()}|2106-3|${text()}^^${PLACE}^MI^48109^USA||${text()}|${text()}||M||${text()}|${text()}`,
      `NK1|1|${text()}^${text()}|SPO|${text()}`,
      `PV1|1|I|${text()}^${text()}|||${text()}|${text()}^${text()}||||||||||||${text()}`,
      `OBX|1|${random.pick(['NM', 'ST', 'TX', 'CE'])}|8867-4^${text()}^${system}||${random.pick(['72', text()])}|/min^${text()}^${published ? 'UCUM' : '99LOC'}|||||F|||20240131`,
      `NTE|1||${text()}\\T\\${text()}`,
      `ZPD|${text()}|${text()}`,
      ...more,
      '',
    ];
    return separated(lines.join(end), random.pick(CHOICES));
  };
  const count = random.between(1, 3);
  const all = Array.from({ length: count }, message);
  return random.chance(30) ? [`BHS|^~\\&|${text()}${end}`, ...all, `BTS|${count}${end}`] : all;
}

function anySegment(random: Random, text: () => string): string {
  const component = (): string => (random.chance(40) ? text() : random.pick(VALUES));
  const several = (part: () => string, percent: number, between: string): string =>
    Array.from({ length: random.chance(percent) ? random.between(2, 6) : 1 }, part).join(between);
  const field = (): string => several(() => several(component, 30, random.pick(['^', '^', '&'])), 10, '~');
  const fields = Array.from({ length: random.between(1, 30) }, () => (random.chance(30) ? '' : field()));
  return [random.pick(SEGMENTS), ...fields].join('|');
}

function separated(message: string, choice: string): string {
  return message.replace(/[|^~\\&]/g, (one) => choice['|^~\\&'.indexOf(one)]);
}
