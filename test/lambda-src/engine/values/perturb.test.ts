import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { applyRule, KEY, NONE } from './apply-rule';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';

type Perturb = Extract<ValueRule, { method: 'perturb' }>;

const FIXED: Perturb = { method: 'perturb', span: 10, rangeType: 'fixed', roundTo: 2 };

function perturb(rule: Perturb, text: string, patient = 'p'): string | undefined {
  return applyRule(rule, text, { patient }).text;
}

/** From -1 to 1, by the key, the patient and the text. */
function drawOf(text: string, patient: string): number {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(patient));
  const hmac = createHmac('sha256', deriveSubKey(KEY, 'perturb')).update(length).update(patient).update(text).digest();
  return (hmac.readUIntBE(0, 6) / 2 ** 48) * 2 - 1;
}

const numbers = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.nat(4))
  .map(([digits, scale]) => (digits / 10 ** scale).toFixed(scale));
const perturbations = fc.record({
  method: fc.constant('perturb' as const),
  span: fc.nat(100_000).map((span) => span / 100),
  rangeType: fc.constantFrom('fixed' as const, 'proportional' as const),
  roundTo: fc.nat(6),
});

test('is the value and a draw of the key within half a span, as doubles have it', () => {
  fc.assert(
    fc.property(perturbations, numbers, fc.string({ maxLength: 80 }), (rule, text, patient) => {
      const span = rule.rangeType === 'fixed' ? rule.span : rule.span * Math.abs(Number(text));
      const written = Number(perturb(rule, text, patient));
      const tolerance = 0.51 * 10 ** -rule.roundTo + 1e-9 * (Math.abs(Number(text)) + span);
      expect(Math.abs(written - (Number(text) + (span / 2) * drawOf(text, patient)))).toBeLessThan(tolerance);
      expect(Math.abs(written - Number(text))).toBeLessThanOrEqual(span / 2 + tolerance);
    }),
  );
});

test('spreads over the whole span, evenly', () => {
  const noises = Array.from({ length: 4000 }, (_, i) => Number(perturb(FIXED, '100', `patient-${i}`)) - 100);
  expect(Math.min(...noises)).toBeLessThan(-4.9);
  expect(Math.max(...noises)).toBeGreaterThan(4.9);
  const quarters = [0, 0, 0, 0];
  for (const noise of noises) quarters[Math.min(3, Math.floor((noise + 5) / 2.5))]++;
  for (const quarter of quarters) expect(Math.abs(quarter - 1000)).toBeLessThan(150);
});

test('differs between patients, and is the same for one', () => {
  expect(perturb(FIXED, '100', 'one')).toBe(perturb(FIXED, '100', 'one'));
  expect(perturb(FIXED, '100', 'one')).not.toBe(perturb(FIXED, '100', 'other'));
  // A patient "1" with the value 23 is not patient "12" with the value 3.
  const noise = (text: string, patient: string): number => Number(perturb(FIXED, text, patient)) - Number(text);
  expect(noise('23', '1')).not.toBeCloseTo(noise('3', '12'), 1);
});

test('counts as generalized', () => {
  expect(applyRule(FIXED, '100').counts).toEqual({ ...NONE, generalized: 1 });
});

test.each([
  [{ ...FIXED, span: 0 }, '1.005', '1.00'],
  [{ ...FIXED, span: 0 }, '1.015', '1.02'],
  [{ ...FIXED, span: 0 }, '1.025', '1.02'],
  [{ ...FIXED, span: 0, roundTo: 0 }, '2.5', '2'],
  [{ ...FIXED, span: 0, roundTo: 0 }, '-3.5', '-4'],
  [{ ...FIXED, span: 0 }, '-0.001', '0.00'],
  [{ ...FIXED, span: 0, roundTo: 28 }, '0.1', '0.1000000000000000000000000000'],
  [{ ...FIXED, span: 0 }, '1e3', '1000.00'],
  [{ ...FIXED, span: 0 }, '12345678901234567890.12', '12345678901234567890.12'],
] as const)('rounds as decimals are rounded, to the even one from the middle', (rule, text, expected) => {
  expect(perturb(rule, text)).toBe(expected);
});

test.each(['NaN', 'Infinity', '0x10', '1,5', '5 mg', '1e100', '-', '.', '9'.repeat(65)])(
  '"%s" is no number',
  (text) => {
    expect(perturb(FIXED, text)).toBeUndefined();
  },
);

describe('integers', () => {
  const integer: Perturb = { ...FIXED, span: 10_000_000_000, roundTo: 0, integer: true };

  test('stay integers of 31 bits, and no less than their type allows', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(undefined, 0, 1), fc.string(), (value, least, patient) => {
        fc.pre(least === undefined || value >= least);
        const written = perturb({ ...integer, ...(least !== undefined && { least }) }, String(value), patient)!;
        expect(written).toMatch(/^-?\d+$/);
        expect(Number(written)).toBeGreaterThanOrEqual(least ?? -2147483648);
        expect(Number(written)).toBeLessThanOrEqual(2147483647);
      }),
    );
  });

  test('that have more bits keep them', () => {
    expect(Number(perturb(integer, '90000000000'))).toBeGreaterThan(2147483647);
  });
});
