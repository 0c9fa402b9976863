import * as fc from 'fast-check';
import { segmentKey } from '../../../../lambda-src/engine/hl7v2/loaded-hl7';
import { isCount, isNumber, yearOfTimestamp } from '../../../../lambda-src/engine/hl7v2/value-grammar';
import { Ask, ID, LAST, SegmentKernel, Written } from '../../../../lambda-src/engine/kernel/segment-kernel';

const FORMS = [Written.ASKED, Written.NUMBER, Written.COUNT, Written.YEAR, Written.REPEATED, Written.IDS];
const FLOOR = 1935;

const PATIENT = 2;

/** A kernel that knows a segment AAA, in which field n has form n - 1, BBB, of which nothing is kept, and PPP, a patient. */
function kernelOf(): SegmentKernel {
  const names = new Int16Array(36 ** 3).fill(-2);
  names[segmentKey(Buffer.from('AAA'), 0)] = 0;
  names[segmentKey(Buffer.from('BBB'), 0)] = -1;
  names[segmentKey(Buffer.from('PPP'), 0)] = 1;
  const segments = [
    { role: 0, unless: 9, fields: FORMS.flatMap((_, form) => [form + 1, form]) },
    { role: PATIENT, unless: 9, fields: [] },
  ];
  const kernel = new SegmentKernel({ forms: FORMS, names, segments, observation: [-1, -1, -1] }, FLOOR);
  kernel.setDelimiters(0x7c, 0x5e, 0x7e, 0x5c, 0x26);
  return kernel;
}

/** A mark of what is asked: that it is an id, or that nothing follows. */
function markOf(form: number): string {
  if (form === ID) return '#';
  return form >= LAST ? '!' : '';
}

/** What is written of a text, with `<field>` where the caller is asked, and how far; values redacted and generalized. */
function written(kernel: SegmentKernel, text: string): [string, number, number, number] {
  const bytes = Buffer.from(`|${text}|`, 'latin1');
  const reached = kernel.run(bytes, 1, 1 + text.length, false);
  const { output, asks, asksEnd, base, outputLength } = kernel;
  const slice = (from: number, to: number): string =>
    Buffer.from(output.buffer, output.byteOffset + from, to - from).toString('latin1');
  let all = '';
  let at = 0;
  for (let ask = 0; ask < asksEnd; ask += Ask.COUNT) {
    expect(slice(asks[ask + Ask.BEFORE], asks[ask + Ask.AFTER])).toMatch(/^\|*~*$/);
    const asked = bytes.toString('latin1', base + asks[ask + Ask.FROM], base + asks[ask + Ask.TO]);
    all += `${slice(at, asks[ask + Ask.AFTER])}<${asked}${markOf(asks[ask + Ask.FORM])}>`;
    at = asks[ask + Ask.AFTER];
  }
  return [all + slice(at, outputLength), reached - 1, kernel.redacted, kernel.generalized];
}

/** How `written` says that a segment is the caller's. */
function callers(place: number): number {
  return -place - 3;
}

function field(kernel: SegmentKernel, number: number, text: string): string {
  return written(kernel, `AAA${'|'.repeat(number)}${text}`)[0].slice(5 + number - 1);
}

test('writes the names of segments, and of their fields the plain ones', () => {
  const all = 'BBB|x|y\n\v\rAAA|a|1.5|12|20240131|b||c\rBBB';
  expect(written(kernelOf(), all)).toEqual(['\rBBB\rAAA|<a>|1.5|12|2024|<b!>\rBBB', all.length, 3, 1]);
});

test('keeps no separator behind the last field that is written or asked for', () => {
  expect(written(kernelOf(), 'AAA||1||||||')[0]).toBe('\rAAA||1');
  expect(written(kernelOf(), 'AAA|a|1||||||')[0]).toBe('\rAAA|<a>|1');
  expect(written(kernelOf(), 'AAA|a|||||||')[0]).toBe('\rAAA|<a!>');
  expect(written(kernelOf(), 'AAA||||19340101')).toEqual(['\rAAA', 15, 1, 0]);
});

