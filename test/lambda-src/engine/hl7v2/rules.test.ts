import { field, HEADER, run, segment, tablesOf, transformOf, UUID } from './run-message';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';

const rules = (...all: readonly object[]): ReturnType<typeof tablesOf> => tablesOf(all);

test('the rules of the example do what they say', () => {
  const tables = rules(
    { path: 'PID-5', method: 'redact' },
    { path: 'PID-7', method: 'year' },
    { path: 'ZPD-3', method: 'keep' },
    { path: 'PID-11.5', method: 'zip3' },
  );
  expect(segment('PID|||||Joe||19700203||||1 Main^^Boston^MA^02139', tables)).toBe('PID|||||||1970||||^^^MA^021');
  expect(segment('ZPD|1|2|Joe^Smith~3&4|5', tables)).toBe('ZPD|||Joe^Smith~3&4');
});

test('a rule for ZIP codes shows no digits of another country, as the profile does not', () => {
  const tables = rules({ path: 'PID-11.5', method: 'zip3' });
  expect(field('PID-11', '1 Main^^Boston^MA^02139^USA', tables)).toBe('^^^MA^021');
  expect(field('PID-11', 'Weg 1^^Berlin^BE^10115^DEU', tables)).toBe('^^^^000');
});

test('a value becomes what its method makes of it', () => {
  expect(field('PID-5', 'Joe^Ann', rules({ path: 'PID-5.2', method: 'cryptoHash' }))).toMatch(/^\^[0-9a-f-]{36}$/);
  expect(field('PID-19', '123456789', rules({ path: 'PID-19', method: 'cryptoHash' }))).toMatch(UUID);
  expect(field('PID-8', 'M', rules({ path: 'PID-8', method: 'substitute', replaceWith: 'U' }))).toBe('U');
  expect(field('PID-7', '19200203', rules({ path: 'PID-7', method: 'year' }))).toBe('');
  expect(field('PID-19', '', rules({ path: 'PID-19', method: 'substitute', replaceWith: 'U' }))).toBe('');
});

test('a date that a rule generalizes to is written as a message writes dates', () => {
  const cases = { '$this < @1960-01-01': '@1950-06-15' };
  expect(field('PID-7', '19500304', rules({ path: 'PID-7', method: 'generalize', cases }))).toBe('19500615');
  expect(field('ZPD-1', '19500304', rules({ path: 'ZPD-1', method: 'generalize', cases }))).toBe('19500615');
});

test('a whole field with components can be replaced, in each repetition', () => {
  const tables = rules({ path: 'PID-5', method: 'substitute', replaceWith: 'X' });
  expect(field('PID-5', 'Joe^Ann~Bob', tables)).toBe('X~X');
});

test('what a rule makes is escaped in the delimiters of the message', () => {
  const tables = rules({ path: 'PID-8', method: 'substitute', replaceWith: 'a|b^c~d&e\\f\rg#é' });
  expect(field('PID-8', 'M', tables)).toBe('a\\F\\b\\S\\c\\R\\d\\T\\e\\E\\f\\X0D\\g#é');
  expect(run(`MSH$%*!?\rPID${'$'.repeat(8)}M`, tables).segments[1]).toBe(`PID${'$'.repeat(8)}a|b^c~d&e\\f!X0D!g#é`);
  expect(run(`MSH|^~\rPID${'|'.repeat(8)}M`, tables).segments[1]).toBe('PID');
});

test('a rule reads a value without its escapes', () => {
  const tables = rules({ path: 'PID-5.1', method: 'cryptoHash' });
  expect(field('PID-5', '\\X4A\\oe', tables)).toBe(field('PID-5', 'Joe', tables));
  expect(field('PID-5', '\\XFF\\', tables)).toBe('');
});

test('a rule that makes codes of patient ids makes none of the numbers beside them that others have given', () => {
  const tables = rules({ path: 'PID-3.1', method: 'cryptoHash' });
  const ids = '12345^^^HOSP^MR~999-11-2222^^^SSA^SS~S99988801^^^MA^DL~ 12345 ^^^HOSP^MR';
  const code = field('PID-3', '12345');
  expect(field('PID-3', ids, tables)).toBe(`${code}^^^^MR~~~${code}^^^^MR`);
  expect(field('PID-3', ids, tables)).toBe(field('PID-3', ids));
  expect(segment('PV1|||||||||||||||||||999-11-2222^^^SSA^SS', rules({ path: 'PV1-19.1', method: 'cryptoHash' }))).toBe(
    'PV1',
  );
});

test('a rule reads a value without the blanks around it, so that an id has one code', () => {
  const coded = rules({ path: 'PID-2.1', method: 'cryptoHash' });
  expect(field('PID-2', ' 12345 ', coded)).toBe(field('PID-3', '12345'));
  expect(field('PID-2', '  ', coded)).toBe('');
  expect(field('PID-7', ' 19700203 ', rules({ path: 'PID-7', method: 'dateShift' }))).toBe('1970');
});

