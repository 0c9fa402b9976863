import { fieldTypes, type Hl7FieldTable } from './field-table';
import { type Hl7Path, OPEN_TYPES, partTypes, readHl7Path } from './hl7-path';
import { describe, isObject } from '../policy-file';
import type { PolicyPlace, PolicyProblems } from '../policy-problems';
import type { CompiledPart } from './tables';
import { compileValueRule, methodNamed, type MethodName, type ValueKind } from '../value-method';
import type { ValueRule } from '../value-rule';

/** A rule of the `hl7v2` section that was understood. */
export interface Hl7Rule {
  readonly place: PolicyPlace;
  readonly segment: string;
  /** Field, component and sub-component, as far as the path names them: none for a whole segment. */
  readonly numbers: readonly number[];
  readonly part: CompiledPart;
  /** The rule is of a value with components, which it replaces as a whole. */
  readonly whole: boolean;
}

/** The rule listed before it that decides over all that it names, so that it is never reached. */
export function earlierThatDecides(rule: Hl7Rule, rules: readonly Hl7Rule[]): Hl7Rule | undefined {
  return rules
    .slice(0, rules.indexOf(rule))
    .find(
      ({ segment, numbers }) => segment === rule.segment && numbers.every((number, i) => number === rule.numbers[i]),
    );
}

const DATES = ['DT', 'TS', 'DTM'];
const NUMBERS = ['NM', 'SI'];

/** Reads the rules of a policy; what is wrong with them goes to `problems`, and the values' rules to `values`. */
export class Hl7RuleReader {
  constructor(
    private readonly table: Hl7FieldTable,
    private readonly values: ValueRule[],
    private readonly problems: PolicyProblems,
  ) {}

  public read(rules: readonly unknown[]): Hl7Rule[] {
    return rules.flatMap((rule, index) => this.rule(rule, { section: 'hl7v2', rule: index + 1 }) ?? []);
  }

  private rule(rule: unknown, nowhere: PolicyPlace): Hl7Rule | undefined {
    if (!isObject(rule) || typeof rule.path !== 'string') {
      const must = 'a rule must be an object with path and method';
      this.problems.error(nowhere, `${must}, got ${describe(rule)}; write {"path": "PID-5", "method": "redact"}`);
      return undefined;
    }
    const place = { ...nowhere, path: rule.path };
    const method = methodNamed(rule.method, place, this.problems);
    const path = this.path(rule.path, place);
    if (!method || !path) return undefined;
    const { segment, numbers } = path;
    if (method === 'keep') return { place, segment, numbers, part: ['keep'], whole: false };
    if (method === 'redact') return { place, segment, numbers, part: ['drop'], whole: false };
    if (numbers.length === 0) {
      this.problems.error(place, `a whole segment must be kept or redacted, got ${method}; name its field`);
      return undefined;
    }
    return this.valueRule(method, rule, path, place);
  }

  private valueRule(
    method: Exclude<MethodName, 'keep' | 'redact'>,
    rule: Readonly<Record<string, unknown>>,
    { segment, numbers }: Hl7Path,
    place: PolicyPlace,
  ): Hl7Rule | undefined {
    const types = this.typesAt(segment, numbers);
    const composite = types.length > 0 && types.every((type) => type !== 'TS' && this.table.types[type] !== undefined);
    const whole = numbers.length === 1 && composite;
    if (whole && method !== 'substitute') {
      const must = `${method} must be applied to a single value`;
      this.problems.error(place, `${must}, got ${types.join(', ')} with components; write ${place.path}.1`);
      return undefined;
    }
    const birth = segment === 'PID' && numbers[0] === 7;
    const before = this.problems.errors.length;
    for (const kind of kindsOf(types, birth)) {
      const compiled = compileValueRule(method, rule, kind, place, this.problems);
      if (compiled) return { place, segment, numbers, part: this.partOf(compiled), whole };
      if (this.problems.errors.length > before) return undefined;
    }
    const fit = `${method} must fit the type of the value`;
    this.problems.error(place, `${fit}, got ${types.join(', ') || 'none'}; take redact, substitute or another method`);
    return undefined;
  }

  private partOf(rule: ValueRule): CompiledPart {
    // The profile's own action knows the address around the value: a ZIP code is one of the United States.
    return rule.method === 'zip3' ? ['zip3'] : ['rule', this.values.push(rule) - 1];
  }

  private path(text: string, place: PolicyPlace): Hl7Path | undefined {
    const path = readHl7Path(this.table, text);
    if ('wrong' in path) {
      this.problems.error(place, path.wrong, path.code);
      return undefined;
    }
    if (path.segment === 'MSH' && path.numbers[0] <= 2) {
      this.problems.error(place, 'MSH-1 and MSH-2 must stay: they say how the message is read; drop the rule');
      return undefined;
    }
    return path;
  }

  private typesAt(segment: string, [field, ...parts]: readonly number[]): string[] {
    return parts.reduce<string[]>(
      (types, part) => partTypes(this.table, types, part),
      fieldTypes(this.table, segment, field),
    );
  }
}

/** What a value of these types may be; of an unknown type, anything. */
function kindsOf(types: readonly string[], birth: boolean): ValueKind[] {
  const any = types.length === 0 || types.some((type) => OPEN_TYPES.includes(type));
  const kinds: ValueKind[] = [];
  if (any || types.some((type) => DATES.includes(type))) {
    kinds.push({ is: 'date', form: 'hl7', ...(birth && { birth: true }) });
  }
  if (any || types.some((type) => NUMBERS.includes(type))) {
    kinds.push({ is: 'number', ...(types.every((type) => type === 'SI') && types.length > 0 && { integer: true }) });
  }
  if (any || types.some((type) => !DATES.includes(type) && !NUMBERS.includes(type))) kinds.push({ is: 'text' });
  return kinds;
}
