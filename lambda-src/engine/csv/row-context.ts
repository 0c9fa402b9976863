import type { CellWriter } from './cell-writer';
import { type RowCells, trimmedText } from './row-cells';
import type { TableColumns } from './table-columns';
import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';
import { ByteDictionary } from '../values/byte-dictionary';
import type { ValueRules } from '../values/value-rules';

const LONGEST_UNIT = 16;

/** What cells of a row say about the others: read before any of them is written. */
export class RowContext {
  private readonly births: boolean;
  private readonly deaths: readonly number[];
  private readonly countries: readonly number[];
  private readonly units: readonly number[];
  private readonly observed: readonly number[];
  private readonly countryNames: ReadonlySet<string>;
  private readonly ageCodes: ByteDictionary;
  private readonly ageUnits: ByteDictionary;
  private readonly unitLimits: readonly number[];

  constructor(
    private readonly columns: TableColumns,
    private readonly tables: CompiledCsv,
    private readonly cells: RowCells,
    private readonly writer: CellWriter,
    private readonly rules: ValueRules,
    private readonly referenceYear: number,
  ) {
    const measured = columns.withRole('measure').length > 0;
    this.births = columns.withRole('birth').length > 0;
    this.deaths = columns.withRole('death');
    this.countries = columns.withRole('country');
    this.units = measured ? columns.withRole('unit') : [];
    this.observed = measured ? columns.withRole('observed') : [];
    this.countryNames = new Set(tables.countries);
    this.ageCodes = new ByteDictionary(tables.ages.codes);
    this.ageUnits = new ByteDictionary(Object.keys(tables.ages.units));
    this.unitLimits = Object.values(tables.ages.units);
  }

  public read(bytes: Uint8Array): void {
    const { writer, rules, tables, columns } = this;
    if (tables.rules.length > 0) {
      const patient = columns.patient < 0 ? NOBODY : this.text(columns.patient, bytes);
      rules.setPatient(patient, 0, patient.length);
    }
    if (this.births) rules.birthFloor = writer.birthFloor = this.birthFloor(bytes);
    if (this.countries.length > 0) writer.domestic = this.countries.every((column) => this.isDomestic(column, bytes));
    if (this.units.length > 0 || this.observed.length > 0) writer.ageLimit = this.ageLimit(bytes);
  }

  /** An age at death does not grow; two dates of death leave open which one counts. */
  private birthFloor(bytes: Uint8Array): number {
    const { referenceYear, writer } = this;
    let last = referenceYear;
    const [column] = this.deaths;
    if (this.deaths.length === 1 && this.cells.starts[column] < this.cells.ends[column]) {
      const text = this.text(column, bytes);
      const { date } = writer;
      // A year of death that is not shown itself bounds nothing.
      if (date.read(text, 0, text.length, 'column') && date.year > referenceYear - this.tables.ages.limit) {
        last = Math.min(last, date.year);
      }
    }
    return last - this.tables.ages.limit + 1;
  }

  /** Without a country, an address is one of this country. */
  private isDomestic(column: number, bytes: Uint8Array): boolean {
    const text = this.text(column, bytes);
    return text.length === 0 || this.countryNames.has(Buffer.from(text).toString('latin1').toUpperCase());
  }

  private ageLimit(bytes: Uint8Array): number {
    let limit = 0;
    for (const column of this.units) limit = stricter(limit, this.unitLimit(column, bytes));
    for (const column of this.observed) {
      const text = this.text(column, bytes);
      // Without a unit, an age is one in years.
      if (this.ageCodes.find(text, 0, text.length) >= 0) limit = limit || this.tables.ages.limit;
    }
    return limit;
  }

  private unitLimit(column: number, bytes: Uint8Array): number {
    const text = this.text(column, bytes);
    if (text.length === 0 || text.length > LONGEST_UNIT) return 0;
    const unit = this.ageUnits.find(text.map(small), 0, text.length);
    return unit < 0 ? 0 : this.unitLimits[unit];
  }

  private text(column: number, bytes: Uint8Array): Uint8Array {
    return trimmedText(this.cells, column, bytes);
  }
}

const NOBODY = new Uint8Array(0);

function small(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function stricter(one: number, other: number): number {
  return one === 0 || other === 0 ? one || other : Math.min(one, other);
}
