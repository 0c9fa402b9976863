import type { GeneralizeResult, GeneralizeTest } from './value-rule';
import { isDateLiteral } from './written-moment';

/** An expression that cannot be read: the message says what it must be. */
export class ExpressionError extends Error {}

const TEST_FORM =
  "a case must be true, $this = 'x' (also !=, <, <=, >, >=), $this in ('a' | 'b'), ('a' | 'b') contains $this or " +
  "$this.startsWith('x'), joined by and / or";
const RESULT_FORM = "a result must be a literal ('x', 5, true, @2000-01-01) or $this.substring(0, 3) + 'x'";

type Literal = { readonly value: string | number; readonly date?: true };

interface Token {
  readonly kind: 'text' | 'number' | 'date' | 'word' | 'sign' | 'end';
  readonly text: string;
}

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
type Operator = (typeof OPERATORS)[number];

/** @throws ExpressionError */
export function parseTest(text: string): GeneralizeTest {
  const parser = new ExpressionParser(text, TEST_FORM);
  const test = parser.anyOf();
  parser.end();
  return test;
}

/** @throws ExpressionError */
export function parseResult(text: string): GeneralizeResult {
  const parser = new ExpressionParser(text, RESULT_FORM);
  const result = parser.result();
  parser.end();
  return result;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|@([\dT:.+Z-]*)|(\$?[A-Za-z]\w*)|([<>!]=|\S))/y;
  const whole = text.trimEnd();
  while (pattern.lastIndex < whole.length) {
    const [, quoted, number, date, word, sign] = pattern.exec(whole)!;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (date !== undefined) tokens.push({ kind: 'date', text: date });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign });
  }
  return [...tokens, { kind: 'end', text: 'its end' }];
}

class ExpressionParser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(
    text: string,
    private readonly form: string,
  ) {
    this.tokens = tokensOf(text);
  }

  public anyOf(): GeneralizeTest {
    const tests = [this.allOf()];
    while (this.take('word', 'or')) tests.push(this.allOf());
    return tests.length === 1 ? tests[0] : { op: 'or', tests };
  }

  public result(): GeneralizeResult {
    if (this.take('word', 'true')) return { value: true };
    if (this.take('word', 'false')) return { value: false };
    if (!this.take('word', '$this')) return { value: this.literal().value };
    this.expect('sign', '.');
    this.expect('word', 'substring');
    this.expect('sign', '(');
    const start = this.count();
    this.expect('sign', ',');
    const length = this.count();
    this.expect('sign', ')');
    const then = this.take('sign', '+') ? this.text() : '';
    return { start, length, then };
  }

  public end(): void {
    if (this.next.kind !== 'end') this.fail();
  }

  private allOf(): GeneralizeTest {
    const tests = [this.single()];
    while (this.take('word', 'and')) tests.push(this.single());
    return tests.length === 1 ? tests[0] : { op: 'and', tests };
  }

  private single(): GeneralizeTest {
    if (this.take('word', 'true')) return { op: 'always' };
    if (this.take('word', '$this')) return this.ofThis();
    if (this.next.kind === 'sign' && this.next.text === '(') {
      const inner = this.tokens[this.at + 1].kind;
      if (inner === 'text' || inner === 'number') return this.contains();
      this.at++;
      const test = this.anyOf();
      this.expect('sign', ')');
      return test;
    }
    return this.fail();
  }

  private ofThis(): GeneralizeTest {
    if (this.take('word', 'in')) return { op: 'in', values: this.list() };
    if (this.take('sign', '.')) {
      this.expect('word', 'startsWith');
      this.expect('sign', '(');
      const text = this.text();
      this.expect('sign', ')');
      return { op: 'startsWith', text };
    }
    const op = this.operator();
    const { value, date } = this.literal();
    return { op, to: value, ...(date && { date }) };
  }

  private contains(): GeneralizeTest {
    const values = this.list();
    this.expect('word', 'contains');
    this.expect('word', '$this');
    return { op: 'in', values };
  }

  private list(): (string | number)[] {
    this.expect('sign', '(');
    const values = [this.member()];
    while (this.take('sign', '|')) values.push(this.member());
    this.expect('sign', ')');
    return values;
  }

  private member(): string | number {
    return this.next.kind === 'number' ? this.number() : this.text();
  }

  private operator(): Operator {
    const op = OPERATORS.find((one) => this.take('sign', one));
    return op ?? this.fail();
  }

  private literal(): Literal {
    const { kind, text } = this.next;
    if (kind === 'number') return { value: this.number() };
    if (kind === 'text') return { value: this.text() };
    if (kind !== 'date' || !isDateLiteral(text)) return this.fail();
    this.at++;
    return { value: text, date: true };
  }

  private number(): number {
    return Number(this.tokens[this.at++].text);
  }

  private count(): number {
    if (this.next.kind !== 'number' || !/^\d+$/.test(this.next.text)) return this.fail();
    return this.number();
  }

  private text(): string {
    if (this.next.kind !== 'text') return this.fail();
    return this.tokens[this.at++].text;
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  private take(kind: Token['kind'], text: string): boolean {
    if (this.next.kind !== kind || this.next.text !== text) return false;
    this.at++;
    return true;
  }

  private expect(kind: Token['kind'], text: string): void {
    if (!this.take(kind, text)) this.fail(`"${text}"`);
  }

  private fail(wanted?: string): never {
    const found = this.next.kind === 'end' ? this.next.text : `"${this.next.text}"`;
    throw new ExpressionError(`${this.form}; got ${found}${wanted ? ` where ${wanted} must stand` : ''}`);
  }
}
