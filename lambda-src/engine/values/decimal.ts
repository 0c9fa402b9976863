/** A number as it is written: `digits` / 10^`scale`, exactly. Doubles would make 0.1 + 0.2 of it. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Longer ones are no measurements, and powers of ten cost memory. */
const MAX_LENGTH = 64;
const MAX_EXPONENT = 99;
const GRAMMAR = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The number that a text is, whole; `undefined` where it is none. */
export function decimalOf(text: string): Decimal | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = GRAMMAR.exec(text);
  return match && Math.abs(Number(match[4] ?? 0)) <= MAX_EXPONENT ? read(match) : undefined;
}

/** A number of the policy, as JSON writes it. */
export function decimalOfNumber(value: number): Decimal {
  return read(GRAMMAR.exec(String(value))!)!;
}

/** Negative, 0 or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const left = a.digits * power(b.scale);
  const right = b.digits * power(a.scale);
  return left < right ? -1 : Number(left > right);
}

/** `numerator` / `denominator`, to the nearest whole number; from the middle between two, to the even one. */
export function nearest(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  let whole = size / denominator;
  const twice = (size % denominator) * 2n;
  if (twice > denominator || (twice === denominator && whole % 2n === 1n)) whole++;
  return negative ? -whole : whole;
}

/** `digits` / 10^`places`, with all its places. */
export function writeDecimal(digits: bigint, places: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
  const point = text.length - places;
  const sign = digits < 0n ? '-' : '';
  return places === 0 ? sign + text : `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

export function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function read([, sign, whole, fraction = '', exponent = '0']: RegExpExecArray): Decimal | undefined {
  if (whole === '' && fraction === '') return undefined;
  const size = BigInt(whole + fraction);
  const digits = sign === '-' ? -size : size;
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * power(-scale), scale: 0 } : { digits, scale };
}
