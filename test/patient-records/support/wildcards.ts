import { table } from './guide';

/** Where a resource that is allowed holds a `*`, and why: the guide's own list. */
export const WILDCARDS: Record<string, string> = Object.fromEntries(
  table('Wildcards').map(([resource, sid, reason]) => [`${resource} ${sid}`, reason]),
);
