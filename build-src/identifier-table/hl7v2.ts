import { effectOfForm } from '../../src/deidentification/private/hl7v2/effects';
import { readFieldTable } from '../../src/deidentification/private/hl7v2/field-table';
import { identifierOf, IDENTIFIERS as HL7_IDENTIFIERS } from '../../src/deidentification/private/hl7v2/identifiers';
import type { CompiledHl7v2, PartAction } from '../../src/deidentification/private/hl7v2/tables';
import type { IdentifierLetter } from '../../src/deidentification/private/identifiers';

/** HL7 v2 has one class of fields for telephone, fax and e-mail. */
const SAME_CLASS: Readonly<Partial<Record<IdentifierLetter, keyof typeof HL7_IDENTIFIERS>>> = { E: 'D', F: 'D' };
const SHOWN = 8;

/** What the compiled policy does to the fields that hold an identifier, in words. */
export function hl7Cell(letter: IdentifierLetter, compiled: CompiledHl7v2): string {
  const known = SAME_CLASS[letter] ?? letter;
  if (!isClass(known)) return 'no field of its own; texts and documents are removed';
  const { what, types } = HL7_IDENTIFIERS[known];
  const fields = allFields().filter(([segment, field]) => identifierOf(readFieldTable(), segment, field) === known);
  const kept = fields.find(([segment, field]) => compiled.segments[segment]?.fields[field] !== undefined);
  if (kept) throw new Error(`${kept.join('-')} must be removed, since it holds ${what}; got a rule that keeps it`);
  const shown = fields.slice(0, SHOWN).map((field) => `${field.join('-')}`);
  const more = fields.length > SHOWN ? ` and ${fields.length - SHOWN} more` : '';
  const ofTypes = types.length > 0 ? `types ${types.map((type) => `\`${type}\``).join(', ')}` : '';
  const places = [ofTypes, `${shown.join(', ')}${more}`].filter((part) => part !== '').join(': ');
  return [`${what}: removed (${places})`, ...coarsened(known, compiled)].join('; ');
}

/** Fields of which something is kept: a row per segment. */
export function hl7Kept(compiled: CompiledHl7v2): string[][] {
  return Object.entries(compiled.segments).map(([segment, { fields }]) => {
    const byEffect = new Map<string, string[]>();
    for (const [field, form] of Object.entries(fields)) {
      const effect = effectOfForm(form, compiled);
      byEffect.set(effect, [...(byEffect.get(effect) ?? []), field]);
    }
    return [segment, [...byEffect].map(([effect, numbers]) => `${effect}: ${numbers.join(', ')}`).join('; ')];
  });
}

/** What 164.514(b)(2) lets stay of addresses and dates. */
function coarsened(letter: string, compiled: CompiledHl7v2): string[] {
  const parts: readonly PartAction[] = letter === 'B' ? ['zip3'] : letter === 'C' ? ['year', 'birth'] : [];
  const fields = Object.entries(compiled.segments).flatMap(([segment, { fields: kept }]) =>
    Object.entries(kept)
      .filter(([, form]) => Object.values(compiled.forms[form].parts).some(([action]) => parts.includes(action)))
      .map(([field]) => `${segment}-${field}`),
  );
  if (fields.length === 0) return [];
  const words = letter === 'B' ? 'state and three digits of the ZIP code' : 'year';
  return [`${words} of ${fields.slice(0, SHOWN).join(', ')}${fields.length > SHOWN ? ' and others' : ''}`];
}

function allFields(): [string, number][] {
  return Object.entries(readFieldTable().segments).flatMap(([segment, types]) =>
    types.map((_, i): [string, number] => [segment, i + 1]),
  );
}

function isClass(letter: string): letter is keyof typeof HL7_IDENTIFIERS {
  return letter in HL7_IDENTIFIERS;
}
