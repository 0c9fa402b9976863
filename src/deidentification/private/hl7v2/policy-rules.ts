import { componentCount, componentTypes, fieldTypes, type Hl7FieldTable } from './field-table';
import { describe, isObject } from '../policy-file';
import type { PolicyPlace, PolicyProblems } from '../policy-problems';
import type { CompiledPart } from './tables';
import { didYouMean } from '../suggestion';
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

const PATH = /^([A-Z][A-Z0-9]{2})(?:[-.](\d{1,3})(?:\.(\d{1,3})(?:\.(\d{1,3}))?)?)?$/;
const ENVELOPES = ['FHS', 'BHS', 'BTS', 'FTS'];
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
    const match = PATH.exec(text);
    if (!match) {
      const must = 'path must be a segment, field, component or sub-component';
      this.problems.error(place, `${must}, got ${describe(text)}; write it like PID-5, PID-5.1 or PID-5.1.2`);
      return undefined;
    }
    const [, segment, ...rest] = match;
    const numbers = rest.filter((part) => part !== undefined).map(Number);
    const unknown = ENVELOPES.includes(segment) ? 'a batch envelope is never written' : this.unknown(segment, numbers);
    if (unknown !== undefined) {
      this.problems.error(place, unknown, 'POLICY_UNKNOWN_PATH');
      return undefined;
    }
    if (segment === 'MSH' && numbers[0] <= 2) {
      this.problems.error(place, 'MSH-1 and MSH-2 must stay: they say how the message is read; drop the rule');
      return undefined;
    }
    return { segment, numbers };
  }

  /** What is wrong with a path that the standard does not have; Z-segments are everybody's own. */
  private unknown(segment: string, numbers: readonly number[]): string | undefined {
    const [field, ...parts] = numbers;
    if (numbers.includes(0)) return 'fields and components are counted from 1';
    if (segment.startsWith('Z')) return undefined;
    const known = this.table.segments[segment];
    if (!known) {
      const hint = didYouMean(segment, Object.keys(this.table.segments)) || 'name a segment of HL7 2.1 to 2.8';
      return `there is no segment ${segment}; ${hint}`;
    }
    if (field === undefined) return undefined;
    let types = fieldTypes(this.table, segment, field);
    if (types.length === 0) {
      return `${segment} has no field ${field}; did you mean one of ${segment}-1 to ${segment}-${known.length}?`;
    }
    for (const [depth, part] of parts.entries()) {
      const count = componentCount(this.table, types);
      const open = types.some((type) => OPEN_TYPES.includes(type));
      if (part > Math.max(1, count) && !open) {
        const name = `${segment}-${[field, ...parts.slice(0, depth)].join('.')}`;
        return `${name} has no part ${part}; did you mean one of ${name}.1 to ${name}.${Math.max(1, count)}?`;
      }
      types = partTypes(this.table, types, part);
    }
    return undefined;
  }

  private typesAt(segment: string, [field, ...parts]: readonly number[]): string[] {
    return parts.reduce<string[]>(
      (types, part) => partTypes(this.table, types, part),
      fieldTypes(this.table, segment, field),
    );
  }
}

interface Hl7Path {
  readonly segment: string;
  readonly numbers: readonly number[];
}

/** Types that may hold anything: OBX-5, and composites that the first version left open. */
const OPEN_TYPES = ['VARIES', 'CM'];

/** The first part of a primitive value is the value itself. */
function partTypes(table: Hl7FieldTable, types: readonly string[], part: number): string[] {
  const primitives = part === 1 ? types.filter((type) => table.types[type] === undefined) : [];
  return [...new Set([...primitives, ...componentTypes(table, types, part)])];
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
