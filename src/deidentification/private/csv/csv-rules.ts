import { plainName } from './column-name';
import type { CompiledColumn } from './tables';
import { describe, isObject } from '../policy-file';
import type { PolicyPlace, PolicyProblems } from '../policy-problems';
import { isLimitedDataSet, type ProfileSettings } from '../profile';
import { didYouMean } from '../suggestion';
import { compileValueRule, type MethodName, methodNamed, type ValueKind } from '../value-method';
import { keepsText, showsMore, type ValueRule } from '../value-rule';

type ValueMethod = Exclude<MethodName, 'keep' | 'redact'>;
export type RuledColumn = Pick<CompiledColumn, 'action' | 'rule'>;

const KEYS = ['column', 'method', 'patient'];
/** What a method reads of its rule besides. */
const PARAMETERS: Readonly<Partial<Record<MethodName, readonly string[]>>> = {
  substitute: ['replaceWith'],
  generalize: ['cases', 'otherValues'],
  perturb: ['span', 'rangeType', 'roundTo'],
};

/** Methods that the dictionary has too: they know of the rest of the row, as a rule of one value does not. */
const SHARED: Readonly<Partial<Record<MethodName, CompiledColumn['action']>>> = {
  redact: 'drop',
  keep: 'text',
  year: 'year',
  zip3: 'zip3',
  age: 'age',
};

/** The `csv` section of a policy file, rule by rule: the first one for a column decides. */
export class CsvRules {
  /** By plain name. */
  public readonly columns = new Map<string, RuledColumn>();
  public readonly rules: ValueRule[] = [];
  /** Plain name of the column that says whose row it is. */
  public patient: string | undefined;
  private readonly decidedBy = new Map<string, number>();

  /** @param known what the dictionary makes of a column, by plain name */
  constructor(
    private readonly known: ReadonlyMap<string, CompiledColumn>,
    private readonly settings: ProfileSettings,
    private readonly problems: PolicyProblems,
  ) {}

  public read(rules: readonly unknown[]): void {
    rules.forEach((rule, index) => this.readRule(rule, index + 1));
  }

  private readRule(rule: unknown, number: number): void {
    const { problems } = this;
    let place: PolicyPlace = { section: 'csv', rule: number };
    if (!isObject(rule)) {
      problems.error(
        place,
        `a rule must be an object, got ${describe(rule)}; write {"column": "ZIP", "method": "zip3"}`,
      );
      return;
    }
    const { column } = rule;
    const name = typeof column === 'string' ? plainName(column) : '';
    if (typeof column !== 'string' || name === '') {
      problems.error(place, `column must be the name of a column, got ${describe(column)}; write it as in the header`);
      return;
    }
    place = { ...place, path: column };
    const method = methodNamed(rule.method, place, problems);
    if (method === undefined) return;
    this.checkKeys(rule, method, place);
    const earlier = this.decidedBy.get(name);
    if (earlier !== undefined) {
      problems.warning(place, `never decides, since rule ${earlier} already does for this column; remove one of them`);
      return;
    }
    this.decidedBy.set(name, number);
    this.readPatient(rule.patient, name, place);
    const ruled = this.compile(method, rule, name, place);
    if (ruled) this.columns.set(name, ruled);
  }

  private compile(
    method: MethodName,
    rule: Readonly<Record<string, unknown>>,
    name: string,
    place: PolicyPlace,
  ): RuledColumn | undefined {
    const known = this.known.get(name);
    const shared = SHARED[method];
    if (shared) {
      if (method === 'keep' && known?.action !== 'text') this.warnOfWidening(known, place);
      return { action: shared };
    }
    // The dictionary's ids have a place of their own for codes that come again and again.
    if (method === 'cryptoHash' && known?.action === 'id') return { action: 'id' };
    const errors = this.problems.errors.length;
    const compiled = compileValueRule(method as ValueMethod, rule, kindOf(method, known), place, this.problems);
    if (compiled) {
      if (widens(compiled, known)) this.warnOfWidening(known, place);
      return { action: 'rule', rule: this.rules.push(compiled) - 1 };
    }
    if (this.problems.errors.length === errors) {
      this.problems.error(place, `method ${method} must fit the column, got one that it cannot read; choose another`);
    }
    return undefined;
  }

  private checkKeys(rule: Readonly<Record<string, unknown>>, method: MethodName, place: PolicyPlace): void {
    const known = [...KEYS, ...(PARAMETERS[method] ?? [])];
    for (const key of Object.keys(rule)) {
      if (known.includes(key)) continue;
      const hint = didYouMean(key, known) || `it takes ${known.join(', ')}`;
      this.problems.error(place, `a rule with method ${method} has no "${key}"; ${hint}`);
    }
  }

  private readPatient(value: unknown, name: string, place: PolicyPlace): void {
    if (value === undefined || value === false) return;
    if (value !== true) {
      this.problems.error(place, `patient must be true or false, got ${describe(value)}; omit it for false`);
    } else if (this.patient !== undefined) {
      this.problems.error(place, 'patient must be true for one column only, got a second; choose one');
    } else {
      this.patient = name;
    }
  }

  private warnOfWidening(known: CompiledColumn | undefined, place: PolicyPlace): void {
    const limited = isLimitedDataSet(this.settings);
    const profile = limited ? 'a limited data set' : 'Safe Harbor';
    const advice = limited ? 'have it reviewed' : 'have an expert determine the risk';
    const removed = known === undefined || known.action === 'drop';
    const otherwise = removed ? 'drops the column' : `makes ${known.action} of it`;
    this.problems.warning(place, `shows more than ${profile}, which ${otherwise}; ${advice}`);
  }
}

/**
 * Whether a rule tells more than the profile does: an author should know. Codes do where they are made of anything but
 * an id, since one that derives from a name or a number of the individual is no code by 164.514(c).
 */
function widens(rule: ValueRule, known: CompiledColumn | undefined): boolean {
  if (!showsMore(rule)) return false;
  switch (known?.action) {
    case 'text':
      return false;
    case 'date':
      return keepsText(rule);
    case 'id':
      return rule.method !== 'cryptoHash';
    case 'number':
      // The value of an observation may be an age over 89, which the dictionary finds by code and unit, and a rule does not.
      return known.role === 'measure' || keepsText(rule);
    default:
      return true;
  }
}

/** What a cell is taken for: its column's meaning where there is one, else what the method asks for. */
function kindOf(method: MethodName, known: CompiledColumn | undefined): ValueKind {
  const dated = known?.action === 'year' || known?.action === 'date';
  if (method === 'dateShift' || (method === 'generalize' && dated)) {
    return { is: 'date', form: 'column' };
  }
  const counted = known?.action === 'number' || known?.action === 'age';
  if (method === 'perturb' || (method === 'generalize' && counted)) return { is: 'number' };
  return { is: 'text' };
}
