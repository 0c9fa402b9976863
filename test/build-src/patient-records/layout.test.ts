import * as fc from 'fast-check';
import { inReadingOrder } from '../../../build-src/patient-records/order';
import { pretty } from '../../../build-src/patient-records/pretty';
import { asSubstitutions } from '../../../build-src/patient-records/substitutions';

test('B12 laid out for people, a template is the same JSON, in lines of 120 where it can be broken', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = pretty(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      const breakable = text.split('\n').filter((line) => /[[{] ?\S.*[\]}],?$/.test(line));
      expect(breakable.filter((line) => line.length > 120)).toEqual([]);
    }),
  );
});

test('B12 a statement begins with its name and effect, a resource with its type; other members stay where they were', () => {
  const statement = { Action: 'a', Effect: 'Deny', Resource: '*', Sid: 'S' };
  expect(Object.keys(inReadingOrder(statement) as object)).toEqual(['Sid', 'Effect', 'Action', 'Resource']);
  const resource = { Type: 'T', Properties: { b: 1, a: 2 }, DeletionPolicy: 'Retain' };
  expect(JSON.stringify(inReadingOrder(resource))).toBe(
    '{"Type":"T","DeletionPolicy":"Retain","Properties":{"b":1,"a":2}}',
  );
});

describe('joins', () => {
  const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

  test('B12 of references and texts become substitutions', () => {
    expect(
      asSubstitutions({
        a: [join('arn:', { Ref: 'AWS::Partition' }, ':', { 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::Sub': '/${C}' })],
      }),
    ).toEqual({
      a: [{ 'Fn::Sub': 'arn:${AWS::Partition}:${B.Arn}/${C}' }],
    });
  });

  test('B12 of texts alone become a text, and a dollar sign that meant itself goes on doing so', () => {
    expect(asSubstitutions(join('a', join('b', 'c')))).toBe('abc');
    expect(asSubstitutions(join('${not}', { Ref: 'A' }))).toEqual({ 'Fn::Sub': '${!not}${A}' });
  });

  test('B12 with a delimiter, or of what no substitution can hold, stay joins', () => {
    const comma = { 'Fn::Join': [',', ['a', 'b']] };
    const choice = join('a', { 'Fn::If': ['C', 'a', 'b'] });
    expect(asSubstitutions({ comma, choice })).toEqual({ comma, choice });
  });
});
