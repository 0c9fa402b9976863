import { field, HEADER, run, segment, TABLES, tablesOf, transformOf } from './run-message';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';

const PID = (separator: string): string => ['PID', '1', '123456789', '', '', '', '', '', 'F'].join(separator);
const KEPT_PID = 'PID|1|||||||F';

describe('delimiters', () => {
  test('may be others, and stay', () => {
    expect(run('MSH$%*!?$a$b$c$d$20240611$$ADT%A01').text).toBe('MSH$%*!?$$$$$2024$$ADT%A01');
    const { segments } = run('MSH$%*!?\rPID$1$$M1%%%H%MR*S%%%%SS$$JOE%ANN\rOBX$1$CE$A?x%Joe%LN$$POS%Joe%L');
    expect(segments[1]).toMatch(/^PID\$1\$\$[0-9a-f-]{36}%%%%MR$/);
    expect(segments[2]).toBe('OBX$1$CE$A%%LN$$POS%%L');
  });

  test('that are missing separate nothing, and do not let through what they would have separated', () => {
    expect(run(`MSH|^\rOBX|1|NM|A^Joe^LN||12~Joe`).segments[1]).toBe('OBX|1|NM|A^^LN');
    expect(run(`MSH|^~\rOBX|1|NM|A^Joe^LN||12~13`).segments[1]).toBe('OBX|1|NM|A^^LN||12~13');
    expect(run(`MSH|^~\\\rDG1|1||A&Joe^^LN`).segments[1]).toBe('DG1|1');
  });

  test('may have the character for truncated values of later versions', () => {
    expect(run('MSH|^~\\&#|||||2024\rOBX|1|NM|||12').text).toBe('MSH|^~\\&#|||||2024\rOBX|1|NM|||12');
  });

  test.each([
    ['that repeat', 'MSH|^^\\&|'],
    ['that repeat the separator of fields', 'MSH^^~\\&^'],
    ['that are letters', 'MSH|abcd|'],
    ['that are digits', 'MSH|1234|'],
    ['that are parts of numbers', 'MSH|.-+&|'],
    ['that are quotes', 'MSH|"~\\&|'],
    ['that are not ASCII', 'MSH|^~\\é|'],
    ['that are too many', 'MSH|^~\\&#!|'],
    ['that are none', 'MSH||'],
    ['that are none at all', 'MSH'],
    ['that are a letter between fields', 'MSHx^~\\&x'],
    ['that are blanks', 'MSH ^~\\& '],
    ['that are control characters', 'MSH|^~\\\x05|'],
    ['with a control character and a text behind them', 'MSH|^~\\&\x05Joe Smith|'],
    ['with a control character and a text before them', 'MSH|\x1cJoe Smith|'],
  ])('%s reject the message', (_, header) => {
    expect(run(`${header}a|b\r${PID('|')}`)).toMatchObject({ code: 'HL7_BAD_SEGMENT', path: 'MSH-2', text: '' });
  });
});

