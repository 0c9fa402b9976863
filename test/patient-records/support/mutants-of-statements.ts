import type { RawTemplate, Value } from './deploy';

type Path = (string | number)[];

interface Weakened {
  readonly path: Path;
  readonly value: Value;
  readonly how: string;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: Value;
  Principal?: Value;
  Condition?: Record<string, Record<string, Value>>;
}

const DOCUMENTS = ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument'];
const NOBODY = 'arn:aws:iam::111122223333:role/nobody';
const NOTHING = 'arn:aws:s3:::no-such-bucket/nothing';

/** Operators whose exchange turns a condition into another one. */
const OTHER_OPERATOR: Record<string, string> = {
  BoolIfExists: 'Bool',
  StringNotEquals: 'StringEquals',
  StringEquals: 'StringNotEquals',
  StringLike: 'StringNotLike',
  ArnNotEquals: 'ArnEquals',
  ArnEquals: 'ArnNotEquals',
  NumericLessThan: 'NumericGreaterThan',
};

/** Each statement of each policy under `root`, widened where it allows and narrowed where it denies. */
export function weakenedStatements(template: RawTemplate, root: Path): Weakened[] {
  const [section, id] = root;
  if (section !== 'Resources') return [];
  const { Properties } = template.Resources[id] ?? { Properties: {} };
  return DOCUMENTS.filter((name) => name in Properties).flatMap((name) => {
    const { Statement } = Properties[name] as unknown as { Statement: Statement[] };
    return Statement.flatMap((statement, index) => {
      const path = [...root, 'Properties', name, 'Statement', index];
      return [...weakened(statement, path), ...conditions(statement, path)];
    });
  });
}

function weakened({ Effect, Action, Principal, Resource }: Statement, path: Path): Weakened[] {
  const service = String([Action].flat()[0]).split(':')[0];
  const change = (key: string, value: Value, how: string) => ({ path: [...path, key], value, how });
  if (Effect === 'Deny') {
    return [
      change('Effect', 'Allow', 'allowed'),
      change('Action', `${service}:CreateNothing`, 'for another action'),
      change('Resource', NOTHING, 'for nothing'),
      ...(Principal === undefined ? [] : [change('Principal', { AWS: NOBODY }, 'for one')]),
    ];
  }
  return [
    change('Effect', 'Deny', 'denied'),
    change('Action', `${service}:*`, 'for every action'),
    // A trust policy has no resource: it is the role's own.
    ...(Resource === undefined || Resource === '*' ? [] : [change('Resource', '*', 'for everything')]),
    ...(Principal === undefined || Principal === '*' ? [] : [change('Principal', '*', 'for everyone')]),
  ];
}

function conditions({ Condition = {} }: Statement, path: Path): Weakened[] {
  return Object.entries(Condition).flatMap(([operator, keys]) => {
    const others = Object.fromEntries(Object.entries(Condition).filter(([name]) => name !== operator));
    const other = OTHER_OPERATOR[operator];
    return [
      ...(other
        ? [
            {
              path: [...path, 'Condition'],
              value: { ...others, [other]: keys } as Value,
              how: `with ${other} for ${operator}`,
            },
          ]
        : []),
      ...Object.entries(keys).map(([key, value]) => ({
        path: [...path, 'Condition', operator, key],
        value: otherValue(operator, value),
        how: 'with another value',
      })),
    ];
  });
}

function otherValue(operator: string, value: Value): Value {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value - 0.1;
  if (operator === 'Null') return value === 'true' ? 'false' : 'true';
  return operator.startsWith('Arn') ? NOBODY : 'another';
}
