import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { KEY, REFERENCE_DATE } from './run-message';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import type { CompiledForm, CompiledHl7v2, CompiledPart } from '../../../../src/deidentification/private/hl7v2/tables';
import { isWrittenDay } from '../../../support/written-day';

/**
 * What the tables say of a message, told slowly: strings that are split and joined, regular expressions, one step after
 * the other. It shares nothing with the engine but the tables, and leaves out value rules.
 */
export function interpret(message: string, tables: CompiledHl7v2): string | undefined {
  // A character for each byte, so that what an escape stands for need not be text.
  const written = new Interpreter(tables).message(Buffer.from(message).toString('latin1'));
  return written === undefined ? undefined : Buffer.from(written, 'latin1').toString('utf8');
}

const NUMBER = /^(?=.{1,24}$)[+-]?(\d+\.?\d*|\.\d+)$/;
const COUNT = /^[\d.]{1,8}$/;
const WORD = /^[A-Za-z0-9._+/:-]{1,12}$/;
const SYSTEM = /^[A-Za-z0-9._+/:-]{1,24}$/;
const KNOWN_CODE = /^[!-~]{1,64}$/;
const STRANGE_CODE = /^[A-Za-z0-9._:/+-]{1,32}$/;
const UNIT = /^[A-Za-z0-9[\]_*^/.()%'+-]{1,16}$/;
const TIMESTAMP =
  /^(\d{4})(?:(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,4})?)?)?)?)?)?([+-](?:0\d|1[0-4])[0-5]\d)?$/;
const ZIP = /^\d{5}(-?\d{4})?$/;

class Interpreter {
  private field = '';
  private component = '';
  private repetition = '';
  private escape = '';
  private sub = '';
  private birthFloor = 0;
  private readonly floor: number;

  constructor(private readonly tables: CompiledHl7v2) {
    this.floor = Number(REFERENCE_DATE.slice(0, 4)) - tables.ages.limit + 1;
  }

  public message(message: string): string | undefined {
    const lines = message.split('\r').filter((line) => line !== '');
    if (!/^MSH/.test(lines[0] ?? '')) return undefined;
    this.field = lines[0][3] ?? '';
    [this.component, this.repetition, this.escape, this.sub] = [...lines[0].split(this.field)[1]];
    const written = lines.map((line, i) => this.segment(line, i === 0));
    return written.includes(undefined) ? undefined : written.filter((line) => line !== '').join('\r');
  }

  private segment(line: string, first: boolean): string | undefined {
    const parts = line.split(this.field);
    if (!/^[A-Z][A-Z0-9]{2}$/.test(parts[0]) || (!first && /^(MSH|FHS|BHS|BTS|FTS)$/.test(parts[0]))) return undefined;
    const segment = this.tables.segments[parts[0]];
    // Field n stands at n; the separator of a header is its first field.
    const fields = first ? [parts[0], this.field, ...parts.slice(1)] : parts;
    if (!segment) return this.tables.standard.includes(parts[0]) || parts[0].startsWith('Z') ? parts[0] : '';
    const numberOf = (field: number): number => segment.fields[field] ?? segment.rest ?? -1;
    const out = fields.map((value, n) => {
      if (n === 0 || (first && n <= 2)) return value;
      const form = numberOf(n);
      return form < 0 ? '' : this.writeField(this.tables.forms[form], value, fields, parts[0]);
    });
    if (parts[0] === 'OBX') this.aggregate(fields, out, numberOf);
    if (parts[0] === 'PID' && this.died(fields) && !out[29] && numberOf(30) >= 0) {
      while (out.length < 30) out.push('');
      out[30] = 'Y';
    }
    if (first) out.splice(1, 1);
    return this.trimmed(out, this.field);
  }

  private died(fields: readonly string[]): boolean {
    if (fields[29] === undefined || fields[29] === '""') return false;
    return this.repetitions(fields[29]).length > 1 || fields[29].split(this.component)[0] !== '';
  }

  private aggregate(fields: readonly string[], out: string[], numberOf: (field: number) => number): void {
    const own = numberOf(5);
    if (own < 0 || this.tables.forms[own].guard !== 'value' || this.fate(fields) !== 'aggregate') return;
    const set = (field: number, value: string): void => {
      if (numberOf(field) < 0) return;
      while (out.length < field) out.push('');
      out[field] = value;
    };
    set(2, 'SN');
    set(5, `>${this.component}89`);
    set(6, 'a');
  }

