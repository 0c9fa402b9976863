import type { CellWriter } from './cell-writer';
import type { RowCells } from './row-cells';
import type { TableColumns } from './table-columns';
import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';
import { ByteDictionary } from '../values/byte-dictionary';
import { asciiOf } from '../values/encoded';
import type { ValueRules } from '../values/value-rules';

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
    this.ageUnits = new ByteDictionary(Object.keys(tables.ages.units).map((unit) => unit.toUpperCase()));
    this.unitLimits = Object.values(tables.ages.units);
  }

  /** Whether the row that was read says nothing by which its cells become something else than those of other rows. */
  public get isPlain(): boolean {
    const { domestic, ageLimit, birthFloor, yearFloor } = this.writer;
    return domestic && ageLimit === 0 && birthFloor === yearFloor;
  }

  public read(bytes: Uint8Array): void {
    const { writer, rules, cells } = this;
    if (this.tables.rules.length > 0) {
      const { patient } = this.columns;
      if (patient >= 0) cells.text(patient, bytes);
      rules.setPatient(cells.textBytes, cells.textFrom, patient < 0 ? cells.textFrom : cells.textTo);
    }
    if (this.births) rules.birthFloor = writer.birthFloor = this.birthFloor(bytes);
    if (this.countries.length > 0) writer.domestic = this.countries.every((column) => this.isDomestic(column, bytes));
    if (this.units.length > 0 || this.observed.length > 0) writer.ageLimit = this.ageLimit(bytes);
  }

  /** An age at death does not grow; two dates of death leave open which one counts. */
  private birthFloor(bytes: Uint8Array): number {
    const { referenceYear, writer, cells } = this;
    const { limit } = this.tables.ages;
    let last = referenceYear;
    if (this.deaths.length === 1) {
      cells.text(this.deaths[0], bytes);
      const isDate =
        cells.textFrom < cells.textTo && writer.date.read(cells.textBytes, cells.textFrom, cells.textTo, 'column');
      // A year of death that is not shown itself bounds nothing.
      if (isDate && writer.date.year > referenceYear - limit) last = Math.min(last, writer.date.year);
    }
    return last - limit + 1;
  }

  /** Without a country, an address is one of this country. */
  private isDomestic(column: number, bytes: Uint8Array): boolean {
    const { cells } = this;
    cells.text(column, bytes);
    const { textBytes, textFrom, textTo } = cells;
    if (textFrom === textTo) return true;
    return this.countryNames.has(asciiOf(textBytes, textFrom, textTo).toUpperCase());
  }

  private ageLimit(bytes: Uint8Array): number {
    const { cells } = this;
    let limit = 0;
    for (let i = 0; i < this.units.length; i++) limit = stricter(limit, this.unitLimit(this.units[i], bytes));
    // Without a unit, an age is one in years.
    for (let i = 0; i < this.observed.length && limit === 0; i++) {
      cells.text(this.observed[i], bytes);
      if (this.ageCodes.find(cells.textBytes, cells.textFrom, cells.textTo) >= 0) limit = this.tables.ages.limit;
    }
    return limit;
  }

  private unitLimit(column: number, bytes: Uint8Array): number {
    const { cells } = this;
    cells.text(column, bytes);
    const number = this.ageUnits.findName(cells.textBytes, cells.textFrom, cells.textTo);
    return number < 0 ? 0 : this.unitLimits[number];
  }
}

function stricter(one: number, other: number): number {
  return one === 0 || other === 0 ? one || other : Math.min(one, other);
}
