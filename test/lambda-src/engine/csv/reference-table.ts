import { createHmac } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import type { CompiledColumn, CompiledCsv } from '../../../../src/deidentification/private/csv/tables';
import { isWrittenDay } from '../../../support/written-day';

type Cells = readonly string[];

const LIMIT = 90;
const TIME = '[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)?';
const DATES = [
  /^(?<y>\d{4})$/,
  /^(?<y>\d{4})-(?<m>\d\d)$/,
  new RegExp(`^(?<y>\\d{4})-(?<m>\\d\\d)-(?<d>\\d\\d)(?:${TIME})?$`),
  /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)$/,
  new RegExp(`^(?<m>\\d\\d?)/(?<d>\\d\\d?)/(?<y>\\d{4})(?:${TIME})?$`),
  new RegExp(`^(?<d>\\d\\d?)-(?<n>[A-Za-z]{3})-(?<y>\\d{4})(?:${TIME})?$`),
];
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,31}$/;

/**
 * The slow way to the same table, for comparison: csv-parse, a walk over strings, and expressions in place of grammars
 * of bytes. It knows the tables, and nothing of how the engine goes through them.
 */
export class ReferenceTable {
  private readonly subKey: Buffer;
  private readonly year: number;

  constructor(
    private readonly tables: CompiledCsv,
    key: Uint8Array,
    referenceDate: string,
  ) {
    this.subKey = deriveSubKey(key, 'pseudonym');
    this.year = Number(referenceDate.slice(0, 4));
  }

  /** Header and rows that are left of a table between commas; undefined in place of rows that are rejected. */
  public transform(source: string): (Cells | undefined)[] {
    const [names, ...rows]: string[][] = parse(source, { relax_column_count: true, skip_empty_lines: true });
    const { tables } = this;
    const columns = names.map((name) => {
      const plain = name.toLowerCase().replace(/[ _.-]/g, '');
      return Object.hasOwn(tables.columns, plain) ? tables.meanings[tables.columns[plain]] : undefined;
    });
    const isElsewhere = (column: CompiledColumn): boolean =>
      column.beside !== undefined && !columns.some((one) => one?.role === column.beside);
    const kept = [...columns.entries()].flatMap(([i, column]) =>
      column === undefined || column.action === 'drop' || isElsewhere(column) ? [] : [i],
    );
    return [
      kept.map((i) => names[i]),
      ...rows.map((row) =>
        row.length === names.length ? kept.map((i) => this.cell(columns[i]!, row[i], columns, row)) : undefined,
      ),
    ];
  }

  private cell(
    column: CompiledColumn,
    cell: string,
    columns: readonly (CompiledColumn | undefined)[],
    row: Cells,
  ): string {
    const text = cell.replace(/^ +| +$/g, '');
    const of = (role: CompiledColumn['role']): string[] =>
      row.filter((_, i) => columns[i]?.role === role).map((one) => one.replace(/^ +| +$/g, ''));
    const domestic = of('country').every((one) => one === '' || this.tables.countries.includes(one.toUpperCase()));
    if (text === '') return cell;
    switch (column.action) {
      case 'id':
        return /^[\x21-\x7e]{1,64}$/.test(text) ? this.code(text) : '';
      case 'year':
        return this.yearCell(text, column, of('death'));
      case 'zip3':
        return domestic && /^\d{5}(-?\d{4})?$/.test(text) && this.tables.zip3[Number(text.slice(0, 3))] === '1'
          ? text.slice(0, 3)
          : '000';
      case 'state':
        return domestic && (/^\d\d$/.test(text) || this.tables.states.includes(text.toUpperCase())) ? cell : '';
      case 'age':
        if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) return '';
        return Number(text) < LIMIT ? cell : '>89';
      case 'number':
        return NUMBER.test(text) && text.length <= 40 ? this.numberCell(column, cell, of('unit'), of('observed')) : '';
      case 'code':
        return isCode(text) || this.tables.phrases.includes(text.toUpperCase()) ? cell : '';
      case 'person':
        if (this.tables.persons.includes(text.toUpperCase())) return cell;
        return isCode(text) && /^(.{1,2}|\d.{3}-.)$/.test(text) ? cell : '';
      case 'clinical':
        return isCode(text) || /^\d{7}$/.test(text) || isConcept(text) ? cell : '';
      case 'drug':
        return /^(\d{11}|\d{4,5}-\d{3,4}-\d{1,2})$/.test(text) && /^(\D*\d\D*){10,11}$/.test(text) ? cell : '';
      case 'unit':
        return /^[A-Za-z0-9[\]_*^/.()%'+-]{1,16}$/.test(text) &&
          /^(\D*\d){0,5}\D*$/.test(text) &&
          !isWrittenDay(text) &&
          !isFormula(text)
          ? cell
          : '';
      case 'text':
        return isFormula(cell) ? '' : cell;
      default:
        throw new Error(`the reference does not know ${column.action}`);
    }
  }