test('leaves a segment to the caller that it does not know, that is none, or in which a field decides', () => {
  for (const strange of ['CCC|1', 'aAA|1', 'AA', 'A', 'AAA^1', 'AAA\v', 'AAA|||||||||x']) {
    const known = 'AAA||1\r';
    const all = written(kernelOf(), `${known}${strange}\rAAA||2`);
    expect(all).toEqual(['\rAAA||1', callers(known.length), 0, 0]);
  }
});

test('leaves a segment to the caller in which more is asked than there is room for', () => {
  const [text, reached] = written(kernelOf(), 'AAA|a\r'.repeat(600));
  const count = text.length / '\rAAA|<a!>'.length;
  expect(count).toBeGreaterThan(400);
  expect([text, reached]).toEqual(['\rAAA|<a!>'.repeat(count), callers(count * 'AAA|a\r'.length)]);
});

test('leaves a patient to the caller where there is no room to tell of one', () => {
  const [text, reached] = written(kernelOf(), 'PPP\r'.repeat(2000));
  const count = text.length / '\rPPP<>'.length;
  expect(count).toBeGreaterThan(400);
  expect([text, reached]).toEqual(['\rPPP<>'.repeat(count), callers(count * 'PPP\r'.length)]);
});

test('goes as far as the last segment that it can see the end of, and leaves one to the caller that it cannot', () => {
  const kernel = kernelOf();
  const [many, reached] = written(kernel, 'AAA||1\r'.repeat(5000));
  expect([reached % 7, many]).toEqual([0, '\rAAA||1'.repeat(reached / 7)]);
  expect(many.length).toBeGreaterThan(16_000);
  expect(written(kernel, `AAA|${'x'.repeat(20_000)}`).slice(0, 2)).toEqual(['', callers(0)]);
});

const parts = fc.constantFrom(
  '19',
  '20',
  '24',
  '06',
  '13',
  '00',
  '31',
  '59',
  '60',
  '7',
  '.',
  '+',
  '-',
  '0500',
  ' ',
  '"',
);
const texts = fc.array(parts, { minLength: 1, maxLength: 10 }).map((all) => all.join(''));

test('writes numbers and years only that are some, and any plain one', () => {
  const kernel = kernelOf();
  const plain = /^\d*\.?\d*$/;
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = Buffer.from(text);
      const [number, count, year] = [2, 3, 4].map((each) => field(kernel, each, text));
      const asked = `<${text}!>`;
      if (number !== asked || (plain.test(text) && text !== '.' && text.length <= 16)) expect(number).toBe(text);
      if (number === text) expect(isNumber(bytes, 0, bytes.length)).toBe(true);
      if (count !== asked || (plain.test(text) && text !== '.' && text.length <= 6)) expect(count).toBe(text);
      if (count === text) expect(isCount(bytes, 0, bytes.length)).toBe(true);
      const yearOf = yearOfTimestamp(bytes, 0, bytes.length);
      if (year !== asked) expect(year).toBe(yearOf < FLOOR ? '' : text.slice(0, 4));
      if (year === asked) expect(yearOf < 0 || text.includes('.')).toBe(true);
      if (year !== asked) expect(yearOf).toBeGreaterThan(0);
    }),
    { numRuns: 3000 },
  );
});

/** Has a field remembered. */
function remember(kernel: SegmentKernel, form: number, text: string, output: string, redacted = 0): void {
  kernel.remember(form, Buffer.from(text), Buffer.from(output), redacted, 0);
}

test('writes again what was written of a field, and counts again what was redacted', () => {
  const kernel = kernelOf();
  remember(kernel, 4, '2345-7^Glucose^LN', '2345-7^^LN', 1);
  remember(kernel, 4, 'x', '', 1);
  expect(written(kernel, 'AAA|||||2345-7^Glucose^LN')).toEqual(['\rAAA|||||2345-7^^LN', 25, 1, 0]);
  expect(written(kernel, 'AAA||7|||x')).toEqual(['\rAAA||7', 10, 1, 0]);
});

