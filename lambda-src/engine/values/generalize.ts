import { compareDecimals, type Decimal, decimalOf, decimalOfNumber } from './decimal';
import { compareMoments, type Moment, momentOf } from './moment';
import type {
  GeneralizeResult,
  GeneralizeTest,
  Json,
  ValueRule,
} from '../../../src/deidentification/private/value-rule';

type Comparison = Extract<GeneralizeTest, { readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=' }>;
type Predicate = (text: string) => boolean;
/** What is written instead of a text; `undefined` for nothing. */
type Rewrite = (text: string) => string | undefined;

/** The cases of one rule, in the order of the policy: the first that holds decides. */
export class Generalization {
  private readonly cases: readonly { readonly when: Predicate; readonly to: Rewrite }[];
  private readonly otherwise: 'keep' | 'redact';

  constructor({ cases, otherwise }: Extract<ValueRule, { method: 'generalize' }>) {
    this.cases = cases.map(({ when, to }) => ({ when: predicate(when), to: rewrite(to) }));
    this.otherwise = otherwise;
  }

  /** The text to write instead; the same text where it is kept, `undefined` where it is not. */
  public apply(text: string): string | undefined {
    const match = this.cases.find(({ when }) => when(text));
    if (match) return match.to(text);
    return this.otherwise === 'keep' ? text : undefined;
  }
}

function predicate(test: GeneralizeTest): Predicate {
  switch (test.op) {
    case 'always':
      return () => true;
    case 'and':
    case 'or': {
      const all = test.tests.map(predicate);
      return test.op === 'and' ? (text) => all.every((one) => one(text)) : (text) => all.some((one) => one(text));
    }
    case 'in': {
      const equals = test.values.map((to) => comparison({ op: '=', to }));
      return (text) => equals.some((one) => one(text));
    }
    case 'startsWith':
      return (text) => text.startsWith(test.text);
    default:
      return comparison(test);
  }
}

/** What cannot be compared, by its kind or by its precision, is neither equal nor different: no test of it holds. */
function comparison(test: Comparison): Predicate {
  const order = orderTo(test);
  const holds = HOLDS[test.op];
  return (text) => {
    const found = order(text);
    return found !== undefined && holds(found);
  };
}

const HOLDS: Readonly<Record<Comparison['op'], (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Where a text stands to the constant of a test: before it, at it, after it. */
function orderTo({ to, date }: Comparison): (text: string) => number | undefined {
  if (typeof to === 'number') return against<Decimal>(decimalOf, decimalOfNumber(to), compareDecimals);
  if (!date) {
    // By UTF-8, which is the order of the characters' numbers, and not by UTF-16.
    const bytes = Buffer.from(to);
    return (text) => Buffer.from(text).compare(bytes);
  }
  const moment = momentOf(to);
  if (!moment) throw new Error('a date of the policy must be like 2024-01-31; build the tables again');
  return against<Moment>(momentOf, moment, compareMoments);
}

function against<T>(
  read: (text: string) => T | undefined,
  constant: T,
  compare: (a: T, b: T) => number | undefined,
): (text: string) => number | undefined {
  return (text) => {
    const value = read(text);
    return value === undefined ? undefined : compare(value, constant);
  };
}

function rewrite(to: GeneralizeResult): Rewrite {
  if ('value' in to) {
    const constant = constantText(to.value);
    return () => constant;
  }
  const { start, length, then } = to;
  return (text) => {
    const characters = Array.from(text);
    // FHIRPath: what starts after the end is nothing, and nothing with something after it is nothing.
    return start >= characters.length ? undefined : characters.slice(start, start + length).join('') + then;
  };
}

/** A constant of the policy as the text of one value; objects and arrays are none. */
export function constantText(value: Json): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}
