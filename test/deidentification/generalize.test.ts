import * as fc from 'fast-check';
import { compileGeneralize } from '../../src/deidentification/private/generalize';
import { ExpressionError, parseResult, parseTest } from '../../src/deidentification/private/generalize-expression';
import { PolicyProblems } from '../../src/deidentification/private/policy-problems';
import type { ValueKind } from '../../src/deidentification/private/value-method';

describe('cases as Microsoft’s samples write them', () => {
  test.each([
    ['true', { op: 'always' }],
    ["$this = 'x'", { op: '=', to: 'x' }],
    [
      '$this>=0 and $this<20',
      {
        op: 'and',
        tests: [
          { op: '>=', to: 0 },
          { op: '<', to: 20 },
        ],
      },
    ],
    ['$this != -1.5', { op: '!=', to: -1.5 }],
    ["$this in ('en-AU' | 'en-CA')", { op: 'in', values: ['en-AU', 'en-CA'] }],
    ["('es-AR' | 'es-ES') contains $this", { op: 'in', values: ['es-AR', 'es-ES'] }],
    ['$this in (1|2)', { op: 'in', values: [1, 2] }],
    ["$this.startsWith('123')", { op: 'startsWith', text: '123' }],
    ['$this <= @2020-01-01', { op: '<=', to: '2020-01-01', date: true }],
    ['$this > @2020-01-01T00:00:00Z', { op: '>', to: '2020-01-01T00:00:00Z', date: true }],
    ["$this = 'It\\'s'", { op: '=', to: "It's" }],
  ])('%s', (text, expected) => {
    expect(parseTest(text)).toEqual(expected);
  });

  test('"and" binds closer than "or", and parentheses closer than both', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((to) => ({ op: '=', to }));
    expect(parseTest("$this = 'a' or $this = 'b' and $this = 'c'")).toEqual({
      op: 'or',
      tests: [a, { op: 'and', tests: [b, c] }],
    });
    expect(parseTest("($this = 'a' or $this = 'b') and $this = 'c'")).toEqual({
      op: 'and',
      tests: [{ op: 'or', tests: [a, b] }, c],
    });
  });

  test.each([
    ["'en'", { value: 'en' }],
    ['20', { value: 20 }],
    ['true', { value: true }],
    ['@2000-01-01', { value: '2000-01-01' }],
    ["$this.substring(0,3)+'****'", { start: 0, length: 3, then: '****' }],
    ['$this.substring(1, 2)', { start: 1, length: 2, then: '' }],
  ])('the result %s', (text, expected) => {
    expect(parseResult(text)).toEqual(expected);
  });

  test.each([
    '',
    'false',
    '$this',
    '$this =',
    '$this = x',
    "$this.matches('x')",
    '$this = @2020-1-1',
    "'a' = $this",
    "$this = 'a' xor true",
    "($this = 'a'",
    '$this in ()',
  ])('the case "%s" is refused with the forms that there are', (text) => {
    expect(() => parseTest(text)).toThrow(ExpressionError);
    expect(() => parseTest(text)).toThrow('a case must be true');
  });

  test.each(['$this', '$this div 10', '$this.substring(0)', '$this.substring(-1, 2)', "'a' + 'b'", ''])(
    'the result "%s" is refused',
    (text) => {
      expect(() => parseResult(text)).toThrow('a result must be a literal');
    },
  );

  test('any text is read or refused; nothing else is thrown', () => {
    const pieces = fc.constantFrom(
      '$this',
      '=',
      '(',
      ')',
      '|',
      "'a'",
      '5',
      '@2020',
      'in',
      'and',
      'true',
      '.',
      '+',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join(' ')),
        ),
        (text) => {
          for (const parse of [parseTest, parseResult]) {
            try {
              parse(text);
            } catch (error) {
              expect(error).toBeInstanceOf(ExpressionError);
            }
          }
        },
      ),
    );
  });
});

describe('cases fit the values that they are for', () => {
  const kinds: Readonly<Record<string, ValueKind>> = {
    text: { is: 'text' },
    number: { is: 'number' },
    count: { is: 'number', integer: true, least: 1 },
    date: { is: 'date', form: 'date' },
    boolean: { is: 'boolean' },
  };

  test.each([
    [{ "$this = 'x'": "'y'" }, ['text']],
    [{ true: "'y'" }, ['text']],
    [{ true: '1' }, ['number', 'count']],
    [{ true: '0' }, ['number']],
    [{ '$this > 5': '1.5' }, ['number']],
    [{ '$this > @2000': '@2000' }, ['date']],
    [{ true: 'false' }, ['boolean']],
    [{ "$this.startsWith('1')": '$this.substring(0, 1)' }, ['text']],
  ])('case %#', (cases, fitting) => {
    const problems = new PolicyProblems();
    const found = Object.keys(kinds).filter((kind) =>
      compileGeneralize({ cases }, kinds[kind], { section: 'fhir' }, problems),
    );
    expect(found).toEqual(fitting);
    expect(problems.all).toEqual([]);
  });

  test('what no case takes is redacted, unless the rule says keep', () => {
    const compile = (otherValues?: string) =>
      compileGeneralize({ cases: { true: '1' }, otherValues }, kinds.number, { section: 'fhir' }, new PolicyProblems());
    expect(compile()).toMatchObject({ otherwise: 'redact' });
    expect(compile('Keep')).toMatchObject({ otherwise: 'keep' });
  });
});
