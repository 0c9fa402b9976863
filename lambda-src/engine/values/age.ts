const GRAMMAR = /^\d{1,9}(\.\d{1,9})?$/;

/** An age in years as a number, or NaN for what is none: nobody writes ages with exponents or signs. */
export function ageOf(text: string): number {
  return GRAMMAR.test(text) ? Number(text) : NaN;
}
