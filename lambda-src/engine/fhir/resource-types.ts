import type { LoadedTables } from './loaded-tables';
import type { RecordView } from './record';
import { NO_TYPE, UNKNOWN_TYPE } from './record-fault';

/** Finds out of which types resources are, as numbers of the policy's tables. */
export class ResourceTypes {
  constructor(
    private readonly tables: LoadedTables,
    private readonly record: RecordView,
  ) {}

  /** Type of the record itself. */
  public ofRoot(): number {
    const { record } = this;
    if (record.tape.type >= 0) return record.tape.type;
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
    return record.find(value, this.tables.types);
  }
}
