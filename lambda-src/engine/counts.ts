import type { DeidCounts } from './contract';

/** What was done to values: totals that go on, less what was done in records that are not written after all. */
export class Counts implements DeidCounts {
  public redacted = 0;
  public hashed = 0;
  public generalized = 0;
  public shifted = 0;
  private readonly before = { redacted: 0, hashed: 0, generalized: 0, shifted: 0 };

  /** What was done up to here is not taken back any more. */
  public mark(): void {
    copy(this, this.before);
  }

  public takeBack(): void {
    copy(this.before, this);
  }
}

/** What two have done. */
export function sumOf(one: DeidCounts, other: DeidCounts): DeidCounts {
  return {
    redacted: one.redacted + other.redacted,
    hashed: one.hashed + other.hashed,
    generalized: one.generalized + other.generalized,
    shifted: one.shifted + other.shifted,
  };
}

function copy(from: DeidCounts, to: { -readonly [Kind in keyof DeidCounts]: number }): void {
  to.redacted = from.redacted;
  to.hashed = from.hashed;
  to.generalized = from.generalized;
  to.shifted = from.shifted;
}