describe('segments', () => {
  test.each([
    ['in lower case', 'pid|1||M1'],
    ['that are no segments', 'Joe was here'],
    ['with a name that is too long', 'PIDX|1'],
    ['with another separator', 'PID^1'],
    ['that begin with a blank', ' PID|1'],
    ['that are a second header', HEADER],
    ['of a batch', 'BTS|1'],
    ['that are cut', 'PI'],
    ['that hold a zero byte', 'PI\0|1'],
  ])('%s reject the message', (_, line) => {
    expect(run(`${HEADER}\r${line}\rOBX|1`)).toMatchObject({ code: 'HL7_BAD_SEGMENT', text: '' });
  });

  test('without a header are no message', () => {
    expect(run(PID('|')).code).toBe('HL7_NO_MSH');
    expect(run('').code).toBe('HL7_NO_MSH');
    expect(run(HEADER.toLowerCase()).code).toBe('HL7_BAD_SEGMENT');
  });

  test('of which nothing is kept are emptied, and so are those of a site', () => {
    for (const id of ['ZPD', 'ZAA', 'Z99', 'NTE', 'IN2', 'ROL', 'PRT']) {
      expect(segment(`${id}|1|JOE|123-45-6789^JOE`)).toBe(id);
    }
  });

  test('that nobody has named disappear: their names may be text', () => {
    for (const id of ['JOE', 'LEE', 'Q9Q', 'YZZ']) expect(segment(`${id}|1|JOE\rOBX|1`)).toBe('OBX|1');
    expect(segment('NTE|1||ANN\rLEE')).toBe('NTE');
  });

  test('of newer versions than the table of fields stay, emptied', () => {
    for (const id of ['CDO', 'OH1', 'SGT']) expect(segment(`${id}|1|JOE`)).toBe(id);
  });

  test('may end with any line ends, several of them, and frames', () => {
    const { text } = run(`${HEADER}\rPID|1\rOBX|1|NM|||12`);
    for (const end of ['\n', '\r\n', '\r\r', '\n\n\r', '\r\x1c', '\r\x0b']) {
      expect(run([HEADER, 'PID|1', 'OBX|1|NM|||12', ''].join(end)).text).toBe(text);
    }
  });

  test('cut by a line end in a text leave nothing of it', () => {
    expect(run(`${HEADER}\rNTE|1||Joe\nSmith|x`).code).toBe('HL7_BAD_SEGMENT');
    expect(segment('NTE|1||Joe\nOBX|1|TX|||Joe Smith')).toBe('NTE\rOBX|1|TX');
  });

  test('of a patient may come again, each judged on its own', () => {
    const person = (id: string, birth: string, death: string): string =>
      `PID|||${id}||||${birth}${'|'.repeat(22)}${death}`;
    const { segments } = run(`${HEADER}\r${person('A', '1930', '2018')}\r${person('B', '1930', '')}`);
    expect(segments[1]).toMatch(/^PID\|\|\|[0-9a-f-]{36}\|\|\|\|1930\|+2018$/);
    expect(segments[2]).toMatch(/^PID\|\|\|[0-9a-f-]{36}$/);
  });

  test('with tens of thousands of fields, components or repetitions are gone through', () => {
    expect(segment(`PID|1${'|Joe Smith'.repeat(50_000)}`)).toMatch(/^PID\|1\|\|[0-9a-f-]{36}\|{27}Y$/);
    expect(field('OBX-3', `A^^L${'^Joe Smith'.repeat(50_000)}`)).toBe('A^^L');
    expect(field('PID-10', `A${'~Joe Smith'.repeat(50_000)}~B`)).toBe(`A${'~'.repeat(50_001)}B`);
    expect(field('NTE-3', 'Joe '.repeat(500_000))).toBe('');
  });
});

describe('the version that a message claims', () => {
  test.each(['2.8', '2.1', '9.9', '', 'JOE', '2.8^JOE'])(
    '%j lets nothing through that another would not',
    (version) => {
      const { segments } = run(`MSH|^~\\&||||||||1|P|${version}\r${PID('|')}\rPID|||||||||||||||||||123456789|S1`);
      expect(segments[1]).toBe(KEPT_PID);
      expect(segments[2]).toBe('PID');
    },
  );

  test.each(['PID-2', 'PID-4', 'PID-9', 'PID-12', 'PID-19', 'PID-20', 'PID-28'])(
    'a withdrawn field, %s, stays dropped',
    (name) => {
      expect(field(name, '123456789')).toBe('');
      expect(field(name, 'A')).toBe('');
    },
  );
});

describe('escapes', () => {
  test.each([
    ['OBX-3', '\\X4A6F6520536D697468\\', ''],
    ['OBX-3', 'A\\F\\B', ''],
    ['OBX-3', '\\X31\\\\X32\\\\X33\\\\X34\\\\X35\\\\X36\\', ''],
    ['OBX-3', 'A\\X0D\\PID', ''],
    ['OBX-3', 'A\\.br\\B', ''],
    ['OBX-3', 'A\\C2842\\', ''],
    ['OBX-3', 'A\\', ''],
    ['OBX-3', 'A\\X4\\', ''],
    ['OBX-3', 'A\\X4A\\', 'A\\X4A\\'],
    ['OBX-3', '\\H\\A\\N\\', '\\H\\A\\N\\'],
    ['OBX-14', '\\X32303234\\', '2024'],
    ['OBX-14', '\\X31393230\\', ''],
    ['PID-3', '123\\X2D\\45-6789', ''],
    ['PID-3', '123^^^\\X53\\SA', ''],
    ['PID-3', '123^^^^S\\X53\\', ''],
    ['PID-11', '^^^MA^02139^C\\X41\\N', '^^^^000'],
    ['PID-11', '^^^MA^036\\X30\\1', '^^^MA^000'],
  ])('are no way around a rule: %s %s becomes %j', (name, written, shown) => {
    expect(field(name, written)).toBe(shown);
  });

  test('do not hide that an observation is of an age', () => {
    expect(segment('OBX|1|NM|A^^L^3052\\X35\\-0||9\\X35\\')).toBe('OBX|1|SN|A^^L||>^89|a');
    expect(segment('OBX|1|NM|A^^L||95|\\X61\\')).toBe('OBX|1|SN|A^^L||>^89|a');
    expect(segment('OBX|1|SN|A^^L||^9\\X35\\|a')).toBe('OBX|1|SN|A^^L||>^89|a');
  });
});

