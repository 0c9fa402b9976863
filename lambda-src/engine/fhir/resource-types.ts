import type { LoadedTables } from './loaded-tables';
import type { RecordView } from './record';
import { NO_TYPE, UNKNOWN_TYPE } from './record-fault';
import { startsWith } from '../values/code-grammar';

const QUOTE = 0x22;
const TYPE_FIRST = '{"resourceType":"';
const MAX_TYPE = 64;

/** Finds out of which types resources are, as numbers of the policy's tables. */
export class ResourceTypes {
  constructor(
    private readonly tables: LoadedTables,
    private readonly record: RecordView,
  ) {}

  /** The type of a record that begins with it, as nearly all do, before it is scanned; -1 for any other. */
  public foretell(): number {
    const { bytes, start, end } = this.record.tape;
    if (!startsWith(bytes, start, end, TYPE_FIRST)) return -1;
    const from = start + TYPE_FIRST.length;
    let to = from;
    while (to < end && to < from + MAX_TYPE && bytes[to] !== QUOTE) to++;
    return this.tables.types.find(bytes, from, to);
  }

  /** Type of the record itself. */
  public ofRoot(): number {
    const { record } = this;
    if (!record.isObject(0)) throw NO_TYPE;
    const value = record.member(0, 'resourceType');
    if (value < 0 || !record.isString(value)) throw NO_TYPE;
    const type = this.of(0);
    if (type < 0) throw UNKNOWN_TYPE;
    return type;
  }

  /** Type of an object, wherever its key stands; -1 where it has none that is known. */
  public of(token: number): number {
    const { record } = this;
    const value = record.member(token, 'resourceType');
    if (value < 0 || !record.isString(value)) return -1;
    record.text(value);
    return this.tables.types.find(record.textBytes, record.textFrom, record.textTo);
  }
}