  private fate(fields: readonly string[]): 'write' | 'drop' | 'aggregate' {
    const { ages, values } = this.tables;
    const type = fields[2] ?? '';
    if (!(type in values)) return 'drop';
    if (!ages.aggregated) return 'write';
    const parts = (value: string | undefined, ...numbers: number[]): string[] =>
      this.repetitions(value ?? '').flatMap((repetition) => {
        const components = repetition.split(this.component);
        return numbers.flatMap((number) => (components[number - 1] ? [this.text(components[number - 1])] : []));
      });
    const age = parts(fields[3], 1, 2, 4, 5, 10, 11).some((code) => ages.codes.includes(trim(code)));
    const limits = parts(fields[6], 1, 2, 4, 5, 10, 11).flatMap((unit) => ages.units[unit.trim().toLowerCase()] ?? []);
    if (!['NM', 'SN', 'SI'].includes(type)) return age || limits.length > 0 ? 'drop' : 'write';
    const limit = limits.length > 0 ? Math.min(...limits) : age ? ages.limit : Infinity;
    const over = this.repetitions(fields[5] ?? '').filter((value) =>
      parts(value, ...(type === 'SN' ? [2, 4] : [1])).some((n) => NUMBER.test(trim(n)) && Number(n) >= limit),
    );
    if (over.length === 0) return 'write';
    const upper = type === 'SN' && over.some((value) => parts(value, 1).some((sign) => sign.startsWith('<')));
    return upper || !this.component ? 'drop' : 'aggregate';
  }

  private writeField(form: CompiledForm, value: string, fields: readonly string[], segment: string): string {
    this.birthFloor = this.floor;
    if (segment === 'PID' && this.died(fields) && this.repetitions(fields[29]).length === 1) {
      const death = TIMESTAMP.exec(this.text(fields[29].split(this.component)[0]));
      if (death && Number(death[1]) >= this.floor) this.birthFloor = Number(death[1]) - this.tables.ages.limit + 1;
    }
    let own = form;
    if (form.guard === 'value') {
      if (this.fate(fields) !== 'write') return '';
      own = this.tables.forms[this.tables.values[fields[2]]];
    }
    if (own.guard === 'plain' && own.rest && Object.keys(own.parts).length === 0) {
      return this.leaf(own.rest, value, true);
    }
    return this.trimmed(
      this.repetitions(value).map((each) => (each === '""' ? each : this.parts(own, each, this.component, undefined))),
      this.repetition,
    );
  }

  private parts(form: CompiledForm, value: string, delimiter: string, above: boolean | undefined): string {
    const parts = delimiter ? value.split(delimiter) : [value];
    const written = parts.map((part, i) => {
      const action = form.parts[i + 1] ?? form.rest ?? ['drop'];
      if (part === '' || action[0] === 'drop') return '';
      const shown = above ?? this.shows(form, parts, i + 1);
      if (part === '""') return part;
      if (action[0] === 'form') return this.parts(this.tables.forms[action[1]!], part, this.sub, shown);
      return this.leaf(action, part, shown);
    });
    return this.trimmed(written, delimiter);
  }

  private repetitions(value: string): string[] {
    return this.repetition ? value.split(this.repetition) : [value];
  }

  private shows({ guard }: CompiledForm, parts: readonly string[], number: number): boolean {
    const text = (part: number): string => this.text(parts[part - 1] ?? '');
    const has = (part: number): boolean => (parts[part - 1] ?? '') !== '';
    switch (guard) {
      case 'coding':
      case 'unit':
      case 'person': {
        const code = [1, 4, 10].find((part) => part === number || part + 2 === number);
        if (code === undefined) return false;
        const system = trim(text(code + 2));
        const word = trim(text(code));
        if (guard === 'person' && !(has(code + 2) && this.tables.codings.known.includes(system))) {
          if (!/^(.{1,2}|\d.{3}-.)$/.test(word) && !this.tables.persons.includes(word.toUpperCase())) return false;
        }
        return this.showsCode(word, has(code + 2), system, guard === 'unit');
      }
      case 'address':
        return !has(6) || this.tables.countries.includes(text(6).trim().toUpperCase());
      case 'patient': {
        const { types, outsideIssuers, outsideBranch } = this.tables.identifiers;
        const issuers = (this.sub ? (parts[3] ?? '').split(this.sub) : [parts[3] ?? '']).map((name) => this.text(name));
        if (issuers.some((name) => outsideIssuers.includes(name.trim().toUpperCase()))) return false;
        if (issuers.some((name) => name.replace(/^ +/, '').startsWith(outsideBranch))) return false;
        if (has(5) && !types.includes(text(5).trim().toUpperCase())) return false;
        return has(1) && !/^ *\d{3}-\d{2}-\d{4} *$/.test(text(1));
      }
      default:
        return true;
    }
  }

