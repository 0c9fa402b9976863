/** The place of a word of the tables in the list of those that the engine knows. */
export function numberOf<T>(all: readonly T[], word: unknown): number {
  const number = all.indexOf(word as T);
  if (number < 0) {
    throw new Error('tables must hold what this engine knows; build the function and its tables together');
  }
  return number;
}