describe('a repetition where the standard has none', () => {
  test.each([
    ['A^^L~30525-0^^LN', '95', '', '>^89|a'],
    ['A^^L~B^^L^30525-0^^LN', '95', 'mg', '>^89|a'],
    ['A^^L', '95', 'mg~a', '>^89|a'],
    ['A^^L', '95', 'mg~mg^^L^a^^L', '>^89|a'],
    ['A^^L', '12', 'mg~a', '12|mg~a'],
  ])('does not hide that an observation is of an age: %s %s %s', (code, value, unit, shown) => {
    expect(segment(`OBX|1|NM|${code}||${value}|${unit}`).split('|').slice(5).join('|')).toBe(shown);
  });

  test('of a date of death shows no year of birth from which an age over 89 follows', () => {
    const line = (death: string): string => segment(`PID|||||||1930${'|'.repeat(22)}${death}`);
    expect(line('2018')).toBe(`PID|||||||1930${'|'.repeat(22)}2018`);
    expect(line('2018~2024')).toBe(`PID${'|'.repeat(29)}2018~2024`);
    expect(line('2018^x~2024')).toBe(`PID${'|'.repeat(29)}2018~2024`);
    expect(line('~1920')).toBe(`PID${'|'.repeat(30)}Y`);
  });
});

test('a unit of time in the second alternate, or beside a code, tells an age too', () => {
  expect(segment(`OBX|1|NM|A^^L||95|mg^^^^^^^^^a`)).toBe('OBX|1|SN|A^^L||>^89|a');
  expect(segment(`OBX|1|CE|A^^L||95|a`)).toBe('OBX|1|CE|A^^L|||a');
  expect(segment(`OBX|1|IS|A^^L||POS|mg`)).toBe('OBX|1|IS|A^^L||POS|mg');
});

describe('bytes that are no text', () => {
  const raw = Buffer.from([0x41, 0xe9, 0x42]);

  test('are dropped from a city of a limited data set, in escapes that cannot be read too', () => {
    const limited = tablesOf([], { name: 'limited-data-set' });
    const city = (...bytes: number[]): string =>
      field('PID-11', Buffer.concat([Buffer.from('^^Salem'), Buffer.from(bytes)]), limited);
    expect(city(0x20, 0x4d)).toBe('^^Salem M');
    expect(city(0x5c, 0x5a, 0x5c)).toBe('^^Salem\\Z\\');
    expect(city(0x5c, 0xff, 0x5c)).toBe('');
    expect(city(0x5c, 0x0b, 0x5c)).toBe('');
    expect(city(0x5c, 0x58, 0x30, 0x42, 0x5c)).toBe('');
  });

  test.each(['OBX-3', 'PID-5', 'PID-10', 'PID-11', 'NTE-3', 'OBX-6'])('are dropped in %s', (name) => {
    expect(field(name, raw)).toBe('');
  });

  test('are dropped even where a rule keeps the value', () => {
    const tables = tablesOf([{ path: 'NTE-3', method: 'keep' }]);
    expect(field('NTE-3', raw, tables)).toBe('');
    expect(field('NTE-3', 'Zoë', tables)).toBe('Zoë');
    expect(field('NTE-3', 'a\0b', tables)).toBe('');
  });

  test('in an id do not stop it from becoming a code', () => {
    expect(field('PID-3', raw)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('a rejected message leaves neither bytes nor counts', () => {
  const transform = transformOf(tablesOf([{ path: 'PID-5.1', method: 'cryptoHash' }]));
  const out = new ByteWriter();
  const bytes = Buffer.from(`${HEADER}\rPID|1||M1||Joe|||20240101\rjunk`);
  expect(transform.transform(bytes, 0, bytes.length, out)).toBe('HL7_BAD_SEGMENT');
  const { redacted, hashed, generalized, shifted } = transform.counts();
  expect([out.length, redacted, hashed, generalized, shifted]).toEqual([0, 0, 0, 0, 0]);
});

test('a message above the cap is rejected', () => {
  const tables = { ...TABLES, limits: { ...TABLES.limits, maxRecordBytes: 20 } };
  expect(run(HEADER, tables).code).toBe('REC_TOO_LARGE');
});
