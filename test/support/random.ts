const MODULUS_A = 2147483563;
const MODULUS_B = 2147483399;

/**
 * L'Ecuyer's combined generator (1988): the same numbers for the same seed on every machine, and a state large enough
 * that the ids of millions of records differ.
 */
export class Random {
  private a = 1;
  private b = 1;

  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) {
      this.a = ((this.a + seed) * 40014) % MODULUS_A || 1;
      this.b = ((this.b + seed * 7919) * 40692) % MODULUS_B || 1;
    }
    for (let i = 0; i < 4; i++) this.next();
  }

  /** From 0 up to, but not, `below`. */
  public int(below: number): number {
    return Math.floor(this.next() * below);
  }

  public between(from: number, to: number): number {
    return from + this.int(to - from + 1);
  }

  public chance(percent: number): boolean {
    return this.int(100) < percent;
  }

  public pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)];
  }

  public digits(count: number): string {
    return this.letters('0123456789', count);
  }

  public uuid(): string {
    const hex = (count: number): string => this.letters('0123456789abcdef', count);
    return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  }

  /** `YYYY-MM-DD` within these years. */
  public date(fromYear: number, toYear: number): string {
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${this.between(fromYear, toYear)}-${two(this.between(1, 12))}-${two(this.between(1, 28))}`;
  }

  private letters(alphabet: string, count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) text += alphabet[this.int(alphabet.length)];
    return text;
  }

  /** From 0 up to, but not, 1. */
  private next(): number {
    this.a = (this.a * 40014) % MODULUS_A;
    this.b = (this.b * 40692) % MODULUS_B;
    const difference = this.a - this.b;
    return (difference < 0 ? difference + MODULUS_A - 1 : difference) / MODULUS_A;
  }
}
