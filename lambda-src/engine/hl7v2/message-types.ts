import type { FieldWriter } from './field-writer';
import type { LoadedHl7 } from './loaded-hl7';
import type { ValueWriter } from './value-writer';

/** What is no message of the standard: its name is the sender's own text, and none of a manifest's. */
const OTHER_TYPE = 'OTHER';
/** Events are a capital letter and two digits. */
const EVENTS = 26 * 100;

/** Names message types for the account: `ADT^A01`. Only what is in the table's list gets its name into a manifest. */
export class MessageTypes {
  private readonly names = new Map<number, string>();

  constructor(
    private readonly tables: LoadedHl7,
    private readonly values: ValueWriter,
    private readonly fieldWriter: FieldWriter,
  ) {}

  /** The name of the type in the field `[from, to)` of the message at hand. */
  public typeOf(from: number, to: number): string {
    const { values, tables, fieldWriter } = this;
    if (!fieldWriter.openComponent(from, to, 1)) return OTHER_TYPE;
    const type = tables.messageTypes.find(values.text, values.textFrom, values.textTo);
    if (type < 0) return OTHER_TYPE;
    const event = fieldWriter.openComponent(from, to, 2) ? eventOf(values.text, values.textFrom, values.textTo) : -1;
    const key = type * (EVENTS + 1) + event + 1;
    let name = this.names.get(key);
    if (name === undefined) {
      name = tables.hl7.messageTypes[type];
      if (event >= 0) {
        name += `^${String.fromCharCode(0x41 + Math.floor(event / 100))}${String(event % 100).padStart(2, '0')}`;
      }
      this.names.set(key, name);
    }
    return name;
  }
}

/** The number of an event; -1 for what is none. */
function eventOf(text: Uint8Array, from: number, to: number): number {
  if (to - from !== 3) return -1;
  const letter = text[from] - 0x41;
  const tens = text[from + 1] - 0x30;
  const ones = text[from + 2] - 0x30;
  if (letter < 0 || letter > 25 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
  return letter * 100 + tens * 10 + ones;
}