test('knows nothing of another form, of another field, or once it was to forget', () => {
  const kernel = kernelOf();
  remember(kernel, 3, 'abc', 'abc');
  expect(field(kernel, 5, 'abc')).toBe('<abc!>');
  remember(kernel, 4, 'abc', 'abc');
  expect(['abc', 'abd', 'ab', 'abc^'].map((text) => field(kernel, 5, text))).toEqual([
    'abc',
    '<abd!>',
    '<ab!>',
    '<abc^!>',
  ]);
  kernel.setDelimiters(0x7c, 0x5e, 0x7e, 0x5c, 0x26);
  expect(field(kernel, 5, 'abc')).toBe('<abc!>');
});

test('remembers fields of a length that it has room for, which do not come out longer', () => {
  const kernel = kernelOf();
  expect([0, 1, 112, 113].map((length) => kernel.canRemember(length))).toEqual([true, true, true, false]);
  const longest = 'x'.repeat(112);
  remember(kernel, 4, longest, longest);
  remember(kernel, 4, 'short', 'longer');
  expect([field(kernel, 5, longest), field(kernel, 5, 'short')]).toEqual([longest, '<short!>']);
  expect(field(kernel, 5, `${longest}x`)).toBe(`<${longest}x!>`);
});

/** Has what stands behind an id remembered. */
function rememberBehind(kernel: SegmentKernel, text: string, output: string, redacted: number, shown: boolean): void {
  kernel.remember(5, Buffer.from(text), Buffer.from(output), redacted, shown ? 1 : 0);
}

test('asks for ids alone, where what stands behind them has come before', () => {
  const kernel = kernelOf();
  expect(field(kernel, 6, 'M1^^^H^MR')).toBe('<M1^^^H^MR!>');
  rememberBehind(kernel, '^^^H^MR', '^^^^MR', 1, true);
  rememberBehind(kernel, '^^^SSA^SS', '', 3, false);
  rememberBehind(kernel, '', '', 0, true);
  expect(field(kernel, 6, 'M1^^^H^MR')).toBe('<M1#>^^^^MR');
  expect(field(kernel, 6, 'M1^^^H^MR~9^^^SSA^SS~~M2')).toBe('<M1#>^^^^MR~~~<M2#>');
  expect(field(kernel, 6, '9^^^SSA^SS~M1^^^H^MR')).toBe('~<M1#>^^^^MR');
  expect(field(kernel, 6, '123-45-6789^^^SSA^SS~M1')).toBe('~<M1#>');
  expect(written(kernel, 'AAA||1||||9^^^SSA^SS')).toEqual(['\rAAA||1', 20, 3, 0]);
});

test('asks for a field of ids as a whole, where one of them is not plain or what stands behind it is not known', () => {
  const kernel = kernelOf();
  for (const behind of ['', '^H', '&x', '\\E\\']) rememberBehind(kernel, behind, '', 0, true);
  const others = ['M1^X', ' M1', 'M1 ^H', '""', '123-45-6789', '^H', 'M&x', 'M\\E\\', 'x'.repeat(56), 'M1~M2^X'];
  for (const other of [...others, 'x~'.repeat(40)]) expect(field(kernel, 6, other)).toBe(`<${other}!>`);
});

test('does not give up a field that comes often for many that come once', () => {
  const kernel = kernelOf();
  remember(kernel, 4, 'often', 'often');
  for (let i = 0; i < 5000; i++) {
    remember(kernel, 4, `once ${i}`, `${i}`);
    if (i % 50 === 0) expect(field(kernel, 5, 'often')).toBe('often');
  }
});

test('never mistakes one field for another, however many share its rows', () => {
  const alike = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(alike, { maxLength: 300 }), (all) => {
      const kernel = kernelOf();
      for (const text of all) {
        expect([text.toUpperCase(), `<${text}!>`]).toContain(field(kernel, 5, text));
        remember(kernel, 4, text, text.toUpperCase());
        expect(kernel.outputLength).toBeGreaterThan(0);
      }
    }),
  );
});
