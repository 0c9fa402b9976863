const MINUTES = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const SECONDS = ':(?:[0-5]\\d|60)(?:\\.\\d+)?';
const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';
const DATE = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/;
const TIME = new RegExp(`^${MINUTES}${SECONDS}$`);
const MOMENT = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)T${MINUTES}${SECONDS}${ZONE}$`);
const LITERAL = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)T${MINUTES}(?:${SECONDS})?${ZONE}?$`);

/** Whether a text is a date, or a date with a time to the minute, that the engine can compare with others. */
export function isDateLiteral(text: string): boolean {
  return isDate(text) || isInCalendar(LITERAL.exec(text)?.[1]);
}

/** Whether a text is a `date`, `dateTime` or `instant` as FHIR has it. */
export function isMomentOf(type: 'date' | 'dateTime' | 'instant', text: string): boolean {
  return (type !== 'instant' && isDate(text)) || (type !== 'date' && isInCalendar(MOMENT.exec(text)?.[1]));
}

/** A date literal as HL7 v2 writes it: `2000-01-31T10:30:00-05:00` is `20000131103000-0500`. */
export function hl7Moment(literal: string): string {
  const [day, time = ''] = literal.split('T');
  const [, clock, zone] = /^([\d:.]*)(.*)$/.exec(time)!;
  return day.replaceAll('-', '') + clock.replaceAll(':', '') + (zone === 'Z' ? '+0000' : zone.replace(':', ''));
}

export function isTime(text: string): boolean {
  return TIME.test(text);
}

function isDate(text: string): boolean {
  return DATE.test(text) && isInCalendar(text.padEnd(10, '-01'));
}

/** @param day `YYYY-MM-DD`: what a calendar does not have comes out as another day, or none */
function isInCalendar(day: string | undefined): boolean {
  if (day === undefined || day.startsWith('0000')) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