test('dates of one patient are shifted alike, in every segment and message', () => {
  const tables = rules(
    { path: 'PID-7', method: 'dateShift' },
    { path: 'OBX-14', method: 'dateShift' },
    { path: 'EVN-2', method: 'dateShift' },
  );
  const days = (patient: string): number[] => {
    const { segments } = run(`${HEADER}\rEVN|A01|20240310\r${patient}\rOBX|1|NM|||5|||||||||20240320`, tables);
    return [segments[1].split('|')[2], segments[3].split('|')[14]].map((date) =>
      Math.round(
        Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 86_400_000,
      ),
    );
  };
  const [event, observed] = days('PID|||M1^^^H^MR');
  expect(observed - event).toBe(10);
  expect(days('PID|||123^^^^SS~ \\X4D\\1 ')).toEqual([event, observed]);
  expect(days('PID|||M2')).not.toEqual([event, observed]);
});

test('without a patient a date that is to be shifted becomes its year', () => {
  const tables = rules({ path: 'OBX-14', method: 'dateShift' });
  expect(field('OBX-14', '20240310', tables)).toBe('2024');
});

test('each patient of a message has their own shift', () => {
  const tables = rules({ path: 'PID-33', method: 'dateShift' });
  const line = (id: string): string => `PID|||${id}${'|'.repeat(30)}20240310`;
  const [, first, second, again] = run(`${HEADER}\r${line('A')}\r${line('B')}\r${line('A')}`, tables).segments;
  expect(again).toBe(first);
  expect(second.split('|')[33]).not.toBe(first.split('|')[33]);
});

test('a year of birth under a rule heeds the year of death', () => {
  const tables = rules({ path: 'PID-7', method: 'year' });
  const line = (birth: string, death: string): string => `PID|||||||${birth}${'|'.repeat(22)}${death}`;
  expect(segment(line('19300101', '20180101'), tables)).toBe(`PID|||||||1930${'|'.repeat(22)}2018`);
  expect(segment(line('19300101', ''), tables)).toBe('PID');
});

test('a dropped date of death says that the patient is dead, unless a rule drops that too', () => {
  const line = `PID${'|'.repeat(29)}20200101`;
  expect(segment(line, rules({ path: 'PID-29', method: 'redact' }))).toBe(`PID${'|'.repeat(30)}Y`);
  expect(segment(line, rules({ path: 'PID-29', method: 'redact' }, { path: 'PID-30', method: 'redact' }))).toBe('PID');
});

test('a segment that a rule keeps is kept as it stands, but what an earlier rule drops', () => {
  const tables = rules({ path: 'NTE-2', method: 'redact' }, { path: 'NTE', method: 'keep' });
  expect(segment('NTE|1|L|Joe^was&here~|x||', tables)).toBe('NTE|1||Joe^was&here~|x');
  expect(segment('OBX|1|NM', rules({ path: 'OBX', method: 'redact' }))).toBe('OBX');
});

test('a header of which a rule keeps nothing still says how the message is read, and what it is', () => {
  const { text, type } = run(`${HEADER}\rPID|1`, rules({ path: 'MSH', method: 'redact' }));
  expect([text, type]).toEqual(['MSH|^~\\&\rPID|1', 'ORU^R01']);
});

test('a rule over the value of an observation decides alone, also over ages', () => {
  const age = 'OBX|1|NM|30525-0^^LN||97|a';
  expect(segment(age, rules({ path: 'OBX-5', method: 'keep' }))).toBe(age);
  expect(segment(age, rules({ path: 'OBX-5', method: 'redact' }))).toBe('OBX|1|NM|30525-0^^LN|||a');
  expect(segment(age, rules({ path: 'OBX-5', method: 'substitute', replaceWith: 'old' }))).toBe(
    'OBX|1|NM|30525-0^^LN||old|a',
  );
});

test('counts tell what rules did, beside what the profile does', () => {
  const transform = transformOf(
    rules(
      { path: 'PID-5.1', method: 'cryptoHash' },
      { path: 'PID-7', method: 'year' },
      { path: 'PID-33', method: 'dateShift' },
    ),
  );
  const bytes = Buffer.from(`${HEADER}\rPID|||M1||Joe^Ann||19700203${'|'.repeat(26)}20240310`);
  expect(transform.transform(bytes, 0, bytes.length, new ByteWriter())).toBeUndefined();
  const { redacted, hashed, generalized, shifted } = transform.counts();
  // Header: id hashed, year; patient: id and name hashed, one component cut, a year, a day shifted.
  expect({ redacted, hashed, generalized, shifted }).toEqual({ redacted: 1, hashed: 3, generalized: 2, shifted: 1 });
});
