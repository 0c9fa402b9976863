import { field, run, segment, tablesOf, UUID } from './run-message';
import { syntheticMessage } from './synthetic-messages';
import { DeidPolicy, IdTreatment } from '../../../../src/deidentification/deid-policy';

describe('a message', () => {
  test('keeps its segments, emptied if need be, without separators that nothing follows', () => {
    const { segments, type } = run(syntheticMessage(0));
    expect(segments.map((each) => each.slice(0, 3))).toEqual('MSH EVN PID NK1 PV1 DG1 AL1 GT1 IN1 NTE ZPD'.split(' '));
    expect(segments.slice(-2)).toEqual(['NTE', 'ZPD']);
    expect(segments.filter((each) => /[|^~&]$/.test(each))).toEqual([]);
    expect(type).toBe('ADT^A01');
  });

  test('keeps of its header delimiters, year, type, a code for its id, processing id, version and character set', () => {
    const [header] = run(syntheticMessage(1)).segments;
    const [id, encoding, ...rest] = header.split('|');
    expect([id, encoding]).toEqual(['MSH', '^~\\&']);
    expect(rest[7]).toMatch(UUID);
    expect(rest.map((value, i) => (i === 7 ? 'code' : value)).join('|')).toBe(
      '||||2024||ORU^R01^ORU_R01|code|P|2.5.1||||||ASCII',
    );
  });

  test('names its type in the account only where the standard has it', () => {
    expect(run('MSH|^~\\&|||||||ADT^A08').type).toBe('ADT^A08');
    expect(run('MSH|^~\\&|||||||ACK').type).toBe('ACK');
    for (const type of ['SMITH^A01', 'JOE', 'ADT\\X41\\', '', '^A01']) {
      expect(run(`MSH|^~\\&|||||||${type}`).type).toBe('OTHER');
    }
    expect(run('MSH|^~\\&|||||||ADT^JOE').type).toBe('ADT');
  });
});

describe('ids', () => {
  test('of the patient become the same code wherever they occur', () => {
    const code = field('PID-3', '1234');
    expect(code).toMatch(UUID);
    expect(field('PID-3', '1234^^^HOSP^MR')).toBe(`${code}^^^^MR`);
    expect(field('MRG-1', '1234^^^OTHER&1.2&ISO^PI')).toBe(`${code}^^^^PI`);
    expect(field('PID-3', ' \\X31\\234 ')).toBe(code);
    expect(field('PID-3', '1235')).not.toBe(code);
  });

  test.each([
    ['a social security number by its type', '123456789^^^^SS'],
    ['one by its issuer', '123456789^^^USSSA^MR'],
    ['one by the OID of its issuer', '123456789^^^&2.16.840.1.113883.4.1&ISO'],
    ['one by the OID of its issuer, whatever the type', '123456789^^^X& 2.16.840.1.113883.4.1&ISO^MR'],
    ['one by the name of its issuer in the place of an OID', '123456789^^^&ssa&L'],
    ['one by its shape', '123-45-6789'],
    ['one by its shape, with blanks around it', ' 123-45-6789 '],
    ['a driver licence', 'S123^^^MA^DL'],
    ['a health plan number', '123^^^CMS&2.16&ISO^MC'],
    ['a type that nobody knows', '123^^^X^WHAT'],
    ['more than an id is long', 'x'.repeat(65)],
    ['blanks', '  '],
  ])('%s in the list of a patient is dropped, not hashed', (_, value) => {
    expect(field('PID-3', value)).toBe('');
    expect(field('PID-3', `${value}~1234`)).toBe(`~${field('PID-3', '1234')}`);
  });

  test('of visit, orders, appointments and messages live on as codes', () => {
    for (const name of ['PV1-19', 'ORC-2', 'ORC-3', 'OBR-2', 'OBR-3', 'SCH-1', 'MSA-2']) {
      expect(field(name, 'X1^SYSTEM')).toBe(field('PID-3', 'X1'));
    }
  });

  test('are dropped where the policy drops ids', () => {
    const tables = DeidPolicy.safeHarbor({ ids: IdTreatment.DROP })._compile();
    for (const name of ['PID-3', 'PV1-19', 'ORC-2', 'OBR-3', 'MSA-2', 'MRG-1']) {
      expect(field(name, 'X1', tables)).toBe('');
    }
    expect(run(syntheticMessage(1), tables).segments[0]).toBe(
      'MSH|^~\\&|||||2024||ORU^R01^ORU_R01||P|2.5.1||||||ASCII',
    );
  });

  test.each(
    'PID-2 PID-4 PID-18 PID-19 PID-20 PID-21 MRG-2 MRG-3 MRG-4 GT1-2 GT1-12 IN1-36 IN1-49 IN2-2 NK1-33 NK1-37 RXE-15'.split(
      ' ',
    ),
  )('of any other kind are dropped, as in %s', (name) => {
    for (const value of ['123456789', '123456789^^^HOSP^MR', 'X1']) expect(field(name, value)).toBe('');
  });
});

