import type { ByteWriter } from '../byte-writer';
import type { LoadedTables } from './loaded-tables';
import type { ObjectContext } from './object-context';
import type { ObjectGuards } from './object-guards';
import type { RecordView } from './record';
import { STALE } from './record-fault';
import { ACTIONS } from './table-words';
import { END, entryAt, FIELD, NEXT, TOKEN, WEIGHED } from './token';
import type { ValueWriter } from './value-writer';
import { putSpan } from '../values/put';

/** Actions that make the same of the same bytes wherever they stand, unless a rule of the policy is below them. */
const PURE = ACTIONS.map((action) => ['drop', 'walk', 'extension', 'resource'].includes(action));

/**
 * By field, whether its values may be remembered. A rule may ask whose record it is, or what stands beside a value; and
 * items of a list keep their places for the sake of another one beside it.
 */
export function purityOf({ actions, twins, policy }: LoadedTables): (field: number) => boolean {
  const { rules, cases } = policy.fhir;
  const hasRules = rules.length + cases.length > 0;
  return (field) => !hasRules && PURE[actions[field]] && twins[field] < 0;
}

/** Writes objects and arrays from memory, and takes into it what had to be walked. */
export class Recall {
  constructor(
    private readonly tables: LoadedTables,
    private readonly record: RecordView,
    private readonly guards: ObjectGuards,
    private readonly values: ValueWriter,
  ) {}

  /** Writes the value of `field` that the scanner has found in memory. */
  public write(entry: number, field: number, value: number, context: ObjectContext, out: ByteWriter): void {
    const { memory, tokens, view } = this.record;
    // What was found for one table is walked by another: the object above holds an age.
    if (memory.fieldOf(entry) !== field || this.isOther(field, context)) throw STALE;
    const rest = tokens[value + END] - memory.lengthOf(entry);
    if (rest > tokens[value]) putSpan(out, view, tokens[value], rest);
    memory.write(entry, out, this.values);
  }

  /** Takes note of a value that was walked: what was written, and what the counts were before. */
  public remember(
    field: number,
    value: number,
    context: ObjectContext,
    out: ByteWriter,
    written: number,
    redacted: number,
    hashed: number,
    generalized: number,
  ): void {
    const { record, values } = this;
    const { memory, tokens } = record;
    // A code that is still to come may be there when the value comes again.
    if (memory.creditOf(field) <= 0 || out.isOpen(written) || this.isOther(field, context)) return;
    if (tokens[value + FIELD] === WEIGHED) return;
    const entry = memory.add(field, tokens[value], tokens[value + END], out, written);
    if (entry < 0) return;
    memory.describe(
      entry,
      field,
      this.height(value),
      this.guards.namesAge(this.tables.names[field], value),
      values.redacted - redacted,
      values.hashed - hashed,
      values.generalized - generalized,
    );
  }

  /** Whether the object around has turned the field to its other node. */
  private isOther(field: number, context: ObjectContext): boolean {
    return context.aged && this.tables.alternates[field] >= 0;
  }

  /** How deep a value is nested, at most: the number of all that is nested in it. */
  private height(value: number): number {
    const { record } = this;
    const { memory, tokens } = record;
    const end = tokens[value + NEXT];
    let height = 0;
    for (let token = value; token < end; token += TOKEN) {
      if (!record.isContainer(token)) continue;
      const entry = entryAt(tokens, token);
      height += entry < 0 ? 1 : memory.heightOf(entry);
    }
    return height;
  }
}
