import { createHmac } from 'node:crypto';
import { type Decimal, decimalOf, decimalOfNumber, nearest, power, writeDecimal } from './decimal';
import type { ValueRule } from '../../../src/deidentification/private/value-rule';

/** Bits of a draw. */
const BITS = 48n;
/** FHIR's integers have 31 bits and a sign; what was within stays within. */
const LEAST_INTEGER = -2147483648n;
const GREATEST_INTEGER = 2147483647n;

/**
 * Adds noise to numbers: uniform over a span around the value, drawn from the key, the patient and the text of the value
 * instead of at random, so that a retry writes the same bytes.
 */
export class Perturbation {
  /** The length of the patient's id, so that no id and text together look like two others. */
  private readonly length = Buffer.alloc(4);

  constructor(private readonly subKey: Uint8Array) {}

  /** The number `text` with noise; `undefined` where it is no number. */
  public apply(rule: Extract<ValueRule, { method: 'perturb' }>, text: string, patient: Uint8Array): string | undefined {
    const value = decimalOf(text);
    if (!value) return undefined;
    const digits = this.withNoise(rule, value, this.draw(text, patient));
    if (!rule.integer) return writeDecimal(digits, rule.roundTo);
    const before = nearest(value.digits, power(value.scale));
    return writeDecimal(within(digits, before, rule.least), 0);
  }

  /** The value and its noise in units of the last place that is written. */
  private withNoise(rule: Extract<ValueRule, { method: 'perturb' }>, value: Decimal, draw: bigint): bigint {
    const span = decimalOfNumber(rule.span);
    const size = value.digits < 0n ? -value.digits : value.digits;
    const noise = (rule.rangeType === 'proportional' ? size : power(value.scale)) * span.digits * draw;
    const unit = power(span.scale) << (BITS + 1n);
    const places = rule.integer ? 0 : rule.roundTo;
    return nearest((value.digits * unit + noise) * power(places), power(value.scale) * unit);
  }

  /** From -2^48 to 2^48, less one: that many shares of 2^49 are at most half a span. */
  private draw(text: string, patient: Uint8Array): bigint {
    this.length.writeUInt32BE(patient.length);
    const hmac = createHmac('sha256', this.subKey).update(this.length).update(patient).update(text, 'latin1');
    return 2n * BigInt(hmac.digest().readUIntBE(0, 6)) - (1n << BITS);
  }
}

function within(value: bigint, before: bigint, least: number | undefined): bigint {
  let bounded = value;
  if (before >= LEAST_INTEGER && bounded < LEAST_INTEGER) bounded = LEAST_INTEGER;
  if (before <= GREATEST_INTEGER && bounded > GREATEST_INTEGER) bounded = GREATEST_INTEGER;
  return least !== undefined && bounded < BigInt(least) ? BigInt(least) : bounded;
}