describe('dates', () => {
  test.each([
    ['20240611', '2024'],
    ['2024', '2024'],
    ['20240611083015.1234-0500', '2024'],
    ['202406110830+0000', '2024'],
    ['20240611^D', '2024'],
    ['19341231', ''],
    ['19350101', '1935'],
    ['20241311', ''],
    ['2024-06-11', ''],
    ['yesterday', ''],
    ['20240611 SMITH', ''],
    ['202406110', ''],
    ['""', '""'],
  ])('%s becomes %j', (written, shown) => {
    expect(field('OBX-14', written)).toBe(shown);
    expect(field('PID-7', written)).toBe(shown);
    expect(field('EVN-2', written)).toBe(shown);
  });

  test('of a range become two years', () => {
    expect(field('SPM-17', '20240101^20240202')).toBe('2024^2024');
    expect(field('SPM-17', '20240101&D^')).toBe('2024');
    expect(field('FT1-4', '19200101^20240202')).toBe('^2024');
  });

  test('of birth are shown as long as no age of 90 follows from them, at death or today', () => {
    const person = (birth: string, death: string): string => segment(`PID|||||||${birth}${'|'.repeat(22)}${death}`);
    expect(person('19350101', '')).toBe('PID|||||||1935');
    expect(person('19340101', '')).toBe('PID');
    expect(person('19360101', '20260101')).toBe(`PID${'|'.repeat(29)}2026`);
    expect(person('19370101', '20260101')).toBe(`PID|||||||1937${'|'.repeat(22)}2026`);
    expect(person('19300101', '20180101')).toBe(`PID|||||||1930${'|'.repeat(22)}2018`);
  });

  test('of death that are dropped still say that the patient is dead', () => {
    const dead = `PID${'|'.repeat(30)}Y`;
    expect(segment(`PID${'|'.repeat(29)}19200101`)).toBe(dead);
    expect(segment(`PID${'|'.repeat(29)}unknown|N`)).toBe(dead);
    expect(segment(`PID${'|'.repeat(29)}unknown||Y`)).toBe(dead);
    expect(segment(`PID${'|'.repeat(29)}""|N`)).toBe(`PID${'|'.repeat(29)}""|N`);
    expect(segment(`PID${'|'.repeat(29)}20200101|`)).toBe(`PID${'|'.repeat(29)}2020`);
  });
});

describe('addresses', () => {
  test.each([
    ['1 Main^Apt 2^Boston^MA^02139-1234^USA^H^^Middlesex', '^^^MA^021'],
    ['^^^massachusetts^02139', '^^^massachusetts^021'],
    ['^^^MA^03601', '^^^MA^000'],
    ['^^^MA^0213', '^^^MA^000'],
    ['^^^Bavaria^80331^DEU', '^^^^000'],
    ['^^^MA^02139^CAN', '^^^^000'],
    ['^^^Near the church', ''],
    ['^^^M\\X41\\^02139', '^^^M\\X41\\^021'],
    ['^^^MA&x^02139&y', '^^^MA^021'],
    ['Here~^^^NY', '~^^^NY'],
  ])('%s becomes %j', (written, shown) => {
    expect(field('PID-11', written)).toBe(shown);
  });

  test('of anybody else are dropped', () => {
    for (const name of ['NK1-4', 'GT1-5', 'IN1-5', 'IN1-19', 'ORC-22', 'ORC-24', 'OBX-24']) {
      expect(field(name, '1 Main^^Boston^MA^02139')).toBe('');
    }
  });
});

