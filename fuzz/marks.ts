import type { Random } from '../test/support/random';

export const CANARY = 'Zq Kanarie 77';
/** Where a city or a state stands: a limited data set keeps it. */
export const PLACE = 'Zp Ort 77';
/** Numbers of people and days, in forms that no code of a strange system, number, date or unit of HL7 v2 and tables has. */
export const SSN = '987-41-7234';
export const PHONE = '617-555-0143';
/** A day: in a table, a limited data set keeps it. */
export const DAY = '1987-06-13';

/** The canaries in any spelling that a writer could give them. */
export const LEAK = /Zq(?: |\\u0020|\\X20\\|%20|\+)Kanarie|987-41-7234|617-555-0143|1987-06-13/i;

/** What identifies somebody, one or the other. */
export function mark(random: Random): string {
  return random.chance(50) ? CANARY : random.pick([SSN, PHONE, DAY]);
}
