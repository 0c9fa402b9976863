import { isMomentOf, isTime } from '../written-moment';

const URI = { form: /^\S+$/, words: 'a text without blanks' };

interface TextForm {
  readonly form: RegExp;
  readonly words: string;
}

/** Types whose texts have a form of their own, beside those of moments. */
const FORMS: Readonly<Record<string, TextForm>> = {
  id: { form: /^[A-Za-z0-9.-]{1,64}$/, words: 'at most 64 letters, digits, - and .' },
  code: { form: /^\S+(?: \S+)*$/, words: 'a text without blanks around it' },
  uri: URI,
  url: URI,
  canonical: URI,
  oid: { form: /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/, words: 'like urn:oid:1.2.3' },
  uuid: {
    form: /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    words: 'urn:uuid: and a UUID in small letters',
  },
  base64Binary: { form: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, words: 'base64' },
};

const LEAST: Readonly<Record<string, number>> = { integer: -2147483648, unsignedInt: 0, positiveInt: 1 };
const GREATEST_INTEGER = 2147483647;

/** Why a value cannot be one of a primitive type; undefined where it can. */
export function problemOfPrimitive(type: string, value: unknown): string | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean is true or false';
    case 'decimal':
      return Number.isFinite(value) ? undefined : 'decimal is a number';
    case 'integer':
    case 'unsignedInt':
    case 'positiveInt': {
      const fits = Number.isInteger(value) && (value as number) >= LEAST[type] && (value as number) <= GREATEST_INTEGER;
      return fits ? undefined : `${type} is a whole number from ${LEAST[type]} to ${GREATEST_INTEGER}`;
    }
    default:
      return typeof value === 'string' ? problemOfText(type, value) : `${type} is a text`;
  }
}

/** An empty text is of every form: it stands for nothing. */
function problemOfText(type: string, text: string): string | undefined {
  if (text === '') return undefined;
  if (type === 'date' || type === 'dateTime' || type === 'instant') {
    if (isMomentOf(type, text)) return undefined;
    return `${type} is like ${type === 'instant' ? '2000-01-31T10:30:00Z' : '2000-01-31'}`;
  }
  if (type === 'time') return isTime(text) ? undefined : 'time is like 10:30:00';
  const known = FORMS[type] as TextForm | undefined;
  return known === undefined || known.form.test(text) ? undefined : `${type} is ${known.words}`;
}