describe('codes', () => {
  test.each([
    ['2345-7^Glucose of Joe^LN', '2345-7^^LN'],
    ['49281021588^TENIVAC^NDC', '49281021588^^NDC'],
    ['123456789^Joe^L', ''],
    ['GLU1^Joe^99LAB', 'GLU1^^99LAB'],
    ['Joe Smith^^L', ''],
    ['123456789^^SSN', ''],
    ['48201^Harris^FIPS6_4', ''],
    ['48201^^FIPS64', ''],
    ['201^Harris^HL70289', ''],
    ['02138^^USZIPCODES', ''],
    ['1234^^mr', ''],
    ['1234^^A SYSTEM', ''],
    ['13089^DeKalb^FIPS6_4', ''],
    ['089^DeKalb^HL70289', ''],
    ['13^Georgia^FIPS5_2', '13^^FIPS5_2'],
    ['W4^Ward 4^HL70302', ''],
    ['1/2/50', ''],
    ['1/2/1950^^L', ''],
    ['02JAN50^^L', ''],
    ['M', 'M'],
    ['M^Male', 'M'],
    ['123456', ''],
    ['Joe Smith', ''],
    ['A^x^L^B^y^LN', 'A^^L^B^^LN'],
    ['Joe Smith^x^L^718-7^y^LN', '^^^718-7^^LN'],
    ['A^^L^^^^^^Original text^C^^LN', 'A^^L^^^^^^^C^^LN'],
    ['A&Joe^^L&Joe', 'A^^L'],
    ['^Joe', ''],
    ['""', '""'],
    ['A~Joe Smith~B^^LN', 'A~~B^^LN'],
    ['A\\T\\B^^LN', ''],
  ])('%s becomes %j', (written, shown) => {
    expect(field('OBX-3', written)).toBe(shown);
    expect(field('DG1-3', written)).toBe(shown);
  });

  test('of units are kept where they look like one', () => {
    expect(field('OBX-6', 'mg/dL^milligram of Joe^UCUM')).toBe('mg/dL^^UCUM');
    expect(field('OBX-6', '10\\S\\9/L')).toBe('10\\S\\9/L');
    expect(field('OBX-6', 'see the note below')).toBe('');
    expect(field('OBX-6', '{Joe}')).toBe('');
  });

  test('of the character set are those of the standard', () => {
    expect(run('MSH|^~\\&||||||||||||||||UNICODE UTF-8').text).toBe(`MSH|^~\\&${'|'.repeat(16)}UNICODE UTF-8`);
    expect(run('MSH|^~\\&||||||||||||||||JOE').text).toBe('MSH|^~\\&');
  });
});

describe('the value of an observation', () => {
  const value = (type: string, written: string, code = '2345-7^^LN', unit = ''): string =>
    segment(`OBX|1|${type}|${code}||${written}|${unit}`).split('|').slice(5).join('|');

  test.each([
    ['NM', '98.60', '98.60'],
    ['NM', '-5~+3.1', '-5~+3.1'],
    ['NM', 'Joe', ''],
    ['NM', '12 Joe', ''],
    ['NM', '12&Joe^Joe', '12'],
    ['SN', '>^100', '>^100'],
    ['SN', '^1^-^2', '^1^-^2'],
    ['SN', 'Joe^100^Joe^Joe', '^100'],
    ['CE', 'POS^Positive^L', 'POS^^L'],
    ['CWE', '260385009^Negative^SCT', '260385009^^SCT'],
    ['IS', 'N', 'N'],
    ['DT', '20240611', '2024'],
    ['TS', '202406110830', '2024'],
    ['TX', 'Joe is well', ''],
    ['ST', '12', ''],
    ['FT', '12', ''],
    ['ED', '^TEXT^^Base64^Sm9l', ''],
    ['RP', 'http://joe', ''],
    ['XCN', '12^Joe', ''],
    ['CX', '12', ''],
    ['TM', '0830', ''],
    ['', '12', ''],
    ['NM~NM', '12', ''],
    ['nm', '12', ''],
    ['XX', '12', ''],
  ])('of type %s, %s, becomes %j', (type, written, shown) => {
    expect(value(type, written)).toBe(shown);
  });

  test.each([
    ['NM', '89', '', '89'],
    ['NM', '90', '', '>^89|a'],
    ['NM', '95', 'a', '>^89|a'],
    ['NM', '1079', 'mo^^UCUM', '1079|mo^^UCUM'],
    ['NM', '1080', 'MO', '>^89|a'],
    ['NM', '50~91', '', '>^89|a'],
    ['SN', '^95', 'year', '>^89|a'],
    ['SN', '^80^-^95', 'a', '>^89|a'],
    ['SN', '<^95', 'a', '|a'],
    ['SN', '>^80', 'a', '>^80|a'],
    ['SI', '95', '', '>^89|a'],
    ['IS', '95', '', ''],
    ['CE', '95^^L', '', ''],
  ])('that is an age of type %s, %s %s, becomes %s', (type, written, unit, shown) => {
    for (const code of [
      '30525-0^Age^LN',
      'A^Age^L^30525-0^^LN',
      '3\\X30\\525-0',
      '35659-2^^LN',
      'AGE^^L',
      '^Age',
      'A^AGE^L',
    ]) {
      expect(value(type, written, code, unit)).toBe(shown);
    }
  });

  test('in a unit of time of 90 years or more is one even if its code does not say so', () => {
    expect(value('NM', '95', '1-8^^LN', 'a')).toBe('>^89|a');
    expect(value('NM', '40000', '1-8^^LN', 'x^^L^day')).toBe('>^89|a');
    expect(value('NM', '95', '1-8^^LN', 'mg')).toBe('95|mg');
    for (const unit of ['yo', 'Year(s)', '{years}', 'years old', '^Years', 'x^^L^y^yrs']) {
      expect(value('NM', '95', '1-8^^LN', unit)).toBe('>^89|a');
    }
  });

  test('is an age with blanks around it, too', () => {
    expect(value('NM', ' 95', ' 30525-0 ^^LN', '')).toBe('>^89|a');
    expect(value('SN', '^ 95 ', '1-8^^LN', ' a ')).toBe('>^89|a');
  });

  test('that is aggregated is declared as what it has become', () => {
    expect(segment('OBX|3|NM|30525-0^^LN||97||||||F|||20240102')).toBe('OBX|3|SN|30525-0^^LN||>^89|a|||||F|||2024');
  });
});

