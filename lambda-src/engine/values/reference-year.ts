/** The year that ages are reckoned from. */
export function referenceYear(date: string): number {
  const year = /^(\d{4})-\d{2}-\d{2}$/.exec(date)?.[1];
  if (year === undefined) {
    throw new Error('referenceDate must be a date like 2024-01-31; pass the last-modified date of the source');
  }
  return Number(year);
}
