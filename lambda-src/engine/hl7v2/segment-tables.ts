import {
  Action,
  DEATH,
  Obx,
  STRANGE,
  SegmentRole,
  segmentKey,
  type LoadedForm,
  type LoadedHl7,
  type LoadedSegment,
} from './loaded-hl7';
import { MAX_FIELDS, MAX_FORMS, MAX_SEGMENTS, Written, type SegmentTables } from '../kernel/segment-kernel';

/** The last of the fields of a header that say how it is read, and are written in any case. */
const DELIMITERS = 2;
const ENVELOPES = ['FHS', 'BHS', 'BTS', 'FTS'];

/** What the kernel is told. It writes no segment of which more must be known than its fields, one by one. */
export function segmentTables(tables: LoadedHl7): SegmentTables {
  const forms = tables.forms.map((form) => writtenOf(form, tables));
  const segments = tables.segments.map((segment) => ({
    role: segment.role,
    unless: segment.role === SegmentRole.PATIENT ? DEATH : 0,
    fields: fieldsOf(segment),
  }));
  const room = segments.reduce((sum, { fields }) => sum + fields.length / 2 + 1, 0);
  const fits = forms.length <= MAX_FORMS && segments.length <= MAX_SEGMENTS && room <= MAX_FIELDS;
  const names = tables.segmentNumbers.slice();
  for (const name of ENVELOPES) names[segmentKey(Buffer.from(name), 0)] = STRANGE;
  for (const segment of tables.segments) if (!fits || !isPlain(segment, tables)) names[segment.key] = STRANGE;
  return { forms: fits ? forms : [], names, segments: fits ? segments : [], observation: formsOfObservation(tables) };
}

function fieldsOf({ role, forms, kept }: LoadedSegment): number[] {
  const before = role === SegmentRole.MESSAGE ? DELIMITERS : 0;
  return [...kept].filter((field) => field > before).flatMap((field) => [field, forms[field]]);
}

function isPlain({ role, rest }: LoadedSegment, tables: LoadedHl7): boolean {
  if (rest >= 0) return false;
  if (role === SegmentRole.PATIENT) return tables.hl7.rules.length === 0;
  if (role !== SegmentRole.OBSERVATION) return true;
  // A rule may have taken their place: then nothing is noted on them.
  const guards = formsOfObservation(tables).map((form) =>
    tables.forms[form]?.repeats ? tables.forms[form].guard : '',
  );
  return guards.join() === 'plain,coding,unit';
}

function formsOfObservation({ segments }: LoadedHl7): [number, number, number] {
  const forms = segments.find(({ role }) => role === SegmentRole.OBSERVATION)?.forms ?? [];
  return [forms[Obx.VALUE_TYPE] ?? -1, forms[Obx.CODE] ?? -1, forms[Obx.UNITS] ?? -1];
}

function writtenOf(form: LoadedForm, { segments }: LoadedHl7): Written {
  if (form.isValue) return Written.VALUE;
  if (form.isId) return Written.IDS;
  if (form.repeats && form.actions[1] !== Action.COUNT) return Written.REPEATED;
  if (form.guard !== 'plain') return Written.ASKED;
  switch (form.actions[1] as Action) {
    case Action.NUMBER:
      return Written.NUMBER;
    case Action.COUNT:
      return Written.COUNT;
    case Action.YEAR:
      return Written.YEAR;
    case Action.BIRTH:
      return isOfPatients(form, segments) ? Written.YEAR : Written.ASKED;
    default:
      return Written.ASKED;
  }
}

/** Whether a form is of patients alone: who has not died is shown with a year of birth as any other is. */
function isOfPatients({ number }: LoadedForm, segments: readonly LoadedSegment[]): boolean {
  return segments.every(({ role, forms }) => role === SegmentRole.PATIENT || !forms.includes(number));
}
