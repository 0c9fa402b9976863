import { isDeepStrictEqual } from 'node:util';

/** A finding for each member of `want` that `got` does not have just so. */
export function lacking(where: string, got: object | undefined, want: Record<string, unknown>): string[] {
  return Object.entries(want)
    .filter(([name, value]) => !isDeepStrictEqual((got as Record<string, unknown> | undefined)?.[name], value))
    .map(([name]) => `${where}: ${name}`);
}

export const unless = (holds: boolean, finding: string): string[] => (holds ? [] : [finding]);