describe('codes of who a person is', () => {
  const FIELDS = ['PID-8', 'PID-10', 'PID-16', 'PID-22', 'PID-24', 'PID-30', 'NK1-3', 'IN1-17', 'IN1-43'];

  test.each([
    ['F', 'F'],
    ['Female', 'Female'],
    ['2106-3^White^HL70005', '2106-3^^HL70005'],
    ['1010-8^Apache^CDCREC', '1010-8^^CDCREC'],
    ['SPO^Spouse^HL70063', 'SPO^^HL70063'],
    ['M^Married^99LOCAL', 'M^^99LOCAL'],
    ['1~W', '1~W'],
    ['Doe^Jane^Q', ''],
    ['Birchley', ''],
    ['BOSTON', ''],
    ['D\\X4F\\E', ''],
    ['1234', ''],
    ['X^^^Doe', 'X'],
  ])('%s becomes %j', (written, shown) => {
    for (const name of FIELDS) expect(field(name, written)).toBe(shown);
  });

  test('are any where the policy keeps them', () => {
    expect(field('PID-10', 'Inuk', tablesOf([{ path: 'PID-10', method: 'keep' }]))).toBe('Inuk');
  });
});

test('blanks around a value mean nothing, and stay', () => {
  expect(segment('OBX|1|NM|2345-7 ^^ LN||  5.40| mg/dL||N |||F ||| 20240102')).toBe(
    'OBX|1|NM|2345-7 ^^ LN||  5.40| mg/dL||N |||F |||2024',
  );
  expect(field('PID-8', 'F ')).toBe('F ');
  expect(field('PID-7', ' 19800203 ')).toBe('1980');
  expect(field('PID-10', ' 123456 ')).toBe('');
  expect(field('PID-10', 'W^^ SSN ')).toBe('');
});

test('amounts, quantities and numbers of segments are kept, whatever else stands beside them', () => {
  expect(field('FT1-11', '100.50&USD&Joe^DC^Joe')).toBe('100.50&USD^DC');
  expect(field('FT1-11', '100.50')).toBe('100.50');
  expect(field('SPM-12', '40^mL&Milliliter&UCUM')).toBe('40^mL');
  expect(field('OBX-4', '1.2')).toBe('1.2');
  expect(field('OBX-4', '1234567')).toBe('');
  expect(field('PV1-20', 'MC^20240101')).toBe('MC');
});

test('a limited data set keeps dates, cities, states and ZIP codes, and nothing else more', () => {
  const tables = tablesOf([], { name: 'limited-data-set' });
  expect(field('PID-7', '19200203', tables)).toBe('19200203');
  expect(field('OBX-14', '202406110830-0500', tables)).toBe('202406110830-0500');
  expect(field('SPM-17', '20240101^20240202', tables)).toBe('20240101^20240202');
  expect(field('PID-11', '1 Main^Apt^Boston^MA^02139-1234^USA^^^Middlesex', tables)).toBe('^^Boston^MA^02139-1234');
  expect(segment('OBX|1|NM|30525-0^^LN||97|a', tables)).toBe('OBX|1|NM|30525-0^^LN||97|a');
  expect(field('OBX-14', 'Joe', tables)).toBe('');
  expect(field('PID-5', 'Joe', tables)).toBe('');
  expect(field('PID-19', '123456789', tables)).toBe('');
});

test('a policy that only validates decides as Safe Harbor does', () => {
  const tables = tablesOf([], { name: 'validate-only' });
  expect(run(syntheticMessage(1), tables).text).toBe(run(syntheticMessage(1)).text);
});