  private showsCode(code: string, hasSystem: boolean, system: string, unit: boolean): boolean {
    const { known, identifying } = this.tables.codings;
    const isKnown = hasSystem && known.includes(system);
    if (hasSystem && !isKnown) {
      if (!SYSTEM.test(system) || digits(system) > 6 || identifying.includes(system.trim().toUpperCase())) return false;
    }
    if (unit) return isUnit(code);
    if (isKnown) return KNOWN_CODE.test(code) && !/["\\|@^~&]/.test(code);
    return hasSystem ? STRANGE_CODE.test(code) && digits(code) <= 6 && !isWrittenDay(code) : isWord(code);
  }

  private leaf(part: CompiledPart, value: string, shown: boolean): string {
    if (value === '""') return value;
    const raw = this.sub && part[0] !== 'keep' ? value.split(this.sub)[0] : value;
    const text = trim(this.text(raw));
    const kept = (fits: boolean): string => (fits ? raw : '');
    const name = text.toUpperCase();
    switch (part[0]) {
      case 'keep':
        return kept(isText(value));
      case 'number':
        return kept(NUMBER.test(text));
      case 'count':
        return kept(COUNT.test(text) && digits(text) > 0 && digits(text) <= 6);
      case 'word':
        return kept(isWord(text));
      case 'idType':
        return kept(shown && isWord(text));
      case 'code':
      case 'system':
        return kept(shown);
      case 'unit':
        return kept(shown && isUnit(text));
      case 'one':
        return kept(this.tables.words[part[1]].includes(text));
      case 'comparator':
        return kept(/^[<=>]{1,2}$/.test(text));
      case 'separator':
        return kept(/^[-+/.:]$/.test(text));
      case 'year':
      case 'birth': {
        const year = TIMESTAMP.exec(text)?.[1];
        return year && Number(year) >= (part[0] === 'birth' ? this.birthFloor : this.floor) && year !== '0000'
          ? year
          : '';
      }
      case 'date':
        return kept(TIMESTAMP.test(text) && !text.startsWith('0000'));
      case 'state':
        return kept(shown && this.tables.states.includes(name));
      case 'zip':
        return kept(/^[\d-]{1,10}$/.test(text));
      case 'city':
        return kept(isText(text));
      case 'zip3':
        return shown && ZIP.test(text.trim()) && this.tables.zip3[Number(text.trim().slice(0, 3))] === '1'
          ? text.trim().slice(0, 3)
          : '000';
      case 'id': {
        const id = text.replace(/^ +| +$/g, '');
        return shown && id !== '' && id.length <= 64 ? uuidOf(id) : '';
      }
      default:
        return '';
    }
  }

  /** What a value stands for. */
  private text(value: string): string {
    const raw = this.sub ? value.split(this.sub)[0] : value;
    if (!this.escape) return raw;
    const [before, ...rest] = raw.split(this.escape);
    let text = before;
    for (let i = 0; i < rest.length; i += 2) {
      text += i + 1 < rest.length ? this.sequence(rest[i]) + rest[i + 1] : '\\';
    }
    return text;
  }

  private sequence(sequence: string): string {
    const letters: Readonly<Record<string, string>> = {
      F: this.field,
      S: this.component,
      R: this.repetition,
      T: this.sub,
      E: this.escape,
    };
    if (/^[HN]$/.test(sequence)) return '';
    if (/^X([0-9A-Fa-f]{2})+$/.test(sequence)) return Buffer.from(sequence.slice(1), 'hex').toString('latin1');
    return letters[sequence] || '\\';
  }

  private trimmed(parts: readonly string[], delimiter: string): string {
    let length = parts.length;
    while (length > 1 && parts[length - 1] === '') length--;
    return parts.slice(0, length).join(delimiter);
  }
}

function isText(text: string): boolean {
  return isUtf8(Buffer.from(text, 'latin1')) && ![...text].some((byte) => byte < ' ' || byte === '\x7f');
}

function isUnit(text: string): boolean {
  return UNIT.test(text) && digits(text) <= 5 && !isWrittenDay(text);
}

function isWord(text: string): boolean {
  return WORD.test(text) && digits(text) <= 5 && !isWrittenDay(text);
}

function trim(text: string): string {
  return text.replace(/^ +| +$/g, '');
}

function digits(text: string): number {
  return text.replace(/\D/g, '').length;
}

function uuidOf(id: string): string {
  const same = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.toLowerCase() : id;
  const hex = createHmac('sha256', deriveSubKey(KEY, 'pseudonym'))
    .update(Buffer.from(same, 'latin1'))
    .digest('hex')
    .slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