  private yearCell(text: string, { role }: CompiledColumn, deaths: readonly string[]): string {
    const year = yearOf(text);
    if (year === undefined) return role === 'death' && /[1-9]/.test(text) ? 'deceased' : '';
    const floor = this.year - LIMIT + 1;
    if (role === 'death' && year < floor) return 'deceased';
    const death = deaths.length === 1 ? yearOf(deaths[0]) : undefined;
    const bound = role === 'birth' && death !== undefined && death >= floor ? Math.min(death, this.year) : this.year;
    return year >= bound - LIMIT + 1 ? String(year).padStart(4, '0') : '';
  }

  private numberCell({ role }: CompiledColumn, cell: string, units: Cells, codes: Cells): string {
    if (role !== 'measure') return cell;
    const { ages } = this.tables;
    const limits = units.map((unit) => ages.units[unit.toLowerCase()]).filter((limit) => limit !== undefined);
    const limit =
      limits.length > 0 ? Math.min(...limits) : codes.some((code) => ages.codes.includes(code)) ? LIMIT : Infinity;
    if (Number(cell) < limit) return cell;
    return limit === LIMIT ? '>89' : '';
  }

  private code(id: string): string {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
    const hex = createHmac('sha256', this.subKey)
      .update(uuid ? id.toLowerCase() : id)
      .digest('hex');
    return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

function yearOf(text: string): number | undefined {
  if (/^\d{4}$/.test(text) && Number(text) > 2100 && text !== '9999') return undefined;
  for (const form of DATES) {
    const { y, m = '1', d = '1', n } = form.exec(text)?.groups ?? {};
    if (y === undefined) continue;
    const month = n === undefined ? Number(m) : MONTHS.indexOf(n.toUpperCase()) + 1;
    const date = new Date(Date.UTC(2000, 0, 1));
    date.setUTCFullYear(Number(y), month - 1, Number(d));
    const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(d) && Number(y) > 0;
    return exists && timeExists(text) ? Number(y) : undefined;
  }
  return undefined;
}

function timeExists(text: string): boolean {
  const [, h = '0', m = '0', s = '0', zh = '0', zm = '0'] =
    /[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:[+-](\d\d):(\d\d))?/.exec(text) ?? [];
  return Number(h) <= 24 && Number(m) <= 59 && Number(s) <= 60 && Number(zh) <= 14 && Number(zm) <= 59;
}

function isCode(text: string): boolean {
  return CODE.test(text) && text.replace(/\D/g, '').length <= 6 && !isWrittenDay(text);
}

/** Verhoeff by its definition: D5 as symmetries of a pentagon, r^i and r^i*s as 0-4 and 5-9. */
function isConcept(text: string): boolean {
  if (!/^[1-9]\d{2,14}[01]0\d$/.test(text)) return false;
  const product = (a: number, b: number): number => {
    const turn = a < 5 ? a + b : a - (b % 5);
    return (((turn % 5) + 5) % 5) + (a < 5 === b < 5 ? 0 : 5);
  };
  const permute = (digit: number, times: number): number =>
    times === 0 ? digit : permute([1, 5, 7, 6, 2, 8, 3, 0, 9, 4][digit], times - 1);
  return [...text].reverse().reduce((check, digit, i) => product(check, permute(Number(digit), i % 8)), 0) === 0;
}

function isFormula(text: string): boolean {
  const rest = text.replace(/^ +/, '');
  return (
    /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(rest) || (/^[+-]/.test(rest) && !NUMBER.test(rest.replace(/ +$/, '')))
  );
}
