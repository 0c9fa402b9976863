import { Duration, Token } from 'aws-cdk-lib';

/** Throws unless `value` (when given and known) is a whole number from `min` to `max`. */
export function requireWithin(prop: string, value: number | undefined, min: number, max: number, fix: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${prop} must be a whole number from ${min} to ${max}, got ${value}; ${fix}`);
  }
}

/** Throws unless `value` (when given and known) is from `min` to `max` days. */
export function requireDays(prop: string, value: Duration | undefined, min: number, max: number, fix: string): void {
  if (value === undefined || value.isUnresolved()) return;
  const days = value.toDays({ integral: false });
  if (!Number.isInteger(days) || days < min || days > max) {
    throw new Error(`${prop} must be from ${min} to ${max} whole days, got ${days}; ${fix}`);
  }
}
