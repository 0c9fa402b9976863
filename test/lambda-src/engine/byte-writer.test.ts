import * as fc from 'fast-check';
import { ByteWriter, type Supply } from '../../../lambda-src/engine/byte-writer';

/** Makes a text of its own for each number when it is told to: until then, or once it is told to forget, all is zeros. */
class LateTexts implements Supply {
  public readonly texts = new DataView(new ArrayBuffer(1000));
  public made = 0;

  constructor(private readonly letter: string) {}

  public make(): void {
    this.made++;
    for (let i = 0; i < 1000; i++) this.texts.setUint8(i, this.textOf(i, i + 1).charCodeAt(0));
  }

  public forget(): void {
    for (let i = 0; i < 1000; i++) this.texts.setUint8(i, 0);
  }

  public textOf(from: number, to: number): string {
    return Array.from({ length: to - from }, (_, i) =>
      String.fromCharCode(this.letter.charCodeAt(0) + ((from + i) % 20)),
    ).join('');
  }
}

function textOf(out: ByteWriter, from = 0): string {
  return Buffer.from(out.written(from)).toString('latin1');
}

test('whatever is written, left open, taken back and read, in any order, is as if all had been there from the start', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), size: fc.nat(40) }),
    fc.record({ kind: fc.constant('open' as const), size: fc.integer({ min: 1, max: 40 }), late: fc.nat(1) }),
    fc.record({ kind: fc.constant('back' as const), size: fc.nat(120) }),
    fc.record({ kind: fc.constant('read' as const), size: fc.nat(100) }),
    fc.record({ kind: fc.constant('settle' as const), size: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const supplies = [new LateTexts('A'), new LateTexts('a')];
      const out = new ByteWriter(8);
      let expected = '';
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'text') {
          out.ascii('-'.repeat(one.size));
          expected += '-'.repeat(one.size);
        } else if (one.kind === 'open') {
          const supply = supplies[one.late];
          out.leaveOpen(supply, at, at + one.size);
          expected += supply.textOf(at, at + one.size);
        } else if (one.kind === 'back') {
          expected = expected.slice(0, Math.max(0, expected.length - one.size));
          out.truncate(expected.length);
        } else if (one.kind === 'settle') {
          out.settle();
          for (const supply of supplies) supply.forget();
        } else {
          const from = Math.min(one.size, expected.length);
          expect(textOf(out, from)).toBe(expected.slice(from));
        }
        expect(out.length).toBe(expected.length);
      }
      expect(textOf(out)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('more places than it has room for are filled in between', () => {
  const supply = new LateTexts('a');
  const out = new ByteWriter(8);
  for (let i = 0; i < 300; i++) out.leaveOpen(supply, i, i + 36);
  expect(supply.made).toBeGreaterThan(1);
  expect(textOf(out)).toBe(Array.from({ length: 300 }, (_, i) => supply.textOf(i, i + 36)).join(''));
});

test('nothing is made where nothing is open', () => {
  const supply = new LateTexts('a');
  const out = new ByteWriter(8);
  out.ascii('text');
  out.leaveOpen(supply, 0, 36);
  out.truncate(4);
  expect(textOf(out)).toBe('text');
  expect(supply.made).toBe(0);
});

test('it tells what is open behind a place', () => {
  const supply = new LateTexts('a');
  const out = new ByteWriter(8);
  out.ascii('text');
  expect(out.isOpen(0)).toBe(false);
  out.leaveOpen(supply, 0, 36);
  out.ascii('text');
  expect([0, 4, 5, 40].map((from) => out.isOpen(from))).toEqual([true, true, false, false]);
  out.settle();
  expect(out.isOpen(0)).toBe(false);
});
