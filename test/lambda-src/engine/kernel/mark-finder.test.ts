import * as fc from 'fast-check';
import { MarkFinder } from '../../../../lambda-src/engine/kernel/mark-finder';

interface Found {
  readonly marks: readonly number[];
  readonly lines: readonly (readonly [number, number])[];
}

function found(finder: MarkFinder, bytes: Uint8Array, from: number, to: number): Found {
  finder.find(bytes, from, to, 0x7c, 0x22);
  const lines: [number, number][] = [];
  do lines.push([finder.lines[lines.length * 2], finder.lines[lines.length * 2 + 1]]);
  while (finder.marks[lines[lines.length - 1][0]] !== to);
  return { marks: Array.from(finder.marks.subarray(0, lines[lines.length - 1][0] + 1)), lines };
}

function expected(bytes: Uint8Array, from: number, to: number): Found {
  const marks: number[] = [];
  const lines: [number, number][] = [];
  let empty = 0;
  for (let at = from; at <= to; at++) {
    const byte = at < to ? String.fromCharCode(bytes[at]) : '\n';
    if (!'|"\r\n'.includes(byte)) continue;
    if (marks.length > 0 && marks[marks.length - 1] === at - 1) empty++;
    marks.push(at);
    if ('\r\n'.includes(byte)) lines.push([marks.length - 1, empty]);
  }
  return { marks, lines };
}

const anyText = fc
  .string({
    unit: fc.constantFrom('|', '|', '"', '\r', '\n', 'a', 'b', ',', '\x0b', '\x00', '\xfc', '\x8a', '\xff'),
    maxLength: 80,
  })
  .map((text) => Uint8Array.from(Buffer.from(`|\r${text}|\n`, 'latin1')));

test('finds what looking at each byte finds, wherever it falls among bytes that are read together', () => {
  const finder = new MarkFinder();
  fc.assert(
    fc.property(anyText, (bytes) => {
      expect(found(finder, bytes, 2, bytes.length - 2)).toEqual(expected(bytes, 2, bytes.length - 2));
    }),
    { numRuns: 2000 },
  );
});

test('finds the same in texts longer than a window, whatever stands where one ends', () => {
  const finder = new MarkFinder();
  for (const part of ['|', '\r', 'x', 'ab|cd\r\n', '|||x']) {
    for (const length of [8191, 8192, 8193, 8207, 16_384, 20_000]) {
      const bytes = Uint8Array.from(Buffer.from(`y${part.repeat(length)}`.slice(0, length)));
      expect(found(finder, bytes, 1, length)).toEqual(expected(bytes, 1, length));
    }
  }
});

test('says when another finder has been used since', () => {
  const [one, other] = [new MarkFinder(), new MarkFinder()];
  const bytes = Uint8Array.of(0x7c);
  one.find(bytes, 0, 1, 0x7c);
  expect(one.isCurrent).toBe(true);
  other.find(bytes, 0, 1, 0x7c);
  expect([one.isCurrent, other.isCurrent]).toEqual([false, true]);
});

test('has room for no more than the longest text can have, and goes on with it', () => {
  const finder = new MarkFinder();
  let longest = 0;
  for (const length of [20_000, 9000, 100_000, 50_000]) {
    const bytes = new Uint8Array(length).fill(0x0a);
    longest = Math.max(longest, length);
    expect(found(finder, bytes, 0, length)).toEqual(expected(bytes, 0, length));
    expect([finder.marks.length, finder.lines.length]).toEqual([longest + 1, (longest + 1) * 2]);
  }
});
