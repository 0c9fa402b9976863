import type { ValueKind } from '../value-method';

/** What a value of a primitive type is to a method. */
export function valueKindOf(type: string, name: string): ValueKind {
  switch (type) {
    case 'date':
    case 'dateTime':
    case 'instant':
      return { is: 'date', form: type, ...(name === 'birthDate' && { birth: true }) };
    case 'boolean':
      return { is: 'boolean' };
    case 'decimal':
      return { is: 'number' };
    case 'integer':
      return { is: 'number', integer: true };
    case 'unsignedInt':
      return { is: 'number', integer: true, least: 0 };
    case 'positiveInt':
      return { is: 'number', integer: true, least: 1 };
    default:
      return { is: 'text' };
  }
}
