import { fieldTypes, type Hl7FieldTable } from './field-table';
import { isLimitedDataSet, type ProfileSettings } from '../profile';
import { CHARACTER_SETS, KEPT, TREATMENTS, VALUE_TREATMENTS, VALUE_TYPES, type Treatment } from './safe-harbor';
import type { CompiledForm, CompiledPart, FormGuard } from './tables';

/** Word sets of the profile, by number. */
export const WORDS = [VALUE_TYPES, CHARACTER_SETS] as const;
const VALUE_TYPE_WORDS = 0;
const CHARACTER_SET_WORDS = 1;

export type Parts = Readonly<Record<string, CompiledPart>>;

/** Numbers the forms of a policy: fields that are treated alike share one. */
export class Forms {
  public readonly all: CompiledForm[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly settings: ProfileSettings) {}

  public add(guard: FormGuard, parts: Parts, rest?: CompiledPart): number {
    const form: CompiledForm = { guard, parts, ...(rest && { rest }) };
    const key = JSON.stringify(form);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(form) - 1;
    this.numbers.set(key, number);
    return number;
  }

  /** The form of a treatment; `undefined` where the profile keeps nothing under it. */
  public of(treatment: Treatment | 'structured'): number | undefined {
    const limited = isLimitedDataSet(this.settings);
    const year: CompiledPart = limited ? ['date'] : ['year'];
    switch (treatment) {
      case 'coding':
      case 'person':
        return this.coding(treatment, 'code');
      case 'unit':
        return this.coding('unit', 'unit');
      case 'count':
      case 'number':
      case 'word':
        return this.add('plain', { 1: [treatment] });
      case 'words':
        return this.add('plain', { 1: ['word'], 2: ['word'], 3: ['word'] });
      case 'year':
        return this.add('plain', { 1: year });
      case 'birth':
        return this.add('plain', { 1: limited ? year : ['birth'] });
      case 'range':
        return this.add('plain', { 1: year, 2: year });
      case 'quantity':
        return this.add('plain', { 1: ['number'], 2: ['unit'] });
      case 'money':
        return this.add('plain', { 1: ['form', this.add('plain', { 1: ['number'], 2: ['word'] })], 2: ['word'] });
      case 'structured':
        return this.add('plain', { 1: ['comparator'], 2: ['number'], 3: ['separator'], 4: ['number'] });
      case 'address':
        return this.add('address', limited ? { 3: ['city'], 4: ['state'], 5: ['zip'] } : { 4: ['state'], 5: ['zip3'] });
      case 'patient':
        return this.settings.ids === 'drop' ? undefined : this.add('patient', { 1: ['id'], 5: ['idType'] });
      case 'id':
        return this.settings.ids === 'drop' ? undefined : this.add('plain', { 1: ['id'] });
      case 'value':
        return this.add('value', {});
      case 'valueType':
        return this.add('plain', { 1: ['one', VALUE_TYPE_WORDS] });
      case 'charset':
        return this.add('plain', { 1: ['one', CHARACTER_SET_WORDS] });
    }
  }

  /** Forms of an observation's value by its declared type. */
  public values(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(VALUE_TREATMENTS).flatMap(([type, treatment]) => {
        const form = this.of(treatment);
        return form === undefined ? [] : [[type, form]];
      }),
    );
  }

  /** Code and system, and the two alternates that later versions have; their texts are dropped. */
  private coding(guard: FormGuard, code: 'code' | 'unit'): number {
    return this.add(guard, {
      1: [code],
      3: ['system'],
      4: [code],
      6: ['system'],
      10: [code],
      12: ['system'],
    });
  }
}

/** How the profile treats each field that it keeps. */
export function keptFields(table: Hl7FieldTable): Record<string, Record<string, Treatment>> {
  return Object.fromEntries(
    Object.entries(KEPT).map(([segment, fields]) => [
      segment,
      Object.fromEntries(fields.split(' ').map((entry) => keptField(table, segment, entry))),
    ]),
  );
}

function keptField(table: Hl7FieldTable, segment: string, entry: string): [string, Treatment] {
  const [field, treatment] = entry.split(':');
  const types = fieldTypes(table, segment, Number(field));
  const byType = [...new Set(types.map((type) => TREATMENTS[type]))];
  if (types.length === 0) throw new Error(`${segment}-${field} must be in the table, got no such field`);
  if (treatment) return [field, treatment as Treatment];
  if (byType.length !== 1 || byType[0] === undefined) {
    throw new Error(`${segment}-${field} must say how it is treated, got types ${types.join(', ')} without`);
  }
  return [field, byType[0]];
}
